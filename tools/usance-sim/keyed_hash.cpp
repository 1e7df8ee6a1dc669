#include "tools/usance-sim/keyed_hash.h"

#include <cstring>

namespace usance::sim {

namespace {

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

Signature keyed_hash(const PublicKey& key, const Hash32& digest) {
  std::array<std::uint64_t, 4> k{}, d{};
  std::memcpy(k.data(), key.bytes.data(), 32);
  std::memcpy(d.data(), digest.bytes.data(), 32);
  Signature out;
  std::uint64_t state = 0x5555'0000'1111'0000u;
  for (std::size_t i = 0; i < 4; ++i) state = mix(state ^ k[i]) + mix(d[i] ^ (state << 1));
  for (std::size_t i = 0; i < 8; ++i) {
    state = mix(state + i + d[i % 4]);
    std::memcpy(out.bytes.data() + 8 * i, &state, 8);
  }
  return out;
}

class KeyedHashVerifier final : public Verifier {
 public:
  [[nodiscard]] bool verify(const PublicKey& key, const Hash32& digest,
                            const Signature& signature) const override {
    return keyed_hash(key, digest) == signature;
  }
};

}  // namespace

Signature KeyedHashSigner::sign(const Hash32& digest) const {
  return keyed_hash(key_, digest);
}

const Verifier& keyed_hash_verifier() {
  static const KeyedHashVerifier verifier;
  return verifier;
}

}  // namespace usance::sim
