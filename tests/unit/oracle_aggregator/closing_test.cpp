#include "feed_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class ClosingTest : public FeedTest {};
USANCE_ON_EVERY_CHAIN(ClosingTest);

TEST_P(ClosingTest, ATimerClosesARoundWithTooFewReports) {
  submit_all(1, {40, 41});
  EXPECT_TRUE(chain->advance_by(kTimeoutMs - 1).empty());
  EXPECT_EQ(round(1).state, RoundState::kOpen);
  const auto fired = chain->advance_by(1);
  ASSERT_EQ(fired.size(), 1U);
  EXPECT_THAT(fired[0], Emits(RoundClosed{kFeed, 1, RoundState::kTimedOut}));
  EXPECT_EQ(round(1).state, RoundState::kTimedOut);
  EXPECT_THAT(submit(3, 1, 42), FailsWith(Error::kRoundNotAcceptingSubmissions));
  EXPECT_TRUE(read().no_data);
  EXPECT_THAT(submit(1, 2, 42), Succeeds());
}

TEST_P(ClosingTest, ATimedOutRoundLeavesTheOldAnswerWithItsAge) {
  submit_all(1, {40, 41, 42});
  chain->advance_by(1'000);
  submit_all(2, {90, 90});
  chain->advance_by(kTimeoutMs);
  EXPECT_EQ(round(2).state, RoundState::kTimedOut);
  EXPECT_FALSE(round(2).answer);
  EXPECT_EQ(round(2).previous_answer_round, 1U);
  const Answer answer = read();
  ASSERT_TRUE(answer.fresh);
  EXPECT_EQ(answer.fresh->round, 1U);
  EXPECT_EQ(answer.fresh->age_ms, 1'000 + kTimeoutMs);
}

TEST_P(ClosingTest, AnAnswerGetsStaleByTheReadersMeasure) {
  submit_all(1, {40, 41, 42});
  chain->advance_by(10'000);
  EXPECT_TRUE(read(10'000).fresh);
  const Answer answer = read(9'999);
  EXPECT_FALSE(answer.fresh);
  ASSERT_TRUE(answer.stale);
  EXPECT_EQ(answer.stale->age_ms, 10'000);
  // There is no reading without an age.
  EXPECT_THAT(chain->view<method::Read>(insurer, kContract, {kFeed, 0}),
              testchain::IsRejected(RejectCode::kBadArguments));
  EXPECT_THAT(chain->view<method::Read>(insurer, kContract, {kFeed, -1}),
              FailsWith(Error::kRuleOutOfRange));
}

TEST_P(ClosingTest, ReportsThatDisagreeMakeADispute) {
  submit_all(1, {40, 41, 42});
  submit_all(2, {40, 41, 300});
  EXPECT_TRUE(read().fresh);  // the next report may still decide
  chain->advance_by(kTimeoutMs);
  EXPECT_EQ(round(2).state, RoundState::kDisputed);
  const Answer answer = read();
  ASSERT_TRUE(answer.disputed);
  EXPECT_EQ(*answer.disputed, (Dispute{2, RoundState::kDisputed}));
  // An opened round does not end the dispute; an answered one does.
  submit_all(3, {40, 41});
  EXPECT_TRUE(read().disputed);
  ASSERT_THAT(submit(3, 3, 42), Succeeds());
  EXPECT_EQ(read().fresh->value, 41);
}

TEST_P(ClosingTest, ADisputeIsSeenWhenAllReportsAreIn) {
  Rules strict = rules();
  strict.min_submissions = 5;
  ASSERT_THAT(set_rules(strict), Succeeds());
  submit_all(1, {40, 41, 42, 43});
  EXPECT_THAT(submit(5, 1, 300), Emits(RoundClosed{kFeed, 1, RoundState::kDisputed}));
  EXPECT_TRUE(read().disputed);
  EXPECT_TRUE(chain->advance_by(kTimeoutMs).empty());  // its timer is cancelled
}

TEST_P(ClosingTest, LaterReportsMayTakeAnAnswerBack) {
  Rules strict = rules();
  strict.min_submissions = 4;
  ASSERT_THAT(set_rules(strict), Succeeds());
  submit_all(1, {40, 40, 44, 44});
  EXPECT_EQ(read().fresh->value, 42);
  // Now the median is 40, most reports equal it, and 44 is within the tolerance of 5.
  ASSERT_THAT(submit(5, 1, 40), Succeeds());
  EXPECT_EQ(read().fresh->value, 40);

  submit_all(2, {40, 40, 46, 46});
  EXPECT_EQ(read().fresh->value, 43);
  EXPECT_THAT(submit(5, 2, 40), Emits(AnswerWithdrawn{kFeed, 2}));
  EXPECT_EQ(round(2).state, RoundState::kDisputed);
  EXPECT_TRUE(read().disputed);
}

TEST_P(ClosingTest, ValuesOutOfBoundsHaltTheFeed) {
  submit_all(1, {40, 41, 42});
  const ReportOutOfRangeRequest above{kFeed, 2, true};
  ASSERT_THAT(chain->call<method::ReportOutOfRange>(oracle(1), kContract, above), Succeeds());
  EXPECT_THAT(submit(1, 2, 600), FailsWith(Error::kCannotReportOnPreviousRounds));
  EXPECT_TRUE(read().fresh);  // one may be the liar
  EXPECT_THAT(chain->call<method::ReportOutOfRange>(oracle(2), kContract, above),
              Emits(RoundClosed{kFeed, 2, RoundState::kInvalid}));
  EXPECT_EQ(*read().disputed, (Dispute{2, RoundState::kInvalid}));
  EXPECT_THAT(submit(3, 2, 600), FailsWith(Error::kFeedHalted));
  EXPECT_THAT(submit(3, 3, 600), FailsWith(Error::kFeedHalted));
  EXPECT_EQ(eligibility(3).reason, "FEED_HALTED");

  EXPECT_THAT(chain->call<method::Resume>(insurer, kContract, {kFeed}),
              FailsWith(Error::kNotAdministrator));
  Rules wider = rules();
  wider.max_value = 900;
  ASSERT_THAT(set_rules(wider), Succeeds());
  ASSERT_THAT(chain->call<method::Resume>(carrier, kContract, {kFeed}), Succeeds());
  submit_all(3, {700, 701, 702});
  EXPECT_EQ(read().fresh->value, 701);
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
