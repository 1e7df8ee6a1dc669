// Random sequences of valid and invalid actions by everybody. After each action: money is
// conserved, no credit pays more than it promises, every undertaking is paid once, what is closed
// stays as it is, and nobody has done what its role may not do.
#include "random_actions.h"

#include <algorithm>
#include <array>

namespace usance::letter_of_credit::v1::test {
USANCE_ON_EVERY_CHAIN(RandomActions);

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
      EXPECT_EQ(org, "elbe-bank");
      EXPECT_TRUE(checker) << user;
      break;
    case Action::kRefuse:
    case Action::kHonour:
    case Action::kUndertake:
      EXPECT_EQ(org, examiner_of(event));
      EXPECT_TRUE(checker) << user;
      break;
    case Action::kPayAtMaturity:
    case Action::kMissMaturity: EXPECT_TRUE(org.empty() || org == examiner_of(event)) << org; break;
    case Action::kMarkComplying:
    case Action::kTakeUp:
    case Action::kReturnDocuments:
    case Action::kDemandSubstitution: EXPECT_EQ(org, examiner_of(event)); break;
    case Action::kApproachApplicant:
    case Action::kClose: EXPECT_EQ(org, "elbe-bank"); break;
    case Action::kConfirmCredit:
    case Action::kDecideOnConfirmation:
    case Action::kNegotiate:
    case Action::kPrepay:
    case Action::kClaimReimbursement:
    case Action::kRefund:
    case Action::kTransferCreditOn:
    case Action::kDeclineTransfer:
      EXPECT_EQ(org, "nile-bank");
      EXPECT_EQ(user, "grace");
      break;
    case Action::kForwardDocuments: EXPECT_EQ(org, "nile-bank"); break;
    case Action::kReimburse: EXPECT_EQ(org, "lake-bank"); break;
    case Action::kRequestTransfer:
    case Action::kSubstitute: EXPECT_EQ(org, "kampala-coffee"); break;
    case Action::kReturnTransfer: EXPECT_EQ(org, "bugisu-farmers"); break;
    case Action::kHoldPayment:
    case Action::kReleasePayment:
      EXPECT_TRUE(checker || user == "rose") << user;
      EXPECT_TRUE(org == "elbe-bank" || org == "nile-bank" || org == "lake-bank") << org;
      break;
    case Action::kAdvise:
    case Action::kDeclineAdvice:
    case Action::kClaimInterest: EXPECT_EQ(org, "nile-bank"); break;
    case Action::kPayInterest: EXPECT_EQ(org, "elbe-bank"); break;
    case Action::kAssignProceeds: EXPECT_EQ(org, voice_of_beneficiary); break;
    case Action::kAcknowledgeAssignment:
      EXPECT_TRUE(org == "elbe-bank" || org == "nile-bank") << org;
      break;
    case Action::kAcceptAmendment:
    case Action::kRejectAmendment: EXPECT_EQ(org, voice_of_beneficiary); break;
    case Action::kConsentToCancellation:  // the confirming bank and second beneficiaries as well
      EXPECT_TRUE(org == voice_of_beneficiary || event.credit == names[3]) << org;
      break;
    case Action::kPresent:
    case Action::kCallBack:
      EXPECT_TRUE(org == "kampala-coffee" || org == "nile-bank" || org == "bugisu-farmers") << org;
      break;
    case Action::kAnswerWaiver: EXPECT_EQ(org, "alster-roasters"); break;
    case Action::kPreclude:
    case Action::kExpire: break;  // anybody, once the time has come
    default: ADD_FAILURE() << "no rule for " << to_text(event.action);
  }
  const Credit credit = view<method::GetCredit>({event.credit}).credit;
  if (event.action == Action::kIssue) {
    EXPECT_NE(credit.drafted_by, credit.issued_by);
  }
  const bool pays = event.action == Action::kHonour || event.action == Action::kUndertake ||
                    event.action == Action::kNegotiate;
  if (pays) {
    const Presentation paid = view<method::GetPresentation>({event.credit, event.presentation});
    EXPECT_NE(paid.decided_by, paid.honoured_by);
    EXPECT_TRUE(honoured_once.emplace(event.credit, event.presentation).second) << "paid twice";
    ++honoured;
  }
}

