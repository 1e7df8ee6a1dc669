#include "undertaking_fixture.h"

namespace usance::payment_undertaking::v1 {
namespace {

USANCE_ON_EVERY_CHAIN(UndertakingTest);

TEST_P(UndertakingTest, IsDraftedByOneAndIssuedByAnother) {
  ASSERT_THAT(draft(terms()), Succeeds());
  expect_money(kAmount, 0, 0);  // a draft binds nobody
  EXPECT_THAT(chain->call<method::Issue>(maker, kContract, {kName, 1}),
              FailsWith(sdk::StandardError::kPermissionRequired));
  EXPECT_THAT(chain->call<method::Issue>(grower, kContract, {kName, 1}),
              FailsWith(Error::kNotTheObligor));
  const auto issued = issue();
  ASSERT_THAT(issued, Succeeds());
  EXPECT_EQ(issued.response.state, State::kIssued);
  expect_money(0, kAmount, 0);
  EXPECT_EQ(feed().subscriptions, 1U);
  // Appeals, and then the arbiters, may take an hour each after the last answer in time.
  EXPECT_EQ(undertaking().refund_ms, undertaking().terms.date_ms + 2 * kAppealMs);
  EXPECT_THAT(issue(), FailsWith(Error::kWrongState));
  EXPECT_THAT(draft(terms()), FailsWith(Error::kReferenceUsed));
}

TEST_P(UndertakingTest, OnePersonDoesNotDoBoth) {
  ASSERT_THAT(chain->call<method::Draft>(checker, kContract, {terms()}), Succeeds());
  EXPECT_THAT(issue(), FailsWith(Error::kSamePerson));
}

TEST_P(UndertakingTest, WhatIsIssuedIsWhatTheCheckerRead) {
  ASSERT_THAT(draft(terms()), Succeeds());
  Terms other = terms();
  other.oracle->max = 200;
  ASSERT_THAT(draft(other), Succeeds());
  EXPECT_THAT(issue(1), FailsWith(Error::kDraftChanged));
  EXPECT_THAT(issue(2), Succeeds());
}

TEST_P(UndertakingTest, ADraftCanBeWithdrawnAndNothingElseAfterIt) {
  ASSERT_THAT(draft(terms()), Succeeds());
  EXPECT_THAT(act<method::Withdraw>(grower), FailsWith(Error::kNotTheObligor));
  ASSERT_THAT(act<method::Withdraw>(maker), Succeeds());
  EXPECT_THAT(issue(), FailsWith(Error::kClosed));
  EXPECT_THAT(act<method::Withdraw>(maker), FailsWith(Error::kClosed));
  EXPECT_THAT(draft(terms()), FailsWith(Error::kReferenceUsed));
}

TEST_P(UndertakingTest, AnIssuedOneCannotBeWithdrawn) {
  undertake(terms());
  EXPECT_THAT(act<method::Withdraw>(maker), FailsWith(Error::kWrongState));
}

TEST_P(UndertakingTest, RefusesTermsThatMakeNoSense) {
  const auto refused = [&](Error error, void (*change)(Terms&)) {
    Terms bad = terms();
    change(bad);
    EXPECT_THAT(draft(bad), FailsWith(error));
  };
  refused(Error::kBadTerm, [](Terms& bad) { bad.amount.minor_units = 0; });
  refused(Error::kBadTerm, [](Terms& bad) { bad.amount.minor_units = -1; });
  refused(Error::kBadTerm, [](Terms& bad) { bad.to = bad.account; });
  refused(Error::kBadTerm, [](Terms& bad) { bad.reference = "a/b"; });
  refused(Error::kBadTerm, [](Terms& bad) { bad.date_ms += 4'000 * kDayMs; });
  refused(Error::kDatePassed, [](Terms& bad) { bad.date_ms = 1; });
  refused(Error::kNoCondition, [](Terms& bad) { bad.oracle.reset(); });
  refused(Error::kBadTerm, [](Terms& bad) { bad.oracle->min = 81; });
  refused(Error::kBadTerm, [](Terms& bad) { bad.oracle->max_age_ms = -1; });
  refused(Error::kBadTerm, [](Terms& bad) { bad.oracle->not_before_ms = bad.date_ms + 1; });
}

TEST_P(UndertakingTest, RefusesAttestorsWhoAreNoWitnesses) {
  const auto refused = [&](void (*change)(AttestorCondition&)) {
    Terms bad = attested_terms();
    change(*bad.attestors);
    EXPECT_THAT(draft(bad), FailsWith(Error::kBadTerm));
  };
  refused([](AttestorCondition& bad) { bad.needed = 4; });
  refused([](AttestorCondition& bad) { bad.attestors[0].organisation = "grower"; });
  refused([](AttestorCondition& bad) { bad.attestors[0].organisation = "juice-maker"; });
  refused([](AttestorCondition& bad) { bad.attestors[0].organisation = "laboratory"; });
  refused([](AttestorCondition& bad) { bad.attestors[0].name = "laboratory"; });
  refused([](AttestorCondition& bad) { bad.attestors[0].organisation.clear(); });
  refused([](AttestorCondition& bad) { bad.attestors[2].public_key.pop_back(); });
  refused([](AttestorCondition& bad) { bad.attestors[2].organisation = "carrier"; });
}

TEST_P(UndertakingTest, MoneyThatIsNotThereOrNotItsOwnIsNotHeld) {
  Terms much = terms();
  much.amount = usd(kAmount + 1);
  ASSERT_THAT(draft(much), Succeeds());
  EXPECT_THAT(issue(), FailsWith(Error::kNotHeld));
  Terms foreign = terms();
  foreign.account = kBeneficiaryAccount;
  foreign.to = kObligorAccount;
  ASSERT_THAT(draft(foreign), Succeeds());
  EXPECT_THAT(issue(2), FailsWith(Error::kNotHeld));
  Terms nowhere = terms();
  nowhere.to = "deccan-bank/nobody/USD";
  ASSERT_THAT(draft(nowhere), Succeeds());
  EXPECT_THAT(issue(3), FailsWith(Error::kBadTerm));
  trust(false);
  ASSERT_THAT(draft(terms()), Succeeds());
  EXPECT_THAT(issue(4), FailsWith(Error::kNotHeld));
  expect_money(kAmount, 0, 0);
}

TEST_P(UndertakingTest, TheFeedMustSpeakTheConditionsUnit) {
  Terms other = terms();
  other.oracle->decimals = 2;
  ASSERT_THAT(draft(other), Succeeds());
  EXPECT_THAT(issue(1), FailsWith(Error::kFeedDiffers));
  other.oracle->feed = "no-such-feed";
  ASSERT_THAT(draft(other), Succeeds());
  EXPECT_THAT(issue(2), FailsWith(Error::kFeedRefused));
  // Too impatient for answers that may be appealed against.
  other = terms();
  other.oracle->max_age_ms = 2 * kAppealMs;
  ASSERT_THAT(draft(other), Succeeds());
  EXPECT_THAT(issue(3), FailsWith(Error::kFeedRefused));
  expect_money(kAmount, 0, 0);
  EXPECT_EQ(feed().subscriptions, 0U);
}

}  // namespace
}  // namespace usance::payment_undertaking::v1
