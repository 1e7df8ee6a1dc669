#include "feed_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

USANCE_ON_EVERY_CHAIN(FeedTest);

TEST_P(FeedTest, FiveReportOneLiesOneIsMissing) {
  submit_all(1, {41, 43});
  EXPECT_TRUE(read().no_data);
  EXPECT_THAT(submit(3, 1, 599), Succeeds());  // within the bounds, but a lie
  // Three reports of which two agree are no quorum of three.
  EXPECT_TRUE(read().no_data);
  const auto fourth = submit(4, 1, 42);
  EXPECT_THAT(fourth, Emits(AnswerUpdated{kFeed, 1, 42, 4, {"oracle-3"}}));
  const Answer answer = read();
  ASSERT_TRUE(answer.fresh);
  EXPECT_EQ(answer.fresh->value, 42);
  EXPECT_EQ(answer.fresh->unit, "degrees Celsius");
  EXPECT_EQ(answer.fresh->decimals, 1U);
  EXPECT_EQ(answer.fresh->submissions, 4U);
  EXPECT_EQ(answer.fresh->accepted, 3U);
  EXPECT_TRUE(round(1).submissions[2].outlier);
}

TEST_P(FeedTest, RecomputesUpToTheMaximumAndTakesNoMore) {
  submit_all(1, {40, 42, 44});
  EXPECT_EQ(read().fresh->value, 42);
  EXPECT_THAT(submit(4, 1, 41), Emits(AnswerUpdated{kFeed, 1, 41, 4, {}}));
  EXPECT_THAT(submit(5, 1, 40), Emits(AnswerUpdated{kFeed, 1, 41, 5, {}}));
  ASSERT_THAT(change({}, {"oracle-6"}), Succeeds());
  EXPECT_THAT(submit(6, 1, 40), FailsWith(Error::kNotYetEnabledOracle));
}

TEST_P(FeedTest, RefusesARoundThatTooFewOraclesServe) {
  ASSERT_THAT(change({"oracle-4", "oracle-5"}, {},
                     [] {
                       Rules fewer = rules();
                       fewer.max_submissions = 3;
                       return fewer;
                     }()),
              Succeeds());
  // They still serve the round after the newest; afterwards three remain, and four are needed.
  submit_all(1, {40, 41, 42});
  const auto refused = submit(1, 2, 40);
  EXPECT_THAT(refused, FailsWith(Error::kTooFewOracles));
  EXPECT_EQ(refused.receipt.detail, "3 oracles serve the round; to bear 1 liars takes 4");
  EXPECT_THAT(chain->call<method::RequestRound>(carrier, kContract, {kFeed}),
              FailsWith(Error::kTooFewOracles));
  EXPECT_EQ(eligibility(1).reason, "TOO_FEW_ORACLES");
}

TEST_P(FeedTest, OnlyEnabledOraclesReport) {
  EXPECT_THAT(submit(6, 1, 40), FailsWith(Error::kNotEnabledOracle));
  EXPECT_THAT(chain->call<method::Submit>(carrier, kContract, {kFeed, 1, 40, {}}),
              FailsWith(sdk::StandardError::kRoleRequired));
  submit_all(1, {40, 41, 42});
  ASSERT_THAT(change({"oracle-1"}, {"oracle-6"}), Succeeds());
  EXPECT_THAT(submit(6, 2, 40), Succeeds());
  EXPECT_THAT(submit(1, 2, 40), Succeeds());  // allowed up to the reporting round + 1
  EXPECT_THAT(submit(2, 2, 40), Succeeds());
  EXPECT_THAT(submit(1, 3, 40), FailsWith(Error::kNoLongerAllowedOracle));
}

TEST_P(FeedTest, OneReportARoundAndRoundsInOrder) {
  EXPECT_THAT(submit(1, 2, 40), FailsWith(Error::kInvalidRoundToReport));
  EXPECT_THAT(submit(1, 1, 40), Emits(RoundStarted{kFeed, 1, "oracle-1"}));
  EXPECT_THAT(submit(1, 1, 41), FailsWith(Error::kCannotReportOnPreviousRounds));
  EXPECT_THAT(submit(1, 2, 41), FailsWith(Error::kPreviousRoundNotSupersedable));
  EXPECT_THAT(submit(2, 3, 41), FailsWith(Error::kInvalidRoundToReport));
  ASSERT_THAT(submit(2, 1, 41), Succeeds());
  ASSERT_THAT(submit(3, 1, 42), Succeeds());
  EXPECT_THAT(submit(1, 2, 41), Succeeds());
}

