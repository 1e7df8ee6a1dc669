// Where a generator's decisions come from: a seed, or bytes that a fuzzer shapes. The same source
// gives the same decisions in every build.
#pragma once

#include <cstdint>
#include <utility>

#include "base/types.h"

namespace usance::tools {

class Choices {
 public:
  explicit Choices(std::uint64_t seed) : state_(seed) {}
  // One byte a decision, while they last.
  explicit Choices(ByteView bytes) : bytes_(bytes) {}

  std::uint64_t word() {
    if (!bytes_.empty()) {
      const std::uint8_t byte = bytes_.front();
      bytes_ = bytes_.subspan(1);
      return byte;
    }
    // SplitMix64.
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // From 0 to n - 1; n is above 0.
  std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(word() % n); }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class List>
  auto& of(List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::uint64_t state_ = 0;
  ByteView bytes_;
};

}  // namespace usance::tools
