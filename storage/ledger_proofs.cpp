// Proofs from what is stored; base/state_proof.h and base/merkle.h verify them.
#include <algorithm>

#include "storage/ledger_store_impl.h"
#include "storage/packed_list.h"

namespace usance::storage {

using keys::OutcomePart;

namespace {

constexpr std::size_t kProofCacheBytes = 4u << 20;
constexpr std::size_t kMaxProofBytes = 64u << 20;  // of values in one proof

tl::unexpected<Error> too_large(const char* what) {
  return fail(ErrorCode::kResourceExhausted, std::string(what) + " is too large for one proof");
}

struct FoundScope {
  ScopePath path;
  std::shared_ptr<const Object> object;  // null: the scope does not exist
};

Result<FoundScope> prove_scope(StateSource& source, const StateVersion& version,
                               const std::string& contract, const Bytes& scope) {
  const Hash32 path = scope_path(contract, scope);
  USANCE_ASSIGN(TreeWay way, find_way(source, TreeKind::kScopes, version.tree, path));
  FoundScope out;
  out.path.siblings = std::move(way.siblings);
  if (way.end) {
    USANCE_ASSIGN(auto object, source.object(*way.end));
    out.path.leaf = ScopePath::Leaf{way.end->path, object->summary};
    if (way.end->path == path) out.object = std::move(object);
  }
  return out;
}

Result<TreeWay> item_way(StateSource& source, const Object& object, const Hash32& path) {
  if (object.paged) return find_way(source, TreeKind::kItems, object.items_tree, path);
  std::vector<BucketLeaf> leaves;
  leaves.reserve(object.items.size());
  for (const ObjectItem& held : object.items)
    leaves.push_back({held.path, value_hash(held.value), {}, held.leaf_hash});
  std::sort(leaves.begin(), leaves.end(),
            [](const BucketLeaf& a, const BucketLeaf& b) { return a.path < b.path; });
  TreeWay way;
  const BucketLeaf* end = nullptr;
  bucket_way(leaves, 0, path, way.siblings, end);
  if (end != nullptr) way.end = *end;
  return way;
}

// The records of an object that changed it in heights from `from` on, ascending. kPruned if the
// store's base is in between.
Result<std::vector<ScopeChange>> walk_history(const StateSource& source, const Object& object,
                                              Address newest, Height from, Height base) {
  std::vector<Address> addresses;
  std::uint64_t count = 0;
  std::uint64_t number = object.summary.change_count;
  std::optional<Address> at = newest;
  while (at && at->height >= from.value) {
    USANCE_ASSIGN(const Object record, source.record(*at));
    const auto differs = [&] {
      return fail(ErrorCode::kCorrupt, "the history of object " +
                                           describe_scope(object.contract, object.scope) +
                                           " breaks at height " + std::to_string(at->height));
    };
    if (record.contract != object.contract || record.scope != object.scope ||
        record.summary.change_count != number || record.changes.size() > number)
      return differs();
    if (record.previous && record.previous->height >= at->height) return differs();
    number -= record.changes.size();
    count += record.changes.size();
    if (count > kMaxProofChanges) return too_large("the history");
    addresses.push_back(*at);
    if (!record.previous && number != 0) {
      if (base == Height(0) || at->height != base.value) return differs();
      return fail(ErrorCode::kPruned, "the changes of object " +
                                          describe_scope(object.contract, object.scope) +
                                          " up to height " + std::to_string(base.value) +
                                          " are not held here: the ledger begins with a snapshot");
    }
    at = record.previous;
  }
  std::vector<ScopeChange> out;
  out.reserve(count);
  std::size_t bytes = 0;
  for (std::size_t i = addresses.size(); i-- > 0;) {
    USANCE_ASSIGN(Object record, source.record(addresses[i]));
    for (ObjectChange& change : record.changes) {
      ScopeChange& proven = out.emplace_back();
      proven.height = Height(addresses[i].height);
      proven.action = change.action;
      proven.item = std::move(change.item);
      if (change.value) {
        proven.kind = ScopeChange::Kind::kPut;
        proven.value = *std::move(change.value);
        bytes += proven.value.size();
        if (bytes > kMaxProofBytes) return too_large("the history");
      }
    }
  }
  return out;
}

Result<std::vector<ScopeChange>> history_at(StateSource& source, const StateVersion& version,
                                            const std::string& contract, const Bytes& scope,
                                            Height from, Height base) {
  USANCE_ASSIGN(const auto leaf,
                find_leaf(source, TreeKind::kScopes, version.tree, scope_path(contract, scope)));
  if (!leaf) return std::vector<ScopeChange>();
  USANCE_ASSIGN(const auto object, source.object(*leaf));
  return walk_history(source, *object, leaf->record, from, base);
}

Result<void> check_keeps_history(const std::string& contract) {
  if (is_ephemeral(contract))
    return fail(ErrorCode::kInvalidArgument, contract + " keeps no history");
  return {};
}

Result<MerklePath> path_among(const std::vector<Hash32>& leaves, Height height, std::size_t index,
                              const char* what) {
  if (index >= leaves.size())
    return fail(ErrorCode::kNotFound, "height " + std::to_string(height.value) + " has only " +
                                          std::to_string(leaves.size()) + " " + what);
  return merkle_path(leaves, index);
}

}  // namespace

Result<std::vector<ScopeChange>> LedgerStore::history(const std::string& contract,
                                                      const Bytes& scope, Height from,
                                                      Height to) const {
  USANCE_TRY(check_keeps_history(contract));
  const auto done = executed();
  if (!done) return fail(ErrorCode::kNotFound, "nothing is executed here yet");
  USANCE_ASSIGN(const StoredResult stored, impl_->stored_result(std::min(to, *done)));
  StateSource source(*impl_->database, kProofCacheBytes);
  return history_at(source, stored.version(), contract, scope, from, impl_->base);
}

Result<StateProof> LedgerStore::state_proof(Height height, const StateKey& key) const {
  USANCE_ASSIGN(const StoredResult stored, impl_->stored_result(height));
  StateSource source(*impl_->database, kProofCacheBytes);
  USANCE_ASSIGN(FoundScope found, prove_scope(source, stored.version(), key.contract, key.scope));
  StateProof proof;
  proof.scope = std::move(found.path);
  if (found.object == nullptr) return proof;
  const Hash32 path = item_path(key.item);
  USANCE_ASSIGN(TreeWay way, item_way(source, *found.object, path));
  proof.item.emplace();
  proof.item->siblings = std::move(way.siblings);
  if (!way.end) return proof;
  proof.item->leaf = ItemPath::Leaf{way.end->path, way.end->content};
  if (way.end->path != path) return proof;
  USANCE_TRY(check_held(*impl_->database, *found.object, height));
  USANCE_ASSIGN(auto value, read_item(*impl_->database, *found.object, key.item, height));
  if (!value || value_hash(*value) != way.end->content) {
    USANCE_TRY(check_held(*impl_->database, *found.object, height));
    return fail(ErrorCode::kCorrupt, "the value of item " + to_hex(key.item) + " of object " +
                                         describe_scope(key.contract, key.scope) +
                                         " is not the one that the tree holds");
  }
  proof.has_value = true;
  proof.value = *std::move(value);
  return proof;
}

Result<ScopeProof> LedgerStore::scope_proof(Height height, const std::string& contract,
                                            const Bytes& scope) const {
  USANCE_ASSIGN(const StoredResult stored, impl_->stored_result(height));
  StateSource source(*impl_->database, kProofCacheBytes);
  USANCE_ASSIGN(FoundScope found, prove_scope(source, stored.version(), contract, scope));
  ScopeProof proof;
  proof.scope = std::move(found.path);
  if (found.object == nullptr) return proof;
  if (found.object->summary.item_count > kMaxProofItems) return too_large("the object");
  USANCE_ASSIGN(std::vector<StateItem> items,
                list_items(*impl_->database, *found.object, {}, {}, height, kMaxProofItems));
  // After the read: a commit in between has overwritten the values of an ephemeral object.
  USANCE_TRY(check_held(*impl_->database, *found.object, height));
  std::size_t bytes = 0;
  for (StateItem& item : items) {
    bytes += item.value.size();
    if (bytes > kMaxProofBytes) return too_large("the object");
    proof.items.push_back({std::move(item.item), std::move(item.value)});
  }
  return proof;
}

Result<CompletenessProof> LedgerStore::completeness_proof(Height height,
                                                          const std::string& contract,
                                                          const Bytes& scope) const {
  USANCE_TRY(check_keeps_history(contract));
  USANCE_ASSIGN(const StoredResult stored, impl_->stored_result(height));
  StateSource source(*impl_->database, kProofCacheBytes);
  USANCE_ASSIGN(FoundScope found, prove_scope(source, stored.version(), contract, scope));
  CompletenessProof proof;
  proof.scope = std::move(found.path);
  USANCE_ASSIGN(proof.changes,
                history_at(source, stored.version(), contract, scope, Height(0), impl_->base));
  return proof;
}

Result<MerklePath> LedgerStore::transaction_path(ActionRef ref) const {
  USANCE_ASSIGN(const auto raw, impl_->outcome(ref.height, OutcomePart::kActions));
  USANCE_ASSIGN(const PackedList list, PackedList::open(contents(raw)));
  USANCE_ASSIGN(const auto actions, list.all<StoredAction>());
  std::vector<Hash32> leaves;
  leaves.reserve(actions.size());
  for (const StoredAction& action : actions) leaves.push_back(transaction_leaf(action.id));
  return path_among(leaves, ref.height, ref.action, "actions");
}

Result<MerklePath> LedgerStore::receipt_path(ActionRef ref) const {
  USANCE_ASSIGN(const auto all, receipts(ref.height));
  std::vector<Hash32> leaves;
  leaves.reserve(all.size());
  for (const Receipt& receipt : all) leaves.push_back(receipt_leaf(receipt));
  return path_among(leaves, ref.height, ref.action, "actions");
}

Result<MerklePath> LedgerStore::event_path(Height height, std::uint32_t position) const {
  USANCE_ASSIGN(const auto all, events(height));
  std::vector<Hash32> leaves;
  leaves.reserve(all.size());
  for (const Event& event : all) leaves.push_back(event_leaf(event));
  return path_among(leaves, height, position, "events");
}

Result<MerklePath> LedgerStore::ledger_path(Height older, Height newer) const {
  if (older >= newer)
    return fail(ErrorCode::kInvalidArgument, "a ledger path leads from an older to a newer height");
  USANCE_TRY(impl_->check_result_held(older));
  USANCE_TRY(impl_->stored_result(newer));
  return impl_->ledger.path(older.value, newer.value);
}

Result<std::vector<Hash32>> LedgerStore::ledger_consistency(Height older, Height newer) const {
  if (older > newer)
    return fail(ErrorCode::kInvalidArgument, "the older height is above the newer");
  USANCE_TRY(impl_->check_result_held(older));
  USANCE_TRY(impl_->stored_result(newer));
  return impl_->ledger.consistency(older.value, newer.value);
}

}  // namespace usance::storage
