// Random sequences of valid and invalid actions by everybody: random_acts.cpp acts,
// random_actions_test.cpp checks.
#pragma once

#include <array>
#include <map>
#include <random>
#include <set>

#include "banks_fixture.h"

namespace usance::letter_of_credit::v1::test {

using testchain::Outcome;

// The credits: 0 at sight and 1 "about" at the issuing bank, 2 for a beneficiary that is no member,
// 3 transferable, confirmed and mixed at Nile, 4 negotiated at Nile with a reimbursing bank.
constexpr int kCredits = 5;

class RandomActions : public BanksTest {
 protected:
  void SetUp() override {
    BanksTest::SetUp();
    ASSERT_THAT(chain->call<deposit::v1::method::OpenAccount>(nile_maker, "deposit",
                                                              {"bugisu-farmers", "USD"}),
                Succeeds());
    mint(elbe_maker, elbe_account, 300'000'00);
    mint(nile_maker, nile_account, 200'000'00);
    for (int i = 0; i < kCredits; ++i) {
      Terms terms = coffee_terms();
      terms.number = "R" + std::to_string(i);
      terms.about_amount = i == 1;
      terms.partial_shipments = i >= 2 ? Allowed::kAllowed : Allowed::kNotAllowed;
      if (i == 2) terms.beneficiary.organisation.clear();  // the advising bank speaks for it
      if (i >= 3) terms = at_nile(terms);
      if (i == 3) {
        terms.form = Form::kIrrevocableTransferable;
        terms.confirmation = Confirmation::kMayAdd;
        terms.available_by = AvailableBy::kMixedPayment;
        terms.payment = {{2'500, {}}, {7'500, {TenorFrom::kAfterShipment, 30, {}}}};
      }
      if (i == 4) {
        terms.available_by = AvailableBy::kNegotiation;
        terms.reimbursing_bank.organisation = "lake-bank";
      }
      names.push_back("elbe-bank/" + terms.number);
      all_terms.push_back(terms);
      if (i < 3) continue;
      ASSERT_THAT(issue(terms), Succeeds());  // the way to these is long enough without it
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
  std::uint32_t caller_below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(random_caller() % bound);
  }
  void seed(std::uint32_t number) {
    random.seed(number);
    random_caller.seed(number + 1'001);
  }
  const std::string& name() { return names[below(static_cast<std::uint32_t>(names.size()))]; }
  const Caller& anybody() {
    const std::array<const Caller*, 10> all{&elbe_maker, &elbe_checker, &elbe_second, &elbe_both,
                                            &nile_maker, &nile_checker, &exporter,    &roaster,
                                            &outsider,   &farmers};
    return *all[caller_below(all.size())];
  }
  // Mostly who usually does it, so that sequences get far; otherwise anybody.
  const Caller& mostly(const Caller& usual) { return caller_below(6) == 0 ? anybody() : usual; }
  const Caller& presenter(const std::string& credit_name) {
    return mostly(credit_name == names[2] ? nile_maker : exporter);
  }
  const Caller& voice(const std::string& credit_name) {
    return mostly(credit_name == names[2] ? nile_checker : exporter);
  }

  // A presentation of the credit, mostly one of the last, or a number that none has.
  std::uint32_t some_presentation(const std::string& credit_name) {
    const auto record = chain->record<Credit>(std::string(kContract), credit_name);
    const std::uint32_t last = record ? record->presentations : 0;
    if (last <= 2 || below(5) == 0) return 1 + below(last + 1);
    return last - below(2);
  }
  // Who works on the presentations of a credit, mostly.
  const Caller& examiner(const std::string& credit_name, bool checks) {
    const bool at_nile_now =
        (credit_name == names[3] || credit_name == names[4]) && caller_below(2) == 0;
    if (at_nile_now) return mostly(checks ? nile_checker : nile_maker);
    return mostly(checks ? elbe_checker : elbe_maker);
  }

  Outcome act();
  Outcome act_between_banks(const std::string& credit_name, std::uint32_t number);
  void check(const Outcome& outcome);
  void check_rights(const CreditChanged& event);
  std::string examiner_of(const CreditChanged& event) {
    return view<method::GetPresentation>({event.credit, event.presentation}).examining_bank;
  }
  void check_money();
  void check_work();
  bool is_possible(const std::string& organisation, const WorkItem& item);
  void check_presentation(const std::string& credit_name, const Presentation& presentation);

  // Callers come from a sequence of their own: in which order the arguments of a call are drawn is
  // each compiler's choice, and a seed has to be the same story with all of them.
  std::mt19937 random;
  std::mt19937 random_caller;
  std::vector<std::string> names;
  std::vector<Terms> all_terms;
  std::map<std::string, std::uint32_t> closed;  // version at closing
  std::set<std::pair<std::string, std::uint32_t>> honoured_once;
  std::size_t succeeded = 0;
  std::size_t honoured = 0;
  std::set<Action> done;
};
}  // namespace usance::letter_of_credit::v1::test
