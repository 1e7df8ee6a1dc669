// Answers that can be appealed against, and those who asked to hear of answers.
#include "feed_fixture.h"
#include "probe/probe.usance.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class AppealsTest : public FeedTest {
 protected:
  static constexpr std::int64_t kAppealMs = 120'000;
  static constexpr std::int64_t kOldEnoughMs = 1'000'000;

  void SetUp() override {
    FeedTest::SetUp();
    ASSERT_THAT(set_rules(appealable()), Succeeds());
  }
  static Rules appealable() {
    Rules out = rules();
    out.appeal_ms = kAppealMs;
    out.arbiters = {"insurer", "oracle-6", "oracle-7"};
    out.arbiters_needed = 2;
    return out;
  }
  testchain::Outcome appeal(const Caller& who, std::uint64_t number) {
    return chain->call<method::Appeal>(who, kContract, {kFeed, number, "the door stood open"});
  }
  testchain::Outcome decide(const Caller& who, std::uint64_t number, bool stands) {
    return chain->call<method::DecideAppeal>(who, kContract, {kFeed, number, stands});
  }
  Answer read_final() {
    return chain->view<method::Read>(insurer, kContract, {kFeed, kOldEnoughMs, true}).response;
  }
  // As another contract would.
  template <class Method>
  testchain::Outcome through_contract(const typename Method::Request& request) {
    return chain->call<probe::v1::method::Forward>(
        insurer, "probe",
        {kContract, std::string(Method::kRules.name), sdk::to_wire(request), false});
  }
  Caller arbiter(int number) { return number == 0 ? insurer : oracle(5 + number); }
};
USANCE_ON_EVERY_CHAIN(AppealsTest);

TEST_P(AppealsTest, AnAnswerSaysUntilWhenItMayBeAppealedAgainst) {
  submit_all(1, {40, 41, 42});
  EXPECT_EQ(read().fresh->appealable_until_ms, chain->now_ms() + kAppealMs);
  EXPECT_TRUE(read_final().no_data);
  chain->advance_by(kAppealMs);
  EXPECT_EQ(read().fresh->appealable_until_ms, 0);
  EXPECT_EQ(read_final().fresh->value, 41);
  EXPECT_THAT(appeal(carrier, 1), FailsWith(Error::kNotAppealable));
}

TEST_P(AppealsTest, AFinalAnswerChangesNoMore) {
  Rules slow = appealable();
  slow.timeout_ms = 10 * kAppealMs;
  ASSERT_THAT(set_rules(slow), Succeeds());
  submit_all(1, {40, 41, 42});
  chain->advance_by(kAppealMs - 1);
  ASSERT_THAT(submit(4, 1, 41), Succeeds());
  chain->advance_by(1);
  EXPECT_THAT(submit(5, 1, 41), FailsWith(Error::kRoundNotAcceptingSubmissions));
}

TEST_P(AppealsTest, UnderAppealItIsDisputedUntilTheArbitersAgree) {
  submit_all(1, {40, 41, 42});
  EXPECT_THAT(appeal(insurer, 1), FailsWith(Error::kMayNotAppeal));
  ASSERT_THAT(appeal(oracle(2), 1), Succeeds());
  EXPECT_THAT(appeal(carrier, 1), FailsWith(Error::kNotAppealable));
  ASSERT_TRUE(read().disputed);
  EXPECT_EQ(read().disputed->state, RoundState::kAppealed);
  EXPECT_EQ(read().disputed->decided_by_ms, chain->now_ms() + kAppealMs);
  EXPECT_THAT(submit(4, 1, 41), FailsWith(Error::kRoundNotAcceptingSubmissions));
  EXPECT_THAT(decide(carrier, 1, true), FailsWith(Error::kNotArbiter));
  ASSERT_THAT(decide(arbiter(0), 1, true), Succeeds());
  EXPECT_THAT(decide(arbiter(0), 1, true), FailsWith(Error::kAlreadyVoted));
  ASSERT_THAT(decide(arbiter(1), 1, false), Succeeds());
  EXPECT_TRUE(read().disputed);
  ASSERT_THAT(decide(arbiter(2), 1, true), Emits(AnswerFinal{kFeed, 1, 41}));
  EXPECT_EQ(read().fresh->value, 41);
  EXPECT_THAT(decide(arbiter(2), 1, true), FailsWith(Error::kNoAppeal));
}

TEST_P(AppealsTest, AnOverturnedAnswerIsNoneUntilALaterRound) {
  submit_all(1, {40, 41, 42});
  chain->advance_by(kAppealMs);
  submit_all(2, {50, 51, 52});
  ASSERT_THAT(appeal(carrier, 2), Succeeds());
  ASSERT_THAT(decide(arbiter(0), 2, false), Succeeds());
  ASSERT_THAT(decide(arbiter(1), 2, false), Emits(AnswerOverturned{kFeed, 2}));
  ASSERT_TRUE(read().disputed);
  EXPECT_EQ(read().disputed->state, RoundState::kOverturned);
  submit_all(3, {45, 45, 45});
  EXPECT_EQ(read().fresh->value, 45);
}

