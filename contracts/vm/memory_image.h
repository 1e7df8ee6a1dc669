// A memory's initial content, kept only where it is not zero, so that a reset copies what a call
// has written and nothing else.
#pragma once

#include <cstdint>
#include <vector>

#include "contracts/vm/types.h"

namespace usance::vm {

// Granularity of dirty tracking and of images.
inline constexpr std::size_t kBlockShift = 12;
inline constexpr std::size_t kBlockBytes = std::size_t{1} << kBlockShift;

class MemoryImage {
 public:
  // Lays `bytes` at `address`; the caller has checked the range against the memory's size.
  void write(std::uint64_t address, ByteView bytes);
  // The content of a block of kBlockBytes, or null when it is all zero.
  [[nodiscard]] const std::uint8_t* block(std::size_t index) const {
    if (index >= slots_.size() || slots_[index] == 0) return nullptr;
    return bytes_.data() + (slots_[index] - 1) * kBlockBytes;
  }
  [[nodiscard]] std::size_t blocks() const { return slots_.size(); }
  [[nodiscard]] std::size_t footprint() const { return bytes_.size() + 4 * slots_.size(); }

 private:
  std::vector<std::uint32_t> slots_;  // 0, or 1 + position among the stored blocks
  Bytes bytes_;
};

}  // namespace usance::vm
