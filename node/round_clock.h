// How long this node's rounds take: from its first vote on a block of a height to the decision.
// One thread calls voted() and decided(); any thread reads.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/types.h"

namespace usance::node {

class RoundClock {
 public:
  // Upper bounds in seconds; one more bucket holds what is longer.
  static constexpr std::array<double, 9> kBounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

  void voted(Height height) {
    if (open_ && *open_ == height) return;  // a later vote of the same round, or a later view
    open_ = height;
    since_ = std::chrono::steady_clock::now();
  }
  void decided(Height height) {
    if (!open_ || *open_ != height) return;  // learnt from others' certificates
    open_.reset();
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - since_);
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && took.count() > kBounds[bucket]) ++bucket;
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    microseconds_.fetch_add(static_cast<std::uint64_t>(took.count() * 1e6),
                            std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t count(std::size_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  [[nodiscard]] double sum_seconds() const {
    return static_cast<double>(microseconds_.load(std::memory_order_relaxed)) / 1e6;
  }

 private:
  std::optional<Height> open_;
  std::chrono::steady_clock::time_point since_;
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> microseconds_{0};
};

}  // namespace usance::node