TEST_P(AppealsTest, AnAppealThatNobodyDecidesFalls) {
  submit_all(1, {40, 41, 42});
  ASSERT_THAT(appeal(carrier, 1), Succeeds());
  chain->advance_by(kAppealMs);
  EXPECT_EQ(read().fresh->value, 41);
}

TEST_P(AppealsTest, TheNewestFinalAnswerIsFoundBehindAPendingOne) {
  submit_all(1, {40, 41, 42});
  chain->advance_by(kAppealMs);
  submit_all(2, {50, 51, 52});
  EXPECT_EQ(read_final().fresh->value, 41);
  EXPECT_EQ(read().fresh->value, 51);
}

TEST_P(AppealsTest, AWithdrawnAnswerIsNotMadeFinal) {
  submit_all(1, {40, 40, 40});
  ASSERT_THAT(submit(4, 1, 600), Succeeds());
  ASSERT_THAT(submit(5, 1, 600), Succeeds());  // three of five agree still
  EXPECT_TRUE(read().fresh);
  submit_all(2, {40, 41, 42});
  ASSERT_THAT(submit(4, 2, 500), Succeeds());
  ASSERT_THAT(submit(5, 2, 501), Succeeds());
  chain->advance_by(kAppealMs);
  const Round second = round(2);
  EXPECT_EQ(second.final, second.answer.has_value());
}

TEST_P(AppealsTest, RulesNeedArbitersThatCanDecideOneWay) {
  const auto refused = [&](void (*spoil)(Rules&)) {
    Rules bad = appealable();
    spoil(bad);
    EXPECT_THAT(set_rules(bad), FailsWith(Error::kRuleOutOfRange));
  };
  refused([](Rules& bad) { bad.arbiters_needed = 4; });
  refused([](Rules& bad) { bad.arbiters_needed = 1; });
  refused([](Rules& bad) { bad.arbiters.clear(); });
  refused([](Rules& bad) { bad.arbiters[0] = "oracle-6"; });
  refused([](Rules& bad) { bad.appeal_ms = -1; });
}

// The probe asks and has no OnAnswer: that is its own loss.
TEST_P(AppealsTest, AContractThatFailsHoldsUpNobody) {
  EXPECT_THAT(through_contract<method::Subscribe>({kFeed, "a", kOldEnoughMs, false, {"insurer"}}),
              Succeeds());
  EXPECT_EQ(feed().subscriptions, 1U);
  submit_all(1, {40, 41, 42});
  const auto outcomes = chain->advance_by(0);
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_TRUE(outcomes[0].ok());
  EXPECT_NE(outcomes[0].event<Delivered>()->failure, "");
  EXPECT_EQ(read().fresh->value, 41);
  ASSERT_THAT(appeal(insurer, 1), Succeeds());  // it stands behind a contract that asked
  EXPECT_THAT(through_contract<method::Unsubscribe>({kFeed, "a"}), Succeeds());
  EXPECT_EQ(feed().subscriptions, 0U);
  EXPECT_EQ(chain->advance_by(0).size(), 0U);
}

TEST_P(AppealsTest, OneAnswerIsDeliveredOnceHoweverOftenItChangedInABlock) {
  EXPECT_THAT(through_contract<method::Subscribe>({kFeed, "a", kOldEnoughMs, false, {}}),
              Succeeds());
  submit_all(1, {40, 41});
  EXPECT_EQ(chain->advance_by(0).size(), 0U);
  ASSERT_THAT(submit(3, 1, 42), Succeeds());
  EXPECT_EQ(chain->advance_by(0).size(), 1U);
  EXPECT_EQ(chain->advance_by(0).size(), 0U);
}

TEST_P(AppealsTest, SubscriptionsAreForContractsAndBounded) {
  EXPECT_THAT(chain->call<method::Subscribe>(insurer, kContract, {kFeed, "a", 1, false, {}}),
              FailsWith(sdk::StandardError::kContractOnly));
  for (int i = 0; i < 64; ++i)
    (void)through_contract<method::Subscribe>({kFeed, std::to_string(i), kOldEnoughMs, false, {}});
  EXPECT_EQ(feed().subscriptions, 64U);
  (void)through_contract<method::Subscribe>({kFeed, "one more", kOldEnoughMs, false, {}});
  (void)through_contract<method::Subscribe>({kFeed, "1", kOldEnoughMs, false, {}});
  EXPECT_EQ(feed().subscriptions, 64U);
  (void)through_contract<method::Unsubscribe>({kFeed, "no such"});
  EXPECT_EQ(feed().subscriptions, 64U);
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
