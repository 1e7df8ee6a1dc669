// Proofs about the state under a result header's state root, and the hashes they are made of.
// Pure functions: the offline verifier and the store share them. docs/spec/state.md has the
// shapes and test vectors.
//
// The state is a sparse binary Merkle tree of scopes; every scope is a sparse binary Merkle tree
// of its items and commits to all changes it ever had. A proof never says what it is about: the
// verifier passes the key, so that a proof for one key cannot stand for another.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/codec.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/state.h"

namespace usance {

// The paths and hashes of docs/spec/state.md.
[[nodiscard]] Hash32 scope_path(std::string_view contract, ByteView scope);
[[nodiscard]] Hash32 item_path(ByteView item);
[[nodiscard]] Hash32 value_hash(ByteView value);
inline constexpr Hash32 kDeletedValue{};  // stands for the value hash of a deletion
inline constexpr Hash32 kEmptyTree{};     // the root of a tree without leaves

// Bit i of a path, from the most significant bit of its first byte: false goes left.
[[nodiscard]] inline bool path_bit(const Hash32& path, std::size_t i) {
  return ((path.bytes[i / 8] >> (7 - i % 8)) & 1) != 0;
}

// What a scope's leaf commits to besides its path.
struct ScopeSummary {
  static constexpr std::uint16_t kTag = 0x0180;
  static constexpr std::uint8_t kVersion = 1;

  Hash32 object_root;              // of the tree of items
  std::uint64_t item_count = 0;    // items that exist
  std::uint64_t change_count = 0;  // changes ever made; 0 in ephemeral scopes
  Hash32 history_head;             // of the chain of changes; zero before the first

  friend bool operator==(const ScopeSummary&, const ScopeSummary&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.object_root);
    a(s.item_count);
    a(s.change_count);
    a(s.history_head);
  }
};

[[nodiscard]] Hash32 scope_leaf_hash(const Hash32& path, const ScopeSummary& summary);
[[nodiscard]] Hash32 item_leaf_hash(const Hash32& path, const Hash32& value_hash);
// The head after change number `number` (from 1) of an object.
[[nodiscard]] Hash32 next_history_head(const Hash32& head, std::uint64_t number, Height height,
                                       std::uint32_t action, const Hash32& item_path,
                                       const Hash32& value_hash);

struct TreeLeaf {
  Hash32 path;
  Hash32 hash;
};
// The root over leaves in strictly ascending order of path: none is kEmptyTree, one is its hash,
// more are H(0x01, left, right) split by the next bit. `depth` is the bit where the tree begins.
[[nodiscard]] Hash32 sparse_root(std::span<const TreeLeaf> leaves, std::size_t depth = 0);
// The root of an object with these items; they must be distinct, in any order.
[[nodiscard]] Hash32 object_root(std::span<const StateItem> items);

inline constexpr std::size_t kMaxTreeDepth = 256;
inline constexpr std::size_t kMaxProofItems = 100'000;    // of a scope proof
inline constexpr std::size_t kMaxProofChanges = 200'000;  // of a completeness proof

// The way from the root to where a path ends: at its own leaf (present), at another leaf or at an
// empty slot (absent).
struct ScopePath {
  static constexpr std::uint16_t kTag = 0x0181;
  static constexpr std::uint8_t kVersion = 1;

  struct Leaf {
    static constexpr std::uint16_t kTag = 0x0182;
    static constexpr std::uint8_t kVersion = 1;
    Hash32 path;
    ScopeSummary summary;

    friend bool operator==(const Leaf&, const Leaf&) = default;
    template <class Self, class Archive>
    static void fields(Self& s, Archive& a) {
      a(s.path);
      a(s.summary);
    }
  };
  std::vector<Hash32> siblings;  // from the root downwards
  std::optional<Leaf> leaf;      // nothing: the way ends in an empty slot

  friend bool operator==(const ScopePath&, const ScopePath&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.vector(s.siblings, kMaxTreeDepth);
    a.optional(s.leaf);
  }
};

struct ItemPath {
  static constexpr std::uint16_t kTag = 0x0183;
  static constexpr std::uint8_t kVersion = 1;

  struct Leaf {
    static constexpr std::uint16_t kTag = 0x0184;
    static constexpr std::uint8_t kVersion = 1;
    Hash32 path;
    Hash32 value_hash;

    friend bool operator==(const Leaf&, const Leaf&) = default;
    template <class Self, class Archive>
    static void fields(Self& s, Archive& a) {
      a(s.path);
      a(s.value_hash);
    }
  };
  std::vector<Hash32> siblings;
  std::optional<Leaf> leaf;

  friend bool operator==(const ItemPath&, const ItemPath&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.vector(s.siblings, kMaxTreeDepth);
    a.optional(s.leaf);
  }
};

