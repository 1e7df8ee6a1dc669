#include "oracle_aggregator/aggregate.h"

#include <algorithm>

namespace usance::oracle_aggregator::v1 {
namespace {

__extension__ using Wide = unsigned __int128;

// A plain insertion sort: there are at most 64 values, and it compiles to little code.
template <class T>
void sort(std::vector<T>& values) {
  for (std::size_t i = 1; i < values.size(); ++i)
    for (std::size_t k = i; k > 0 && values[k] < values[k - 1]; --k)
      std::swap(values[k], values[k - 1]);
}

std::uint64_t distance(std::int64_t a, std::int64_t b) {
  const std::int64_t high = std::max(a, b);
  const std::int64_t low = std::min(a, b);
  return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
}

// Of at least one; two middles: their mean, rounded down.
std::uint64_t median_distance(std::vector<std::uint64_t> distances) {
  sort(distances);
  const std::size_t middle = distances.size() / 2;
  if (distances.size() % 2 != 0) return distances[middle];
  const std::uint64_t low = distances[middle - 1];
  return low + (distances[middle] - low) / 2;
}

}  // namespace

std::int64_t median(std::vector<std::int64_t> values) {
  sort(values);
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 != 0) return values[middle];
  const std::int64_t low = values[middle - 1];
  const std::int64_t high = values[middle];
  if ((low < 0) != (high < 0)) return (low + high) / 2;
  return low / 2 + high / 2 + (low % 2 + high % 2) / 2;
}

Aggregate trimmed_mean(std::vector<std::int64_t> values, std::uint32_t permille) {
  sort(values);
  const std::size_t drop = values.size() * permille / 1'000;
  __extension__ using Sum = __int128;
  Sum sum = 0;
  for (std::size_t i = drop; i < values.size() - drop; ++i) sum += values[i];
  Aggregate out;
  out.accepted = static_cast<std::uint32_t>(values.size() - 2 * drop);
  out.answer = static_cast<std::int64_t>(sum / out.accepted);
  out.outlier.assign(values.size(), false);
  return out;
}

Aggregate most_frequent(const std::vector<std::int64_t>& values) {
  Aggregate out;
  for (const std::int64_t value : values) {
    const auto votes = static_cast<std::uint32_t>(std::count(values.begin(), values.end(), value));
    if (votes < out.accepted || (votes == out.accepted && value >= out.answer)) continue;
    out.accepted = votes;
    out.answer = value;
  }
  for (const std::int64_t value : values) out.outlier.push_back(value != out.answer);
  return out;
}

Aggregate aggregate(const std::vector<std::int64_t>& values, std::uint32_t factor_permille,
                    std::int64_t tolerance) {
  const std::int64_t centre = median(values);
  std::vector<std::uint64_t> distances;
  for (const std::int64_t value : values) distances.push_back(distance(value, centre));
  const std::uint64_t spread = median_distance(distances);

  Aggregate out;
  std::vector<std::int64_t> accepted;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool far =
        spread == 0 ? distances[i] > static_cast<std::uint64_t>(tolerance)
                    : Wide{distances[i]} * 10'000'000 > Wide{spread} * factor_permille * 14'826;
    out.outlier.push_back(far);
    if (!far) accepted.push_back(values[i]);
  }
  out.accepted = static_cast<std::uint32_t>(accepted.size());
  // Without any (an even count around an empty middle) the answer is not used.
  out.answer = accepted.empty() ? centre : median(std::move(accepted));
  return out;
}

}  // namespace usance::oracle_aggregator::v1
