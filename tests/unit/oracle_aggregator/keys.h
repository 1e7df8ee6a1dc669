// Keys of devices and oracles, by number, and what they sign.
#pragma once

#include <memory>

#include "base/hash.h"
#include "base/signature.h"

namespace usance::oracle_aggregator::v1 {

inline std::unique_ptr<Signer> signer(int number) {
  SecretSeed seed;
  seed.bytes.fill(static_cast<std::uint8_t>(number + 1));
  return ed25519_signer(seed);
}
inline Bytes key(int number) {
  const PublicKey key = signer(number)->public_key();
  return {key.bytes.begin(), key.bytes.end()};
}
inline Bytes sign(int number, const Bytes& statement) {
  const Signature signature = signer(number)->sign(sha256(statement));
  return {signature.bytes.begin(), signature.bytes.end()};
}

}  // namespace usance::oracle_aggregator::v1