// One item has this value, or none.
struct StateProof {
  static constexpr std::uint16_t kTag = 0x0185;
  static constexpr std::uint8_t kVersion = 1;

  ScopePath scope;
  std::optional<ItemPath> item;  // present exactly if the scope is
  bool has_value = false;
  Bytes value;  // empty unless has_value

  friend bool operator==(const StateProof&, const StateProof&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.scope);
    a.optional(s.item);
    a(s.has_value);
    a.bytes(s.value, limits::kMaxValueBytes);
    a.require(s.has_value || s.value.empty(), "an absent item has no value");
  }
};

struct ProvenItem {
  static constexpr std::uint16_t kTag = 0x0186;
  static constexpr std::uint8_t kVersion = 1;
  Bytes item;
  Bytes value;

  friend bool operator==(const ProvenItem&, const ProvenItem&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.bytes(s.item, limits::kMaxItemBytes);
    a.bytes(s.value, limits::kMaxValueBytes);
  }
};

// These are all items of an object.
struct ScopeProof {
  static constexpr std::uint16_t kTag = 0x0187;
  static constexpr std::uint8_t kVersion = 1;

  ScopePath scope;
  std::vector<ProvenItem> items;  // strictly ascending by item

  friend bool operator==(const ScopeProof&, const ScopeProof&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.scope);
    a.vector(s.items, kMaxProofItems);
  }
};

// One change of an object: by action `action` of block `height`.
struct ScopeChange {
  static constexpr std::uint16_t kTag = 0x0188;
  static constexpr std::uint8_t kVersion = 1;

  enum class Kind : std::uint8_t {
    kDeleted = 0,
    kPut = 1,     // the value is here
    kErased = 2,  // the value is no longer held; its hash stands for it
  };

  Height height;
  std::uint32_t action = 0;
  Bytes item;
  Kind kind = Kind::kDeleted;
  Bytes value;        // empty unless kPut
  Hash32 value_hash;  // zero unless kErased

  friend bool operator==(const ScopeChange&, const ScopeChange&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.action);
    a.bytes(s.item, limits::kMaxItemBytes);
    a.within(s.kind, Kind::kDeleted, Kind::kErased);
    if (s.kind == Kind::kPut) a.bytes(s.value, limits::kMaxValueBytes);
    if (s.kind == Kind::kErased) {
      a(s.value_hash);
      // Zero stands for a deletion: an erased value must not pass for one, or the reverse.
      a.require(s.value_hash != kDeletedValue, "an erased value has a hash");
    }
  }
};
// What the change contributes to the history head.
[[nodiscard]] Hash32 changed_value_hash(const ScopeChange& change);

// These are all changes of an object, in order, up to the root's height.
struct CompletenessProof {
  static constexpr std::uint16_t kTag = 0x0189;
  static constexpr std::uint8_t kVersion = 1;

  ScopePath scope;
  std::vector<ScopeChange> changes;

  friend bool operator==(const CompletenessProof&, const CompletenessProof&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.scope);
    a.vector(s.changes, kMaxProofChanges);
  }
};

// All verifiers: kMalformed when the proof's parts do not fit together, kBadSignature when its
// hashes do not lead to the root. None of them allocates more than the proof's own size.

// The scope's summary, or nothing if the proof shows that the scope does not exist.
[[nodiscard]] Result<std::optional<ScopeSummary>> verify_scope_path(const Hash32& state_root,
                                                                    std::string_view contract,
                                                                    ByteView scope,
                                                                    const ScopePath& path);
// The item's value, or nothing if the proof shows that it does not exist.
[[nodiscard]] Result<std::optional<Bytes>> verify_state_proof(const Hash32& state_root,
                                                              const StateKey& key,
                                                              const StateProof& proof);
// Success: proof.items are exactly the items of the scope (none: it is empty or does not exist).
[[nodiscard]] Result<void> verify_scope_proof(const Hash32& state_root, std::string_view contract,
                                              ByteView scope, const ScopeProof& proof);
// Success: proof.changes are exactly the changes that the scope ever had. kInvalidArgument for an
// ephemeral contract, which keeps no history.
[[nodiscard]] Result<void> verify_completeness_proof(const Hash32& state_root,
                                                     std::string_view contract, ByteView scope,
                                                     const CompletenessProof& proof);

// The items of an object after block `height`, from its complete list of changes, ascending by
// item; the value of one whose latest change is kErased is empty and its hash is given.
struct ReplayedItem {
  Bytes item;
  std::optional<Bytes> value;  // nothing: erased
  Hash32 value_hash;
};
[[nodiscard]] std::vector<ReplayedItem> replay_changes(std::span<const ScopeChange> changes,
                                                       Height height);

}  // namespace usance