TEST_P(FeedTest, ALateReportCountsUntilTheNextRoundIsAnswered) {
  submit_all(1, {40, 42, 44});
  submit_all(2, {50, 50});
  EXPECT_THAT(submit(4, 1, 41), Emits(AnswerUpdated{kFeed, 1, 41, 4, {}}));
  ASSERT_THAT(submit(3, 2, 50), Succeeds());
  EXPECT_THAT(submit(5, 1, 41), FailsWith(Error::kInvalidRoundToReport));
  EXPECT_EQ(read().fresh->value, 50);
}

TEST_P(FeedTest, ALateReportDoesNotMakeAnAnswerYounger) {
  submit_all(1, {40, 42, 44});
  chain->advance_by(1'000);
  ASSERT_THAT(submit(4, 1, 41), Succeeds());
  EXPECT_EQ(read().fresh->age_ms, 1'000);
}

TEST_P(FeedTest, BoundsAreInclusive) {
  EXPECT_THAT(submit(1, 1, -501), FailsWith(Error::kValueBelowMin));
  EXPECT_THAT(submit(1, 1, 601), FailsWith(Error::kValueAboveMax));
  EXPECT_EQ(feed().reporting_round, 0U);  // a refused report opens nothing
  EXPECT_THAT(submit(1, 1, -500), Succeeds());
  EXPECT_THAT(submit(2, 1, 600), Succeeds());
}

TEST_P(FeedTest, TheStarterOfARoundWaits) {
  Rules slow = rules();
  slow.restart_delay = 2;
  ASSERT_THAT(set_rules(slow), Succeeds());
  submit_all(1, {40, 41, 42});
  EXPECT_THAT(submit(1, 2, 40), FailsWith(Error::kRoundNotAcceptingSubmissions));
  EXPECT_THAT(submit(2, 2, 40), Succeeds());
  EXPECT_THAT(submit(1, 2, 40), Succeeds());  // opened by another, it may report
  EXPECT_THAT(submit(3, 2, 40), Succeeds());
  EXPECT_THAT(submit(1, 3, 40), FailsWith(Error::kRoundNotAcceptingSubmissions));
  EXPECT_THAT(submit(3, 3, 40), Succeeds());
  ASSERT_THAT(submit(4, 3, 40), Succeeds());
  ASSERT_THAT(submit(5, 3, 40), Succeeds());
  EXPECT_THAT(submit(1, 4, 40), Succeeds());
}

TEST_P(FeedTest, ARoundFreezesItsRules) {
  ASSERT_THAT(submit(1, 1, 40), Succeeds());
  Rules narrow = rules();
  narrow.max_value = 50;
  narrow.min_submissions = 4;
  ASSERT_THAT(set_rules(narrow), Succeeds());
  EXPECT_THAT(submit(2, 1, 60), Succeeds());
  ASSERT_THAT(submit(3, 1, 50), Succeeds());
  EXPECT_EQ(round(1).state, RoundState::kAnswered);
  EXPECT_THAT(submit(1, 2, 60), FailsWith(Error::kValueAboveMax));
}

TEST_P(FeedTest, TheAdministratorMayRequestARound) {
  EXPECT_THAT(chain->call<method::RequestRound>(insurer, kContract, {kFeed}),
              FailsWith(Error::kNotAdministrator));
  EXPECT_THAT(chain->call<method::RequestRound>(carrier, kContract, {kFeed}),
              Emits(RoundStarted{kFeed, 1, "carrier"}));
  EXPECT_THAT(chain->call<method::RequestRound>(carrier, kContract, {kFeed}),
              FailsWith(Error::kPreviousRoundNotSupersedable));
  submit_all(1, {40, 41, 42});
  EXPECT_THAT(chain->call<method::RequestRound>(carrier, kContract, {kFeed}), Succeeds());
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
