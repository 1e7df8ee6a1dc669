#include "storage/packed_list.h"

namespace usance::storage {

Result<PackedList> PackedList::open(ByteView bytes) {
  Decoder d(bytes);
  std::uint32_t count = 0;
  d(count);
  d.require(count <= d.remaining() / sizeof(std::uint32_t), "a list is shorter than it says");
  PackedList list;
  list.ends_.resize(d.failed() ? 0 : count);
  std::uint32_t previous = 0;
  for (std::uint32_t& end : list.ends_) {
    d(end);
    d.require(end >= previous, "a list's records overlap");
    previous = end;
  }
  d.require(previous == d.remaining(), "a list is not as long as it says");
  if (auto status = d.status(); !status) return fail(ErrorCode::kCorrupt, status.error().message);
  list.data_ = bytes.subspan(d.position());
  return list;
}

}  // namespace usance::storage
