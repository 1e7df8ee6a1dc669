// The answer of a set of reports: the median of those that agree. Integers only.
#pragma once

#include <cstdint>
#include <vector>

namespace usance::oracle_aggregator::v1 {

// Of at least one value. Two middles: their mean, truncated toward zero, without overflow.
[[nodiscard]] std::int64_t median(std::vector<std::int64_t> values);

struct Aggregate {
  std::int64_t answer = 0;     // the median of what is accepted
  std::uint32_t accepted = 0;  // at least half of the values
  std::vector<bool> outlier;   // by position of the value
};

// The mean of what remains without the permille lowest and as many highest, truncated toward zero.
// Of at least one value; permille below 500. What is dropped is no outlier: somebody always is the
// lowest.
[[nodiscard]] Aggregate trimmed_mean(std::vector<std::int64_t> values, std::uint32_t permille);

// The most frequent value, the smallest of several; what says otherwise is an outlier.
[[nodiscard]] Aggregate most_frequent(const std::vector<std::int64_t>& values);

// An outlier deviates from the median by more than factor * 1.4826 * MAD, the median absolute
// deviation; by more than the tolerance when that is 0, so that one equal majority does not make
// every other honest report an outlier. Of at least one value; factor in thousandths, at least
// 1000; tolerance not negative.
[[nodiscard]] Aggregate aggregate(const std::vector<std::int64_t>& values,
                                  std::uint32_t factor_permille, std::int64_t tolerance);

}  // namespace usance::oracle_aggregator::v1
