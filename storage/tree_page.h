// Pages of the state's Merkle trees (docs/spec/storage.md). A page covers four bits of the path:
// an inner page has sixteen children, a bucket holds the few leaves of a whole subtree. How leaves
// are spread over pages is this store's own business; the hashes are those of docs/spec/state.md.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "base/state_tree.h"

namespace usance::storage {

// Where a page or an object's record lies: what block `height` wrote, in order. Never changed.
struct Address {
  std::uint64_t height = 0;
  std::uint32_t index = 0;

  friend auto operator<=>(const Address&, const Address&) = default;
};
struct AddressHash {
  std::size_t operator()(const Address& a) const noexcept {
    return (a.height * 0x9e3779b97f4a7c15ULL) ^ (a.index * 0xc2b2ae3d27d4eb4fULL);
  }
};

inline constexpr std::size_t kFanout = 16;
inline constexpr std::size_t kBitsPerPage = 4;
inline constexpr std::size_t kMaxPageDepth = kMaxTreeDepth / kBitsPerPage;
inline constexpr std::size_t kBucketLeaves = 16;

// A leaf as its bucket stores it. In the tree of scopes `content` is the leaf's hash and `record`
// the object's; in a tree of items `content` is the value's hash and `record` is not used.
struct BucketLeaf {
  Hash32 path;
  Hash32 content;
  Address record;
  Hash32 hash;  // not stored: computed from path and content
};

enum class TreeKind : std::uint8_t { kScopes = 0, kItems = 1 };
[[nodiscard]] Hash32 leaf_hash(TreeKind kind, const Hash32& path, const Hash32& content);

struct TreePage {
  struct Child {
    NodeHash node;
    Address page;  // of the child's page; unused if empty
  };

  bool bucket = true;
  std::vector<BucketLeaf> leaves;  // of a bucket, strictly ascending by path
  std::vector<Child> children;     // of an inner page: sixteen
  // Not stored, computed by the two functions below.
  NodeHash root;
  std::array<NodeHash, kFanout> inside{};  // of an inner page: binary nodes 1 to 15, root first

  // The root of a bucket at `depth`, counted in pages from the tree's root.
  void hash_bucket(std::size_t depth);
  // The binary nodes above the children in the bit mask, up to the root.
  void hash_inner(std::uint32_t changed_children);
  // What the page takes in memory, roughly, in bytes.
  [[nodiscard]] std::size_t footprint() const;
};

// The child of a path in a page at `depth`.
[[nodiscard]] inline std::size_t child_index(const Hash32& path, std::size_t depth) {
  static_assert(kBitsPerPage == 4);
  return half_byte(path, depth);
}

// The hash of sorted leaves from bit `bit` on, and the way to a path among them: siblings are
// appended from the root downwards, `end` is the leaf where the way ends or null.
[[nodiscard]] NodeHash bucket_root(std::span<const BucketLeaf> leaves, std::size_t bit);
void bucket_way(std::span<const BucketLeaf> leaves, std::size_t bit, const Hash32& path,
                std::vector<Hash32>& siblings, const BucketLeaf*& end);

[[nodiscard]] Bytes encode_page(TreeKind kind, const TreePage& page);
// kMalformed for bytes that encode_page cannot have made. `depth` is where the page hangs, below
// kMaxPageDepth.
[[nodiscard]] Result<TreePage> decode_page(TreeKind kind, std::size_t depth, ByteView bytes);

}  // namespace usance::storage
