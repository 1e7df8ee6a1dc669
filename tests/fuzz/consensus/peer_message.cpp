// Every peer message, the vote record and evidence: what decodes encodes to the same bytes, and
// judging evidence of whoever reports it never ends the process.
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
  if (const auto evidence = decode<consensus::Evidence>(in)) {
    USANCE_INVARIANT(encode(*evidence) == Bytes(in.begin(), in.end()));
    static const ValidatorSet set = [] {
      ValidatorSet four;
      for (std::uint32_t i = 1; i <= 4; ++i) four.validators.push_back({i, OrgId("org"), {}});
      return four;
    }();
    USANCE_INVARIANT(!consensus::verify_evidence(ChainId{}, set, *evidence, ed25519_verifier()));
  }
  return 0;
}
