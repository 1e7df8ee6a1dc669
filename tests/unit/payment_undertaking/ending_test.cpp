#include "undertaking_fixture.h"

namespace usance::payment_undertaking::v1 {
namespace {

class EndingTest : public UndertakingTest {};
USANCE_ON_EVERY_CHAIN(EndingTest);

TEST_P(EndingTest, GoesBackByItselfAfterTheDate) {
  undertake(terms());
  chain->advance_to(undertaking().refund_ms);
  EXPECT_EQ(state(), State::kIssued);
  const auto outcomes = chain->advance_by(1);
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].event<UndertakingChanged>()->action, Action::kMoneyRefunded);
  EXPECT_EQ(outcomes[0].event<UndertakingChanged>()->by, sdk::Actor{});
  EXPECT_EQ(state(), State::kRefunded);
  expect_money(kAmount, 0, 0);
  EXPECT_EQ(feed().subscriptions, 0U);
}

TEST_P(EndingTest, AttestorsAloneNeedNoTimeForAppeals) {
  undertake(attested_terms());
  EXPECT_EQ(undertaking().refund_ms, undertaking().terms.date_ms);
  chain->advance_to(undertaking().refund_ms + 1);
  EXPECT_EQ(state(), State::kRefunded);
}

TEST_P(EndingTest, NothingHappensAfterTheEnd) {
  undertake(terms());
  chain->advance_to(undertaking().refund_ms + 1);
  answer(1, 75);
  let_it_be_final();
  EXPECT_THAT(act<method::CheckCondition>(grower), FailsWith(Error::kClosed));
  EXPECT_THAT(act<method::PayAgain>(grower), FailsWith(Error::kClosed));
  EXPECT_THAT(act<method::AgreeToCancel>(grower), FailsWith(Error::kClosed));
  EXPECT_THAT(act<method::Cancel>(checker), FailsWith(Error::kClosed));
  EXPECT_THAT(attest(surveyor, "surveyor"), FailsWith(Error::kClosed));
  EXPECT_THAT(issue(), FailsWith(Error::kClosed));
  expect_money(kAmount, 0, 0);
}

TEST_P(EndingTest, IsCancelledByBothOnly) {
  undertake(terms());
  EXPECT_THAT(act<method::Cancel>(checker), FailsWith(Error::kCancellationNotAgreed));
  EXPECT_THAT(act<method::AgreeToCancel>(checker), FailsWith(Error::kNotTheBeneficiary));
  ASSERT_THAT(act<method::AgreeToCancel>(grower), Succeeds());
  EXPECT_THAT(act<method::Cancel>(grower), FailsWith(Error::kNotTheObligor));
  ASSERT_THAT(act<method::Cancel>(checker), Succeeds());
  EXPECT_EQ(state(), State::kCancelled);
  expect_money(kAmount, 0, 0);
  EXPECT_EQ(feed().subscriptions, 0U);
  for (const auto& outcome : chain->advance_by(60 * kDayMs))
    EXPECT_EQ(outcome.count("UndertakingChanged"), 0U);  // its timer is gone
}

// The beneficiary's bank takes no more claims on the obligor's: what is due stays due, past the
// date too, until it takes them.
TEST_P(EndingTest, WhatCannotBePaidYetIsNotLost) {
  grant(kAmount - 1);
  undertake(terms());
  answer(1, 75);
  let_it_be_final();
  EXPECT_EQ(state(), State::kPayable);
  EXPECT_THAT(undertaking().payment_failure, ::testing::HasSubstr("deccan-bank"));
  EXPECT_THAT(act<method::PayAgain>(grower), FailsWith(Error::kStillRefused));
  EXPECT_THAT(act<method::Cancel>(checker), FailsWith(Error::kWrongState));
  chain->advance_to(undertaking().refund_ms + 1);
  EXPECT_EQ(state(), State::kPayable);
  expect_money(0, kAmount, 0);
  grant(kAmount);
  chain->advance_by(kHourMs);
  EXPECT_EQ(state(), State::kPaid);
  expect_money(0, 0, kAmount);
}

TEST_P(EndingTest, AnybodyMayLetADuePaymentBeTriedAgain) {
  grant(0);
  undertake(terms());
  answer(1, 75);
  let_it_be_final();
  grant(kAmount);
  ASSERT_THAT(act<method::PayAgain>(outsider), Succeeds());
  EXPECT_THAT(act<method::PayAgain>(outsider), FailsWith(Error::kClosed));
  chain->advance_by(2 * kHourMs);
  expect_money(0, 0, kAmount);
}

TEST_P(EndingTest, EveryChangeNamesTheOneBefore) {
  undertake(terms());
  ASSERT_THAT(act<method::AgreeToCancel>(grower), Succeeds());
  const auto cancelled = act<method::Cancel>(checker);
  const auto event = cancelled.event<UndertakingChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->version, 4U);
  EXPECT_EQ(event->by, (sdk::Actor{"juice-maker", "chadi"}));
  EXPECT_EQ(event->previous.size(), 32U);
  EXPECT_EQ(undertaking().version, 4U);
}

}  // namespace
}  // namespace usance::payment_undertaking::v1
