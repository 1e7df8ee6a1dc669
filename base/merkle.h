// Merkle trees of the RFC 9162 shape (section 2.1): leaves H(0x00, data), nodes H(0x01, l, r), a
// tree of n leaves split at the largest power of two below n; the root of no leaves is H("").
#pragma once

#include <bit>
#include <vector>

#include "base/codec.h"
#include "base/types.h"

namespace usance {

[[nodiscard]] Hash32 merkle_leaf(ByteView data);
[[nodiscard]] Hash32 merkle_node(const Hash32& left, const Hash32& right);
// Over leaf hashes already made by merkle_leaf.
[[nodiscard]] Hash32 merkle_root(const std::vector<Hash32>& leaves);
// The root with the number of leaves bound to it: H(0x02, u64 count, root). Used wherever a tree
// stands for "exactly these", so that nobody can pass a subtree for the whole.
[[nodiscard]] Hash32 counted_root(std::uint64_t count, const Hash32& root);

struct MerklePath {
  static constexpr std::uint16_t kTag = 0x0101;
  static constexpr std::uint8_t kVersion = 1;
  std::uint64_t index = 0;
  std::uint64_t size = 0;  // leaves in the tree
  std::vector<Hash32> siblings;

  friend bool operator==(const MerklePath&, const MerklePath&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.index);
    a(s.size);
    a.vector(s.siblings, 64);
  }
};

[[nodiscard]] MerklePath merkle_path(const std::vector<Hash32>& leaves, std::size_t index);
// The root that the path leads to, or an error if the path's shape does not fit its index and
// size (RFC 9162, section 2.1.3.2).
[[nodiscard]] Result<Hash32> merkle_path_root(const Hash32& leaf, const MerklePath& path);

// An append-only tree that keeps only what further appends need: one node per set bit of size.
struct MerkleFrontier {
  static constexpr std::uint16_t kTag = 0x0102;
  static constexpr std::uint8_t kVersion = 1;
  std::uint64_t size = 0;
  std::vector<Hash32> peaks;  // from the largest subtree to the smallest

  friend bool operator==(const MerkleFrontier&, const MerkleFrontier&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.size);
    a.vector(s.peaks, 64);
    a.require(s.peaks.size() == static_cast<std::size_t>(std::popcount(s.size)),
              "a frontier keeps one peak per set bit of its size");
  }
  void append(const Hash32& leaf);
  [[nodiscard]] Hash32 root() const;
};

// That the tree of old_size leaves is a prefix of the tree of new_size leaves (RFC 9162, 2.1.4).
[[nodiscard]] std::vector<Hash32> consistency_path(const std::vector<Hash32>& leaves,
                                                   std::size_t old_size);
[[nodiscard]] Result<void> verify_consistency(std::uint64_t old_size, const Hash32& old_root,
                                              std::uint64_t new_size, const Hash32& new_root,
                                              const std::vector<Hash32>& path);

}  // namespace usance