// Whether a decision, a payment or a reimbursement of a presentation is still to come.
static bool waits(const Presentation& presentation) {
  using PS = PresentationState;
  switch (presentation.state) {
    case PS::kReceived:
    case PS::kWaiverSought:
    case PS::kComplying:
    case PS::kPrecluded:
    case PS::kUndertaken: return true;
    case PS::kHonoured:
    case PS::kNegotiated: return presentation.examined_as != PartyRole::kIssuingBank;
    default:
      return presentation.state == PS::kForwarded && presentation.reimbursement_claimed &&
             presentation.reimbursed == 0;
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
    std::uint32_t open = 0;
    for (std::uint32_t number = 1; number <= record->presentations; ++number) {
      const Presentation presentation = view<method::GetPresentation>({credit_name, number});
      check_presentation(credit_name, presentation);
      open += waits(presentation) ? 1 : 0;
      if (!presentation.claimant.empty()) continue;  // the drawing counts where it was paid
      paid += presentation.paid;
      committed += presentation.committed;
      paid_out -= presentation.discount;
    }
    ASSERT_EQ(open, record->open_presentations) << credit_name;
    ASSERT_EQ(paid, record->honoured);
    ASSERT_EQ(committed, record->committed);
    std::int64_t transferred = 0;
    for (std::uint32_t number = 1; number <= record->transfers; ++number) {
      const Transfer transfer = view<method::GetTransfer>({credit_name, number});
      ASSERT_LE(transfer.drawn, transfer.terms.amount.minor_units);
      if (transfer.state == TransferState::kTransferred) {
        transferred += transfer.terms.amount.minor_units - transfer.drawn;
      }
    }
    ASSERT_EQ(transferred, record->transferred);
    ASSERT_LE(record->honoured + record->committed + record->transferred,
              record->ceiling.minor_units);
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
  // What beneficiaries have is what was paid under the credits, less discounts; the one that is no
  // member (credit 2) is paid through Nile's own account.
  const auto third = chain->record<Credit>(std::string(kContract), names[2]);
  const std::int64_t beneficiaries = available(exporter_account) +
                                     available("nile-bank/bugisu-farmers/USD") +
                                     (third ? third->honoured : 0);
  ASSERT_EQ(beneficiaries, paid_out);
  ASSERT_EQ(held(roaster_account), margins);
  std::int64_t everything = held(roaster_account);
  for (const std::string& account : {roaster_account, elbe_account, exporter_account, nile_account,
                                     nostro, std::string("nile-bank/bugisu-farmers/USD")}) {
    everything += available(account);
  }
  ASSERT_EQ(held(elbe_account) + held(nile_account) + held(nostro), 0);
  ASSERT_EQ(everything, 1'300'000'00);  // all that was ever minted
}

// Undertakings and claims of one presentation: paid once, never more than they are for.
void RandomActions::check_presentation(const std::string& credit_name,
                                       const Presentation& presentation) {
  ASSERT_GE(presentation.committed, 0);
  ASSERT_LE(presentation.paid + presentation.committed, presentation.claimed.minor_units);
  ASSERT_LE(presentation.reimbursed, presentation.paid);
  for (const Undertaking& undertaking : presentation.undertakings) {
    std::int64_t legs = 0;
    for (const PaymentLeg& leg : undertaking.legs) {
      ASSERT_GE(leg.paid, 0);
      ASSERT_LE(leg.paid, leg.amount);
      legs += leg.amount;
    }
    ASSERT_EQ(legs, undertaking.amount);
  }
  if (presentation.claimant.empty()) return;
  // A drawing is reimbursed by one bank only, and not beyond what it was.
  const Presentation first =
      view<method::GetPresentation>({credit_name, presentation.forwarded_from});
  ASSERT_LE(presentation.paid + first.reimbursed, first.paid + first.committed);
}

void RandomActions::check(const Outcome& outcome) {
  if (!outcome.ok()) {
    EXPECT_NE(outcome.receipt.status, ReceiptStatus::kTrap) << outcome.receipt.detail;
    return;
  }
  ++succeeded;
  if (const auto event = outcome.event<CreditChanged>()) {
    done.insert(event->action);
    check_rights(*event);
  }
}

// Sequences that never reach these prove nothing about them.
constexpr std::array kRareActs = {
    Action::kConfirmCredit, Action::kUndertake,        Action::kPayAtMaturity,
    Action::kNegotiate,     Action::kForwardDocuments, Action::kClaimReimbursement,
    Action::kReimburse,     Action::kTransferCreditOn, Action::kDeclineTransfer,
    Action::kPreclude,      Action::kExpire,           Action::kClose};

TEST_P(RandomActions, KeepTheInvariants) {
  const bool native = GetParam() == testchain::Kind::kNative;
  const std::uint32_t seeds = native ? 6 : 3;
  const int steps = native ? 2'000 : 500;
  // A few more stories where these did not tell of everything.
  const auto something_waits = [&] {
    return honoured == 0 ||
           (native && !std::ranges::all_of(kRareActs, [&](Action a) { return done.contains(a); }));
  };
  for (std::uint32_t number = 1; number <= seeds || (number <= 4 * seeds && something_waits());
       ++number) {
    if (number > 1) start_again();
    seed(number);
    const std::size_t before = succeeded;
    for (int step = 0; step < steps && closed.size() < names.size(); ++step) {
      SCOPED_TRACE("seed " + std::to_string(number) + ", step " + std::to_string(step));
      if (below(24) == 0) {
        for (const Outcome& fired : chain->advance_by(below(60) * kHourMs)) {
          EXPECT_THAT(fired, Succeeds()) << fired.receipt.detail;
          check(fired);
        }
        check_money();
        check_work();
      } else {
        const Outcome outcome = act();
        check(outcome);
        if (outcome.ok()) check_money();
      }
      if (HasFailure()) return;
    }
    check_work();
    EXPECT_GT(succeeded - before, 30U) << "seed " << number << " says little";
  }
  EXPECT_GT(honoured, 0U);
  if (!native) return;
  for (const Action action : kRareActs) {
    EXPECT_TRUE(done.contains(action)) << "never happened: " << to_text(action);
  }
}

TEST_P(RandomActions, ReplayTheSame) {
  const auto play = [&] {
    seed(7);
    for (int step = 0; step < 200; ++step) {
      if (below(40) == 0) {
        chain->advance_by(below(60) * kHourMs);
      } else {
        act();
      }
    }
    std::vector<Bytes> out;
    for (const std::string& credit_name : names) {
      const auto record = chain->record<Credit>(std::string(kContract), credit_name);
      out.push_back(record ? contract::to_wire(*record) : Bytes{});  // with the hash of all events
    }
    return out;
  };
  const std::vector<Bytes> first = play();
  start_again();
  EXPECT_EQ(play(), first);
}

}  // namespace usance::letter_of_credit::v1::test
