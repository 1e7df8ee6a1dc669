// Evidence bundles: bytes from anybody decode to what encodes back to them, or to an error; and
// verifying what decodes never ends the process.
#include <cstdlib>

#include "base/evidence_verify.h"
#include "base/hash.h"

namespace {

const usance::Genesis& genesis() {
  static const usance::Genesis instance = [] {
    usance::Genesis out;
    for (std::uint32_t i = 0; i < 4; ++i) {
      usance::SecretSeed seed;
      seed.bytes[0] = static_cast<std::uint8_t>(i + 1);
      usance::GenesisNode node;
      node.id = i + 1;
      node.consensus_key = usance::ed25519_signer(seed)->public_key();
      out.nodes.push_back(node);
    }
    return out;
  }();
  return instance;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const usance::ByteView in(data, size);
  static_cast<void>(usance::interface_of_module(in));
  // The contents without the file's frame, so that the fuzzer need not find a checksum.
  const auto evidence = usance::decode<usance::Evidence>(in);
  if (!evidence) return 0;
  if (usance::encode(*evidence) != usance::Bytes(in.begin(), in.end())) std::abort();
  static_cast<void>(usance::verify_evidence(*evidence, genesis(), {}, usance::ed25519_verifier()));
  usance::EvidenceOptions options;
  options.anchor = usance::Anchor{usance::Height(3), usance::Hash32{}};
  static_cast<void>(
      usance::verify_evidence(*evidence, genesis(), options, usance::ed25519_verifier()));
  return 0;
}
