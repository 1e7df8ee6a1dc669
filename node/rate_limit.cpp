#include "node/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace usance::node {

namespace {

constexpr double kBurstSeconds = 2;

}  // namespace

void RateLimit::set(std::uint64_t per_second) {
  const std::lock_guard lock(mutex_);
  per_second_ = per_second;
}

std::optional<std::chrono::milliseconds> RateLimit::take(const OrgId& org, std::uint64_t units,
                                                         Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (per_second_ == 0) return std::nullopt;
  const auto rate = static_cast<double>(per_second_);
  const auto [at, fresh] = buckets_.try_emplace(org, Bucket{kBurstSeconds * rate, now});
  Bucket& bucket = at->second;
  const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.left = std::min(bucket.left + std::max(seconds, 0.0) * rate, kBurstSeconds * rate);
  bucket.filled = now;
  if (bucket.left < 1)
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(std::ceil((1 - bucket.left) / rate * 1'000)));
  bucket.left -= static_cast<double>(units);
  return std::nullopt;
}

}  // namespace usance::node
