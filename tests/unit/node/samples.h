// Keys and hashes that tests tell apart by a number.
#pragma once

#include <memory>

#include "base/signature.h"

namespace usance::node {

inline std::unique_ptr<Signer> signer(std::uint8_t number) {
  SecretSeed seed;
  seed.bytes.fill(number);
  return ed25519_signer(seed);
}

inline Hash32 hash_of(std::uint8_t number) {
  Hash32 hash;
  hash.bytes.fill(number);
  return hash;
}

}  // namespace usance::node
