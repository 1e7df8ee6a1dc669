// What a node signs before its key is given a vote: that it follows the ledger and holds the key.
#pragma once

#include "base/codec.h"
#include "base/hash.h"

namespace usance {

struct Readiness {
  static constexpr std::uint16_t kTag = 0x0144;
  static constexpr std::uint8_t kVersion = 1;

  std::uint32_t node = 0;  // governance id
  PublicKey key;           // the consensus key that signs this
  Height height;           // executed there
  Hash32 result_hash;      // certified for that height

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.node);
    a(s.key);
    a(s.height);
    a(s.result_hash);
  }
};

[[nodiscard]] inline Hash32 readiness_digest(const ChainId& chain, const Readiness& readiness) {
  return tagged_hash("usance/readiness", chain, readiness);
}

}  // namespace usance
