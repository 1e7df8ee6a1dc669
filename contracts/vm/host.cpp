#include "contracts/vm/host.h"

#include "contracts/vm/memory.h"

namespace usance::vm {

std::optional<ByteView> HostFrame::read(std::uint32_t pointer, std::uint32_t length) const {
  if (memory_ == nullptr || !memory_->contains(pointer, length)) return std::nullopt;
  return ByteView(memory_->data() + pointer, length);
}

bool HostFrame::write(std::uint32_t pointer, ByteView bytes) {
  if (memory_ == nullptr || !memory_->contains(pointer, bytes.size())) return false;
  memory_->write(pointer, bytes);
  return true;
}

}  // namespace usance::vm
