#include "contracts/vm/memory_image.h"

#include <algorithm>
#include <cstring>

namespace usance::vm {

void MemoryImage::write(std::uint64_t address, ByteView bytes) {
  while (!bytes.empty()) {
    const std::size_t index = static_cast<std::size_t>(address >> kBlockShift);
    const std::size_t within = static_cast<std::size_t>(address & (kBlockBytes - 1));
    const std::size_t n = std::min(bytes.size(), kBlockBytes - within);
    if (index >= slots_.size()) slots_.resize(index + 1, 0);
    if (slots_[index] == 0) {
      bytes_.resize(bytes_.size() + kBlockBytes, 0);
      slots_[index] = static_cast<std::uint32_t>(bytes_.size() / kBlockBytes);
    }
    std::memcpy(bytes_.data() + (slots_[index] - 1) * kBlockBytes + within, bytes.data(), n);
    bytes = bytes.subspan(n);
    address += n;
  }
}

}  // namespace usance::vm
