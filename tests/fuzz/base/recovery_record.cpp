// Recovery records: bytes from anybody decode to what encodes back to them, or to an error; and
// judging what decodes never ends the process.
#include "base/recovery_record.h"

#include <cstdlib>

namespace {

const usance::Genesis& genesis() {
  static const usance::Genesis instance = [] {
    usance::Genesis out;
    for (std::uint32_t i = 0; i < 4; ++i) {
      usance::SecretSeed seed;
      seed.bytes[0] = static_cast<std::uint8_t>(i + 1);
      usance::GenesisNode node;
      node.id = i + 1;
      node.org = usance::OrgId("org-" + std::to_string(i));
      node.consensus_key = usance::ed25519_signer(seed)->public_key();
      out.nodes.push_back(node);
      usance::GenesisOrganisation org;
      org.id = node.org;
      org.recovery_key = node.consensus_key;
      out.organisations.push_back(org);
    }
    return out;
  }();
  return instance;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const usance::ByteView in(data, size);
  static_cast<void>(usance::read_recovery(in));
  // The contents without the file's frame, so that the fuzzer need not find a checksum.
  auto record = usance::decode<usance::RecoveryRecord>(in);
  if (!record) return 0;
  if (usance::encode(*record) != usance::Bytes(in.begin(), in.end())) std::abort();
  const std::vector<usance::ValidatorSet> known = {genesis().validators()};
  static_cast<void>(usance::verify_recovery(*record, genesis(), known, usance::ed25519_verifier()));
  // As if its heights were those of the known set, so that the rest of it is judged.
  record->chain = record->last.chain = genesis().chain_id;
  const usance::Hash32 hash = usance::validator_set_hash(record->chain, known[0]);
  record->last.epoch = known[0].epoch;
  record->last.set_hash = hash;
  static_cast<void>(usance::verify_recovery(*record, genesis(), known, usance::ed25519_verifier()));
  return 0;
}
