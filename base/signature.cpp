#include "base/signature.h"

#include <sodium.h>

namespace usance {

namespace {

void ensure_sodium() {
  static const int ready = sodium_init();
  USANCE_INVARIANT(ready >= 0);
}

class Ed25519Signer final : public Signer {
 public:
  explicit Ed25519Signer(const SecretSeed& seed) {
    ensure_sodium();
    crypto_sign_seed_keypair(public_.bytes.data(), secret_.data(), seed.bytes.data());
  }
  ~Ed25519Signer() override { sodium_memzero(secret_.data(), secret_.size()); }
  PublicKey public_key() const override { return public_; }
  Signature sign(const Hash32& digest) const override {
    Signature out;
    crypto_sign_detached(out.bytes.data(), nullptr, digest.bytes.data(), digest.bytes.size(),
                         secret_.data());
    return out;
  }

 private:
  PublicKey public_;
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret_{};
};

class Ed25519Verifier final : public Verifier {
 public:
  Ed25519Verifier() { ensure_sodium(); }
  // libsodium 1.0.18 refuses S >= L, non-canonical and small-order A, and small-order R.
  bool verify(const PublicKey& key, const Hash32& digest,
              const Signature& signature) const override {
    return crypto_sign_verify_detached(signature.bytes.data(), digest.bytes.data(),
                                       digest.bytes.size(), key.bytes.data()) == 0;
  }
};

}  // namespace

std::unique_ptr<Signer> ed25519_signer(const SecretSeed& seed) {
  return std::make_unique<Ed25519Signer>(seed);
}

const Verifier& ed25519_verifier() {
  static const Ed25519Verifier verifier;
  return verifier;
}

SecretSeed generate_seed() {
  ensure_sodium();
  SecretSeed seed;
  randombytes_buf(seed.bytes.data(), seed.bytes.size());
  return seed;
}

bool is_acceptable_key(const PublicKey& key) {
  ensure_sodium();
  return crypto_core_ed25519_is_valid_point(key.bytes.data()) == 1;
}

}  // namespace usance
