// Random sequences of valid and invalid actions by everybody. After each action: money is
// conserved, no credit pays more than it promises, every undertaking is paid once, what is closed
// stays as it is, and nobody has done what its role may not do.
#include <array>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "credit_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using testchain::Outcome;

class RandomActions : public CreditTest {
 protected:
  void SetUp() override {
    CreditTest::SetUp();
    ASSERT_THAT(chain->call<deposit::v1::method::OpenAccount>(nile_maker, "deposit",
                                                              {std::string(kNile), "USD"}),
                Succeeds());
    mint(elbe_maker, elbe_account, 500'000'00);
    for (int i = 0; i < 3; ++i) {
      Terms terms = coffee_terms();
      terms.number = "R" + std::to_string(i);
      terms.about_amount = i == 1;
      terms.partial_shipments = i == 2 ? Allowed::kAllowed : Allowed::kNotAllowed;
      if (i == 2) terms.beneficiary.organisation.clear();  // the advising bank speaks for it
      names.push_back("elbe-bank/" + terms.number);
      all_terms.push_back(terms);
    }
  }

  void start_again() {
    names.clear();
    all_terms.clear();
    closed.clear();
    honoured_once.clear();
    SetUp();
  }

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random() % bound); }
  const std::string& name() { return names[below(static_cast<std::uint32_t>(names.size()))]; }
  const Caller& anybody() {
    const std::array<const Caller*, 9> all{&elbe_maker, &elbe_checker, &elbe_second,
                                           &elbe_both,  &nile_maker,   &nile_checker,
                                           &exporter,   &roaster,      &outsider};
    return *all[below(all.size())];
  }
  // Mostly who usually does it, so that sequences get far; otherwise anybody.
  const Caller& mostly(const Caller& usual) { return below(4) == 0 ? anybody() : usual; }
  const Caller& presenter(const std::string& credit_name) {
    return mostly(credit_name == names[2] ? nile_maker : exporter);
  }
  const Caller& voice(const std::string& credit_name) {
    return mostly(credit_name == names[2] ? nile_checker : exporter);
  }

  Outcome act();
  void check(const Outcome& outcome);
  void check_rights(const CreditChanged& event);
  void check_money();

  std::mt19937 random;
  std::vector<std::string> names;
  std::vector<Terms> all_terms;
  std::map<std::string, std::uint32_t> closed;  // version at closing
  std::set<std::pair<std::string, std::uint32_t>> honoured_once;
  std::size_t succeeded = 0;
  std::size_t honoured = 0;
};
USANCE_ON_EVERY_CHAIN(RandomActions);

