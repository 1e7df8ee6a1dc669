#include "consensus/snapshot_messages.h"

#include "consensus/tagged_message.h"

namespace usance::consensus {

bool is_snapshot_message(ByteView bytes) {
  const auto tag = tag_of_message(bytes);
  return tag && *tag >= FetchSnapshot::kTag && *tag <= SnapshotGone::kTag;
}

Bytes encode_snapshot_message(const SnapshotMessage& message) {
  const auto encoded = [](const auto& which) {
    return std::visit([](const auto& m) { return encode(m); }, which);
  };
  return std::visit(encoded, message);
}

Result<SnapshotMessage> decode_snapshot_message(ByteView bytes) {
  USANCE_ASSIGN(const std::uint16_t tag, tag_of_message(bytes));
  if (tag == FetchSnapshot::kTag || tag == FetchState::kTag || tag == FetchOutcomes::kTag) {
    USANCE_ASSIGN(const auto request, decode_alternative<SnapshotRequest>(tag, bytes));
    return SnapshotMessage(request);
  }
  USANCE_ASSIGN(auto answer, decode_alternative<SnapshotAnswer>(tag, bytes));
  return SnapshotMessage(std::move(answer));
}

}  // namespace usance::consensus
