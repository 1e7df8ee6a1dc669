#include "oracle_aggregator/aggregate.h"

#include <gtest/gtest.h>

namespace usance::oracle_aggregator::v1 {
namespace {

constexpr std::uint32_t kFactor = 3'500;

TEST(Median, IsTheMiddleOrTheMeanOfTheMiddlesTowardZero) {
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({9, 1, 5}), 5);
  EXPECT_EQ(median({1, 4}), 2);
  EXPECT_EQ(median({-1, -4}), -2);
  EXPECT_EQ(median({-3, 0}), -1);
  EXPECT_EQ(median({-3, 4}), 0);
  EXPECT_EQ(median({3, 3, 4, 100}), 3);
}

TEST(Median, DoesNotOverflow) {
  EXPECT_EQ(median({INT64_MAX, INT64_MAX}), INT64_MAX);
  EXPECT_EQ(median({INT64_MIN, INT64_MIN}), INT64_MIN);
  EXPECT_EQ(median({INT64_MIN, INT64_MAX}), 0);
  EXPECT_EQ(median({INT64_MAX - 1, INT64_MAX}), INT64_MAX - 1);
}

TEST(Aggregate, RejectsWhatLiesFarFromTheMedian) {
  const Aggregate out = aggregate({40, 41, 42, 43, 300}, kFactor, 0);
  EXPECT_EQ(out.outlier, (std::vector<bool>{false, false, false, false, true}));
  EXPECT_EQ(out.accepted, 4U);
  EXPECT_EQ(out.answer, 41);
}

TEST(Aggregate, KeepsTheThresholdItselfAndRejectsWhatIsBeyond) {
  // MAD 10 000 000 makes the threshold exactly 51 891 000.
  const std::vector<std::int64_t> spread{-10'000'000, 0, 10'000'000};
  std::vector<std::int64_t> at = spread;
  at.insert(at.end(), {51'891'000, -10'000'000});
  EXPECT_EQ(aggregate(at, kFactor, 0).accepted, 5U);
  at[3] = 51'891'001;
  EXPECT_EQ(aggregate(at, kFactor, 0).accepted, 4U);
}

TEST(Aggregate, UsesTheToleranceWhenMostReportsAreEqual) {
  EXPECT_EQ(aggregate({40, 40, 40, 45, 46}, kFactor, 5).outlier,
            (std::vector<bool>{false, false, false, false, true}));
  EXPECT_EQ(aggregate({40, 40, 40, 41}, kFactor, 0).accepted, 3U);
}

TEST(Aggregate, TakesTheExtremesOfItsRange) {
  const Aggregate out = aggregate({INT64_MIN, 0, INT64_MAX}, kFactor, 0);
  EXPECT_EQ(out.accepted, 3U);
  EXPECT_EQ(out.answer, 0);
  EXPECT_EQ(aggregate({0, 0, INT64_MIN}, kFactor, INT64_MAX).accepted, 2U);
}

// Whatever one liar of four reports, the answer stays between honest reports.
TEST(Aggregate, AMinorityNeverMovesTheAnswerOutOfTheHonestRange) {
  for (std::int64_t a = -3; a <= 3; ++a)
    for (std::int64_t b = a; b <= 6; b += 3)
      for (std::int64_t c = b; c <= 40; c += 17)
        for (const std::int64_t lie :
             {INT64_MIN, std::int64_t{-50}, a - 1, b, c, c + 1, std::int64_t{1'000}, INT64_MAX}) {
          const Aggregate out = aggregate({a, lie, b, c}, kFactor, 1);
          if (out.accepted < 3) continue;  // no quorum, no answer
          EXPECT_GE(out.answer, a) << a << ' ' << b << ' ' << c << ' ' << lie;
          EXPECT_LE(out.answer, c) << a << ' ' << b << ' ' << c << ' ' << lie;
        }
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
