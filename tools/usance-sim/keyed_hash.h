// A signature scheme for the simulator only: a fast keyed hash in the place of Ed25519, which
// would take most of a simulation's time. Whoever knows the public key can forge it; the
// simulator's liars do not.
#pragma once

#include "base/signature.h"

namespace usance::sim {

class KeyedHashSigner final : public Signer {
 public:
  explicit KeyedHashSigner(const PublicKey& key) : key_(key) {}
  [[nodiscard]] PublicKey public_key() const override { return key_; }
  [[nodiscard]] Signature sign(const Hash32& digest) const override;

 private:
  PublicKey key_;
};

[[nodiscard]] const Verifier& keyed_hash_verifier();

}  // namespace usance::sim