Outcome RandomActions::act() {
  const std::string& credit_name = name();
  const std::uint32_t number = 1 + below(4);
  switch (below(24)) {
    case 0:
    case 1:
      return call<method::DraftIssue>(mostly(elbe_maker),
                                      {all_terms[below(3)], {below(3) * 2'500}});
    case 2:
    case 3: return call<method::Issue>(mostly(elbe_checker), {credit_name, 1 + below(3)});
    case 4: return call<method::Advise>(mostly(nile_checker), {credit_name, "ref"});
    case 5: {
      TermsChange change;
      if (below(2) == 0) change.increase = below(20'000'00);
      if (below(3) == 0) change.decrease = below(60'000'00);
      if (below(3) == 0) change.expiry_date = day(2027, 4, 1 + static_cast<int>(below(28)));
      if (below(3) == 0) change.port_of_discharge = "Bremerhaven";
      return call<method::DraftAmendment>(mostly(elbe_maker), {credit_name, change});
    }
    case 6: return call<method::ProposeAmendment>(mostly(elbe_checker), {credit_name, number});
    case 7: return call<method::AcceptAmendment>(voice(credit_name), {credit_name, number, {}});
    case 8: return call<method::RejectAmendment>(voice(credit_name), {credit_name, number, "no"});
    case 9: return call<method::ConsentToCancellation>(voice(credit_name), {credit_name});
    case 10:
      return below(4) == 0 ? Outcome(call<method::Cancel>(mostly(elbe_checker), {credit_name, ""}))
                           : Outcome(call<method::Expire>(anybody(), {credit_name}));
    case 11:
    case 12:
    case 13: {
      std::vector<Document> documents = complying_set();
      if (below(3) == 0) documents[1].transport.port_of_discharge = "Bremerhaven";
      const std::int64_t claimed = below(3) == 0 ? 1 + below(200'000'00) : 50'000'00;
      return call<method::Present>(presenter(credit_name),
                                   {credit_name, usd(claimed), documents, below(8) == 0});
    }
    case 14:
    case 15: return call<method::MarkComplying>(mostly(elbe_maker), {credit_name, number});
    case 16: {
      RefuseRequest request;
      request.credit = credit_name;
      request.presentation = number;
      request.disposal = below(2) == 0 ? Disposal::kHoldWaiver : Disposal::kReturn;
      request.adopt_findings = true;
      return call<method::Refuse>(mostly(elbe_checker), request);
    }
    case 17: return call<method::ApproachApplicant>(mostly(elbe_maker), {credit_name, number});
    case 18:
      return call<method::AnswerWaiver>(mostly(roaster), {credit_name, number, below(2) == 0});
    case 19: return call<method::TakeUp>(mostly(elbe_checker), {credit_name, number});
    case 20: return call<method::ReturnDocuments>(mostly(elbe_maker), {credit_name, number});
    case 21: return call<method::Preclude>(anybody(), {credit_name, number});
    case 22: return call<method::Close>(mostly(elbe_maker), {credit_name});
    default: return call<method::Honour>(mostly(elbe_checker), {credit_name, number});
  }
}

// Written from the rules of the field, not from the contract's code.
void RandomActions::check_rights(const CreditChanged& event) {
  const std::string& org = event.by.organisation;
  const std::string& user = event.by.user;
  const bool beneficiary_is_member = event.credit != names[2];
  const std::string voice_of_beneficiary = beneficiary_is_member ? "kampala-coffee" : "nile-bank";
  const bool checker = user == "otto" || user == "olga" || user == "udo" || user == "grace";
  switch (event.action) {
    case Action::kDrafted:
    case Action::kDraftAmendment:
      EXPECT_EQ(org, "elbe-bank");
      EXPECT_TRUE(user == "ines" || user == "udo");
      break;
    case Action::kIssue:
    case Action::kProposeAmendment:
    case Action::kCancel:
    case Action::kRefuse:
    case Action::kHonour:
      EXPECT_EQ(org, "elbe-bank");
      EXPECT_TRUE(checker) << user;
      break;
    case Action::kMarkComplying:
    case Action::kApproachApplicant:
    case Action::kTakeUp:
    case Action::kReturnDocuments:
    case Action::kClose: EXPECT_EQ(org, "elbe-bank"); break;
    case Action::kAdvise: EXPECT_EQ(org, "nile-bank"); break;
    case Action::kAcceptAmendment:
    case Action::kRejectAmendment:
    case Action::kConsentToCancellation: EXPECT_EQ(org, voice_of_beneficiary); break;
    case Action::kPresent: EXPECT_TRUE(org == "kampala-coffee" || org == "nile-bank"); break;
    case Action::kAnswerWaiver: EXPECT_EQ(org, "alster-roasters"); break;
    case Action::kPreclude:
    case Action::kExpire: break;  // anybody, once the time has come
    default: ADD_FAILURE() << "no rule for " << to_text(event.action);
  }
  const Credit credit = view<method::GetCredit>({event.credit}).credit;
  if (event.action == Action::kIssue) {
    EXPECT_NE(credit.drafted_by, credit.issued_by);
  }
  if (event.action == Action::kHonour) {
    const Presentation paid = view<method::GetPresentation>({event.credit, event.presentation});
    EXPECT_NE(paid.decided_by, paid.honoured_by);
    EXPECT_TRUE(honoured_once.emplace(event.credit, event.presentation).second) << "paid twice";
    ++honoured;
  }
}

void RandomActions::check_money() {
  std::int64_t paid_out = 0;
  std::int64_t margins = 0;
  for (const std::string& credit_name : names) {
    const auto record = chain->record<Credit>(std::string(kContract), credit_name);
    if (!record) continue;
    ASSERT_GE(record->honoured, 0);
    ASSERT_GE(record->committed, 0);
    ASSERT_LE(record->honoured + record->committed, record->ceiling.minor_units);
    std::int64_t paid = 0;
    std::int64_t committed = 0;
    for (std::uint32_t number = 1; number <= record->presentations; ++number) {
      const Presentation presentation = view<method::GetPresentation>({credit_name, number});
      paid += presentation.paid;
      committed += presentation.committed;
    }
    ASSERT_EQ(paid, record->honoured);
    ASSERT_EQ(committed, record->committed);
    paid_out += record->honoured;
    margins += record->margin_held;
    const auto was_closed = closed.find(credit_name);
    if (was_closed != closed.end()) {
      ASSERT_EQ(record->version, was_closed->second) << "changed after closing";
    } else if (record->state == CreditState::kClosed) {
      closed.emplace(credit_name, record->version);
      ASSERT_EQ(record->committed, 0);
      ASSERT_EQ(record->margin_held, 0);
    }
  }
  const std::int64_t at_nile = available(exporter_account) + available("nile-bank/nile-bank/USD");
  const std::int64_t at_elbe = available(roaster_account) + held(roaster_account) +
                               available(elbe_account) + held(elbe_account);
  ASSERT_EQ(at_nile, paid_out);
  ASSERT_EQ(held(roaster_account), margins);
  ASSERT_EQ(held(elbe_account), 0);
  ASSERT_EQ(at_elbe + at_nile, 650'000'00);  // all that was ever minted
}

void RandomActions::check(const Outcome& outcome) {
  if (!outcome.ok()) {
    EXPECT_NE(outcome.receipt.status, ReceiptStatus::kTrap) << outcome.receipt.detail;
    return;
  }
  ++succeeded;
  if (const auto event = outcome.event<CreditChanged>()) check_rights(*event);
}

TEST_P(RandomActions, KeepTheInvariants) {
  const bool native = GetParam() == testchain::Kind::kNative;
  const std::uint32_t seeds = native ? 4 : 1;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    if (seed > 1) start_again();
    random.seed(seed);
    const std::size_t before = succeeded;
    for (int step = 0; step < 600 && closed.size() < names.size(); ++step) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step));
      if (below(12) == 0) {
        for (const Outcome& fired : chain->advance_by(below(60) * kHourMs)) {
          EXPECT_THAT(fired, Succeeds()) << fired.receipt.detail;
          check(fired);
        }
        check_money();
      } else {
        const Outcome outcome = act();
        check(outcome);
        if (outcome.ok()) check_money();
      }
      if (HasFailure()) return;
    }
    EXPECT_GT(succeeded - before, 30U) << "seed " << seed << " says little";
  }
  EXPECT_GT(honoured, 0U);
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
