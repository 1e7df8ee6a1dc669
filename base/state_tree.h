// How nodes of the state's trees combine, and how a path runs down them (docs/spec/state.md).
#pragma once

#include "base/merkle.h"
#include "base/state_proof.h"

namespace usance {

// The hash of a subtree. A subtree of one leaf is that leaf, however deep it hangs.
struct NodeHash {
  enum class Kind : std::uint8_t { kEmpty = 0, kLeaf = 1, kNode = 2 };
  Kind kind = Kind::kEmpty;
  Hash32 hash;  // kEmptyTree if empty

  friend bool operator==(const NodeHash&, const NodeHash&) = default;
};
[[nodiscard]] inline NodeHash combine(const NodeHash& left, const NodeHash& right) {
  using Kind = NodeHash::Kind;
  if (left.kind == Kind::kEmpty && right.kind != Kind::kNode) return right;
  if (right.kind == Kind::kEmpty && left.kind != Kind::kNode) return left;
  return {Kind::kNode, merkle_node(left.hash, right.hash)};
}

// Four bits of a path, the first ones first.
[[nodiscard]] inline std::size_t half_byte(const Hash32& path, std::size_t at) {
  const std::uint8_t byte = path.bytes[at / 2];
  return at % 2 == 0 ? byte >> 4 : byte & 15;
}

}  // namespace usance
