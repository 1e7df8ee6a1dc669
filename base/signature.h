// Signatures over 32-byte digests. Signature rule 1 (part of the protocol): libsodium's single
// Ed25519 verification; non-canonical encodings and small-order keys are refused explicitly.
#pragma once

#include <memory>

#include "base/result.h"
#include "base/types.h"

namespace usance {

class Signer {
 public:
  virtual ~Signer() = default;
  [[nodiscard]] virtual PublicKey public_key() const = 0;
  [[nodiscard]] virtual Signature sign(const Hash32& digest) const = 0;
};

// Pure and thread-safe.
class Verifier {
 public:
  virtual ~Verifier() = default;
  [[nodiscard]] virtual bool verify(const PublicKey& key, const Hash32& digest,
                                    const Signature& signature) const = 0;
};

using SecretSeed = FixedBytes<32, struct SecretSeedTag>;

[[nodiscard]] std::unique_ptr<Signer> ed25519_signer(const SecretSeed& seed);
[[nodiscard]] const Verifier& ed25519_verifier();
// From the operating system's generator; for making keys, never inside consensus or contracts.
[[nodiscard]] SecretSeed generate_seed();
// Whether a key may be registered: canonical, on the curve's main subgroup, not of small order.
[[nodiscard]] bool is_acceptable_key(const PublicKey& key);

}  // namespace usance
