// One version of one scope (business object): what a block left of it, and what it changed.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/state_proof.h"
#include "storage/paged_tree.h"

namespace usance::storage {

// An object up to this size carries its items in its record, so that a block writes one key per
// object; a larger one keeps them in a tree of pages and in the family of items, for good.
inline constexpr std::size_t kInlineItems = 32;
inline constexpr std::size_t kInlineBytes = 4096;
inline constexpr std::size_t kMaxRecordChanges = 1'000'000;  // of one object in one block

struct ObjectItem {
  Bytes item;
  Bytes value;
  // Not stored.
  Hash32 path;
  Hash32 leaf_hash;

  ObjectItem() = default;
  ObjectItem(Bytes item_bytes, Bytes value_bytes);
  // Computes the hashes again; returns the value's.
  Hash32 set_value(const Bytes& new_value);
};

struct ObjectChange {
  std::uint32_t action = 0;
  Bytes item;
  std::optional<Bytes> value;  // nothing: deleted
};

struct Object {
  std::string contract;
  Bytes scope;
  ScopeSummary summary;
  std::uint64_t created = 0;        // height
  std::optional<Address> previous;  // the record before this one; never in ephemeral scopes
  bool paged = false;
  std::vector<ObjectItem> items;      // unless paged; ascending by item
  TreeVersion items_tree;             // if paged
  std::vector<ObjectChange> changes;  // of this height, in order; only in a decoded record

  [[nodiscard]] const ObjectItem* find(const Bytes& item) const;
  // Of the items that are here.
  [[nodiscard]] Hash32 inline_root() const;
  [[nodiscard]] std::size_t footprint() const;
};

// "deposit/6163636f756e74": for messages.
[[nodiscard]] std::string describe_scope(std::string_view contract, ByteView scope);

// `changes` are those of this height, in the order of the history; none in ephemeral scopes.
[[nodiscard]] Bytes encode_object(const Object& object,
                                  std::span<const StateChange* const> changes);
[[nodiscard]] Result<Object> decode_object(ByteView bytes);

// kCorrupt unless the record is that of this leaf of the tree of scopes and its items, if they are
// here, have the root it says.
[[nodiscard]] Result<void> check_object(const Object& object, const BucketLeaf& leaf);

}  // namespace usance::storage
