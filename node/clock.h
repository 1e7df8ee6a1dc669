// The clocks that the core is fed with. The wall clock can be shifted forward for development.
#pragma once

#include <atomic>
#include <chrono>

#include "base/types.h"

namespace usance::node {

class Clock {
 public:
  [[nodiscard]] TimeMs wall() const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return TimeMs(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count() + offset_.load()));
  }
  [[nodiscard]] std::uint64_t monotonic_ms() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  }
  // Returns the total offset. Only the admin service calls it, and only on a development chain.
  std::int64_t advance(std::int64_t by_ms) { return offset_.fetch_add(by_ms) + by_ms; }

 private:
  std::atomic<std::int64_t> offset_{0};
};

}  // namespace usance::node
