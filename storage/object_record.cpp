#include "storage/object_record.h"

#include <algorithm>

namespace usance::storage {

namespace {

constexpr std::uint8_t kObjectVersion = 1;

enum class ChangeForm : std::uint8_t {
  kDeleted = 0,
  kValue = 1,
  kAsItem = 2,  // the value that the item has in this record: most changes are the last of theirs
};

void encode_tree(Encoder& e, const TreeVersion& tree) {
  e(tree.root.kind);
  e(tree.page.height);
  e(tree.page.index);
}

void decode_tree(Decoder& d, TreeVersion& tree) {
  d.within(tree.root.kind, NodeHash::Kind::kEmpty, NodeHash::Kind::kNode);
  d(tree.page.height);
  d(tree.page.index);
}

}  // namespace

ObjectItem::ObjectItem(Bytes item_bytes, Bytes value_bytes)
    : item(std::move(item_bytes)),
      value(std::move(value_bytes)),
      path(item_path(item)),
      leaf_hash(item_leaf_hash(path, value_hash(value))) {}

Hash32 ObjectItem::set_value(const Bytes& new_value) {
  value = new_value;
  const Hash32 hash = value_hash(value);
  leaf_hash = item_leaf_hash(path, hash);
  return hash;
}

const ObjectItem* Object::find(const Bytes& item) const {
  const auto it = std::lower_bound(
      items.begin(), items.end(), item,
      [](const ObjectItem& held, const Bytes& wanted) { return held.item < wanted; });
  return it != items.end() && it->item == item ? &*it : nullptr;
}

Hash32 Object::inline_root() const {
  std::vector<TreeLeaf> leaves;
  leaves.reserve(items.size());
  for (const ObjectItem& item : items) leaves.push_back({item.path, item.leaf_hash});
  std::sort(leaves.begin(), leaves.end(),
            [](const TreeLeaf& a, const TreeLeaf& b) { return a.path < b.path; });
  return sparse_root(leaves);
}

std::size_t Object::footprint() const {
  std::size_t bytes = sizeof *this + contract.size() + scope.size();
  for (const ObjectItem& item : items) bytes += sizeof item + item.item.size() + item.value.size();
  for (const ObjectChange& change : changes)
    bytes += sizeof change + change.item.size() + (change.value ? change.value->size() : 0);
  return bytes;
}

std::string describe_scope(std::string_view contract, ByteView scope) {
  return std::string(contract) + "/" + to_hex(scope);
}

Bytes encode_object(const Object& object, std::span<const StateChange* const> changes) {
  Encoder e;
  e.reserve(object.footprint() + 64 * changes.size());
  e(kObjectVersion);
  e.text(object.contract, limits::kMaxNameBytes);
  e.bytes(object.scope, limits::kMaxScopeBytes);
  e(object.summary.object_root);
  e(object.summary.item_count);
  e(object.summary.change_count);
  e(object.summary.history_head);
  e(object.created);
  e(object.previous.has_value());
  if (object.previous) {
    e(object.previous->height);
    e(object.previous->index);
  }
  e(object.paged);
  if (object.paged) {
    encode_tree(e, object.items_tree);
  } else {
    e(static_cast<std::uint32_t>(object.items.size()));
    for (const ObjectItem& item : object.items) {
      e.bytes(item.item, limits::kMaxItemBytes);
      e.bytes(item.value, limits::kMaxValueBytes);
    }
  }
  e(static_cast<std::uint32_t>(changes.size()));
  for (const StateChange* change : changes) {
    e(change->action);
    e.bytes(change->key.item, limits::kMaxItemBytes);
    if (!change->value) {
      e(ChangeForm::kDeleted);
      continue;
    }
    const ObjectItem* held = object.find(change->key.item);
    if (held != nullptr && held->value == *change->value) {
      e(ChangeForm::kAsItem);
    } else {
      e(ChangeForm::kValue);
      e.bytes(*change->value, limits::kMaxValueBytes);
    }
  }
  return std::move(e).take();
}

Result<Object> decode_object(ByteView bytes) {
  Decoder d(bytes);
  Object object;
  std::uint8_t version = 0;
  d.within(version, kObjectVersion, kObjectVersion);
  d.text(object.contract, limits::kMaxNameBytes);
  d.bytes(object.scope, limits::kMaxScopeBytes);
  d(object.summary.object_root);
  d(object.summary.item_count);
  d(object.summary.change_count);
  d(object.summary.history_head);
  d(object.created);
  bool has_previous = false;
  d(has_previous);
  if (has_previous) {
    object.previous.emplace();
    d(object.previous->height);
    d(object.previous->index);
  }
  d(object.paged);
  if (object.paged) {
    decode_tree(d, object.items_tree);
    object.items_tree.root.hash = object.summary.object_root;
  } else {
    std::uint32_t count = 0;
    d.within(count, std::size_t{0}, kInlineItems);
    for (std::uint32_t i = 0; i < count && !d.failed(); ++i) {
      Bytes item;
      Bytes value;
      d.bytes(item, limits::kMaxItemBytes);
      d.bytes(value, limits::kMaxValueBytes);
      if (!object.items.empty())
        d.require(object.items.back().item < item, "an object's items are out of order");
      object.items.emplace_back(std::move(item), std::move(value));
    }
  }
  std::uint32_t count = 0;
  d.within(count, std::size_t{0}, kMaxRecordChanges);
  for (std::uint32_t i = 0; i < count && !d.failed(); ++i) {
    ObjectChange& change = object.changes.emplace_back();
    ChangeForm form{};
    d(change.action);
    d.bytes(change.item, limits::kMaxItemBytes);
    d.within(form, ChangeForm::kDeleted, ChangeForm::kAsItem);
    if (form == ChangeForm::kValue) d.bytes(change.value.emplace(), limits::kMaxValueBytes);
    if (form == ChangeForm::kAsItem) {
      const ObjectItem* held = object.find(change.item);
      d.require(held != nullptr, "a change refers to an item that is not there");
      if (held != nullptr) change.value = held->value;
    }
  }
  USANCE_TRY(d.finish());
  return object;
}

Result<void> check_object(const Object& object, const BucketLeaf& leaf) {
  const auto differs = [&object](const char* what) {
    return fail(ErrorCode::kCorrupt,
                "object " + describe_scope(object.contract, object.scope) + ": " + what);
  };
  if (scope_path(object.contract, object.scope) != leaf.path)
    return differs("its record lies at another object's place in the tree");
  if (!object.paged && object.inline_root() != object.summary.object_root)
    return differs("its items do not have the root that its record says");
  if (scope_leaf_hash(leaf.path, object.summary) != leaf.content)
    return differs("its record does not have the hash that the tree says");
  return {};
}

}  // namespace usance::storage
