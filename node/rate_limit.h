// How much one organisation may ask of this node: a token bucket for each, so that a member that
// asks too much slows itself and nobody else. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "base/types.h"

namespace usance::node {

class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  // Units per second; 0: no limit. An organisation that was quiet may take two seconds' worth at
  // once.
  explicit RateLimit(std::uint64_t per_second) : per_second_(per_second) {}
  void set(std::uint64_t per_second);

  // Takes `units`, or says how long until it is worth coming back. Whoever has anything left gets
  // all that it asks for and pays it off afterwards: no single request is too large for ever.
  [[nodiscard]] std::optional<std::chrono::milliseconds> take(const OrgId& org,
                                                              std::uint64_t units = 1,
                                                              Clock::time_point now = Clock::now());

 private:
  struct Bucket {
    double left = 0;
    Clock::time_point filled;
  };
  std::mutex mutex_;
  std::uint64_t per_second_;
  std::map<OrgId, Bucket> buckets_;  // of members: access.h lets nobody else in
};

}  // namespace usance::node
