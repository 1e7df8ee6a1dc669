// Rehashing the whole state from its values, to find the first key that differs.
#include <algorithm>

#include "storage/ledger_store_impl.h"

namespace usance::storage {

namespace {

constexpr std::size_t kCheckCacheBytes = 4u << 20;

tl::unexpected<Error> object_differs(const Object& object, const std::string& what) {
  return fail(ErrorCode::kCorrupt,
              "object " + describe_scope(object.contract, object.scope) + ": " + what);
}

// The items of a large object against its tree.
Result<void> check_paged_items(StateSource& source, const Object& object, Height height) {
  struct Held {
    Hash32 path;
    Hash32 value_hash;
    Bytes item;
  };
  std::vector<Held> held;
  USANCE_ASSIGN(std::vector<StateItem> items,
                list_paged_items(source.database(), object, {}, {}, height,
                                 std::numeric_limits<std::size_t>::max()));
  for (StateItem& item : items)
    held.push_back({item_path(item.item), value_hash(item.value), std::move(item.item)});
  std::sort(held.begin(), held.end(), [](const Held& a, const Held& b) { return a.path < b.path; });
  std::size_t next = 0;
  const auto check_leaf = [&](const BucketLeaf& leaf) -> Result<void> {
    if (next == held.size() || held[next].path > leaf.path)
      return object_differs(object,
                            "an item of its tree is missing (path " + to_hex(leaf.path) + ")");
    if (held[next].path < leaf.path)
      return object_differs(object, "item " + to_hex(held[next].item) + " is not in its tree");
    if (held[next].value_hash != leaf.content)
      return object_differs(
          object, "item " + to_hex(held[next].item) + " has another value than its tree holds");
    ++next;
    return {};
  };
  USANCE_TRY(visit_leaves(source, TreeKind::kItems, object.items_tree, check_leaf));
  if (next != held.size())
    return object_differs(object, "item " + to_hex(held[next].item) + " is not in its tree");
  if (held.size() != object.summary.item_count)
    return object_differs(object, "the number of its items");
  return {};
}

}  // namespace

Result<void> LedgerStore::verify_state() const {
  const auto done = executed();
  if (!done) return {};
  USANCE_ASSIGN(const StoredResult stored, impl_->stored_result(*done));
  const StateVersion version = stored.version();
  StateSource source(*impl_->database, kCheckCacheBytes);
  std::uint64_t scopes_seen = 0;
  const auto check_scope = [&](const BucketLeaf& leaf) -> Result<void> {
    USANCE_ASSIGN(const Object object, source.record(leaf.record));
    USANCE_TRY(check_object(object, leaf));
    if (object.paged)
      USANCE_TRY(check_paged_items(source, object, version.height));
    else if (object.items.size() != object.summary.item_count)
      return object_differs(object, "the number of its items");
    USANCE_ASSIGN(
        const auto listed,
        impl_->database->get(Family::kScopes, keys::scope(object.contract, object.scope)));
    if (!listed) return object_differs(object, "it is missing in the index of scopes");
    ++scopes_seen;
    return {};
  };
  USANCE_TRY(visit_leaves(source, TreeKind::kScopes, version.tree, check_scope));
  std::uint64_t listed = 0;
  const Cursor it = impl_->database->cursor(Family::kScopes);
  for (it->SeekToFirst(); it->Valid(); it->Next()) ++listed;
  if (!it->status().ok()) return tl::unexpected<Error>(to_error(it->status()));
  if (listed != scopes_seen)
    return fail(ErrorCode::kCorrupt, "the index of scopes lists " + std::to_string(listed) +
                                         " scopes, the tree holds " + std::to_string(scopes_seen));
  return {};
}

}  // namespace usance::storage
