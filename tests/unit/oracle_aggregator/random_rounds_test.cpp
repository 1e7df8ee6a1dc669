// Thousands of random actions by oracles of whom one lies, by arbiters, by people without a part,
// and by the clock. Whatever happens: an answer lies between honest reports, a final one changes no
// more, rounds count up by one, marks are made once, and the same actions come to the same state.
#include <map>
#include <random>

#include "feed_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class RandomRounds : public FeedTest {
 protected:
  static constexpr int kLiar = 4;
  static constexpr std::int64_t kHonestLow = 40;
  static constexpr std::int64_t kHonestHigh = 46;
  static constexpr std::int64_t kAppealMs = 30'000;

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  static Rules of(Method method) {
    Rules out = rules();
    out.method = method;
    out.trim_permille = 250;
    out.appeal_ms = kAppealMs;
    out.arbiters = {"insurer", "oracle-6", "oracle-7"};
    out.arbiters_needed = 2;
    return out;
  }
  Caller arbiter() { return below(2) == 0 ? insurer : oracle(6); }

  void act_once() {
    const std::uint64_t newest = feed().reporting_round;
    const std::uint64_t number = newest + below(3) - (newest > 0 ? 1 : 0);
    switch (below(14)) {
      case 0: chain->advance_by(below(kAppealMs)); break;
      case 1: chain->advance_by(kTimeoutMs); break;
      case 2:
        (void)chain->call<method::Appeal>(below(2) == 0 ? carrier : oracle(1), kContract,
                                          {kFeed, number, "doubt"});
        break;
      case 3:
        (void)chain->call<method::DecideAppeal>(arbiter(), kContract,
                                                {kFeed, number, below(3) != 0});
        break;
      case 4: (void)chain->call<method::RequestRound>(carrier, kContract, {kFeed}); break;
      case 5:  // the liar alone can neither invalidate a round nor halt the feed
        (void)chain->call<method::ReportOutOfRange>(oracle(kLiar), kContract,
                                                    {kFeed, number, true});
        break;
      default: {
        const int who = static_cast<int>(below(6)) + 1;  // the sixth is no oracle of the feed
        const std::int64_t honest = kHonestLow + below(kHonestHigh - kHonestLow + 1);
        const std::int64_t lie = static_cast<std::int64_t>(below(1'400)) - 600;
        (void)submit(who, number, who == kLiar ? lie : honest);
      }
    }
  }
  void expect_sound() {
    const Feed now = feed();
    EXPECT_EQ(now.halted_by_round, 0U);
    EXPECT_GE(now.reporting_round, newest_);
    newest_ = now.reporting_round;
    for (std::uint64_t number = newest_ > 4 ? newest_ - 4 : 1; number <= newest_; ++number) {
      const Round each = round(number);
      EXPECT_EQ(each.round, number);
      EXPECT_LE(each.submissions.size(), each.rules.max_submissions);
      if (each.answer) {
        EXPECT_GE(*each.answer, kHonestLow) << "round " << number;
        EXPECT_LE(*each.answer, kHonestHigh) << "round " << number;
        EXPECT_GE(each.submissions.size(), each.rules.min_submissions);
      }
      const auto known = final_.find(number);
      if (known != final_.end())
        EXPECT_EQ(each.answer, known->second) << "a final answer has changed";
      else if (each.final)
        final_.emplace(number, each.answer);
    }
    const Answer answer = read();
    const int kinds = answer.fresh.has_value() + answer.stale.has_value() +
                      answer.disputed.has_value() + answer.no_data.has_value();
    EXPECT_EQ(kinds, 1);
    EXPECT_TRUE(!answer.fresh || answer.fresh->age_ms <= kMaxAgeMs);
    EXPECT_TRUE(!answer.stale || answer.stale->age_ms > kMaxAgeMs);
    for (int who = 1; who <= 5; ++who) {
      const Reputation reputation =
          chain->view<method::GetOracle>(insurer, kContract, {oracle(who).organisation})
              .response.reputation;
      EXPECT_LE(reputation.assigned, newest_);
      EXPECT_LE(reputation.completed, reputation.assigned);
      EXPECT_LE(reputation.score, 10'000U);
    }
  }
  std::vector<Round> run(std::uint32_t seed, Method method, int actions) {
    random_.seed(seed);
    newest_ = 0;
    final_.clear();
    EXPECT_THAT(set_rules(of(method)), Succeeds());
    for (int i = 0; i < actions && !HasFailure(); ++i) {
      act_once();
      if (i % 10 == 0) expect_sound();
    }
    std::vector<Round> out;
    for (std::uint64_t number = 1; number <= newest_; ++number) out.push_back(round(number));
    return out;
  }

  std::mt19937 random_;
  std::uint64_t newest_ = 0;
  std::map<std::uint64_t, std::optional<std::int64_t>> final_;
};
USANCE_ON_EVERY_CHAIN(RandomRounds);

TEST_P(RandomRounds, TheLiarMovesNothing) {
  for (const Method method : {Method::kMedianWithoutOutliers, Method::kMedian}) {
    const auto rounds = run(20'261'122, method, 1'500);
    EXPECT_GT(rounds.size(), 30U);
    EXPECT_GT(final_.size(), 10U);
    SetUp();
  }
}

TEST_P(RandomRounds, ComeToTheSameWhenReplayed) {
  const auto first = run(9, Method::kMedianWithoutOutliers, 400);
  SetUp();
  EXPECT_EQ(first, run(9, Method::kMedianWithoutOutliers, 400));
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
