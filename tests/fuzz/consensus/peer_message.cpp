// Every peer message and the vote record: what decodes encodes to the same bytes.
#include "consensus/snapshot_messages.h"
#include "consensus/vote_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  const ByteView in(data, size);
  if (const auto message = consensus::decode_message(in)) {
    const Bytes again = consensus::encode_message(*message);
    USANCE_INVARIANT(again == Bytes(in.begin(), in.end()));
  }
  if (const auto message = consensus::decode_snapshot_message(in)) {
    const Bytes again = consensus::encode_snapshot_message(*message);
    USANCE_INVARIANT(again == Bytes(in.begin(), in.end()));
  }
  if (const auto record = decode<consensus::VoteRecord>(in))
    USANCE_INVARIANT(encode(*record) == Bytes(in.begin(), in.end()));
  return 0;
}
