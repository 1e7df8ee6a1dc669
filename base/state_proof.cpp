#include "base/state_proof.h"

#include <algorithm>
#include <array>
#include <map>

namespace usance {

namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;
constexpr std::uint8_t kValuePrefix = 0x02;
constexpr std::uint8_t kScopePrefix = 0x10;
constexpr std::uint8_t kItemPrefix = 0x11;
constexpr std::uint8_t kHistoryPrefix = 0x12;

// A preimage of fixed size, laid out once: hashing it in one piece costs half of what an update
// per field costs, and these hashes are most of what a block's state costs.
template <std::size_t N>
class Preimage {
 public:
  explicit Preimage(std::uint8_t prefix) { buffer_[used_++] = prefix; }
  Preimage& add(const Hash32& hash) {
    std::copy(hash.bytes.begin(), hash.bytes.end(), buffer_.begin() + used_);
    used_ += Hash32::kSize;
    return *this;
  }
  template <std::unsigned_integral T>
  Preimage& add(T number) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
      buffer_[used_++] = static_cast<std::uint8_t>(number >> (8 * i));
    return *this;
  }
  [[nodiscard]] Hash32 hash() const {
    USANCE_INVARIANT(used_ == N);
    return sha256(ByteView(buffer_));
  }

 private:
  std::array<std::uint8_t, N> buffer_;
  std::size_t used_ = 0;
};

std::array<std::uint8_t, 4> length_of(std::size_t size) {
  std::array<std::uint8_t, 4> out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(size >> (8 * i));
  return out;
}

Hash32 tree_node(const Hash32& left, const Hash32& right) {
  return Preimage<65>(kNodePrefix).add(left).add(right).hash();
}

bool same_prefix(const Hash32& a, const Hash32& b, std::size_t bits) {
  for (std::size_t i = 0; i < bits; ++i)
    if (path_bit(a, i) != path_bit(b, i)) return false;
  return true;
}

// The root that a way along `path` leads to, when `end` hangs below the last sibling.
Hash32 fold(const Hash32& path, const std::vector<Hash32>& siblings, Hash32 end) {
  for (std::size_t depth = siblings.size(); depth-- > 0;)
    end = path_bit(path, depth) ? tree_node(siblings[depth], end) : tree_node(end, siblings[depth]);
  return end;
}

tl::unexpected<Error> malformed(const char* what) {
  return fail(ErrorCode::kMalformed, what);
}
tl::unexpected<Error> refuted(const char* what) {
  return fail(ErrorCode::kBadSignature, what);
}

// True if the way ends at the path's own leaf. PathProof is ScopePath or ItemPath.
template <class PathProof>
Result<bool> check_way(const Hash32& root, const Hash32& path, const PathProof& proof,
                       const Hash32& leaf_hash) {
  if (proof.siblings.size() > kMaxTreeDepth) return malformed("a way is deeper than its path");
  if (proof.leaf && !same_prefix(proof.leaf->path, path, proof.siblings.size()))
    return malformed("the leaf at the end of a way is not on that way");
  if (fold(path, proof.siblings, leaf_hash) != root)
    return refuted("the way does not lead to the root");
  return proof.leaf && proof.leaf->path == path;
}

Hash32 end_of(const ScopePath& way) {
  return way.leaf ? scope_leaf_hash(way.leaf->path, way.leaf->summary) : kEmptyTree;
}
Hash32 end_of(const ItemPath& way) {
  return way.leaf ? item_leaf_hash(way.leaf->path, way.leaf->value_hash) : kEmptyTree;
}

}  // namespace

Hash32 scope_path(std::string_view contract, ByteView scope) {
  return sha256({ByteView(&kScopePrefix, 1), length_of(contract.size()), as_bytes(contract),
                 length_of(scope.size()), scope});
}

Hash32 item_path(ByteView item) {
  return sha256({ByteView(&kItemPrefix, 1), item});
}

Hash32 value_hash(ByteView value) {
  return sha256({ByteView(&kValuePrefix, 1), value});
}

Hash32 scope_leaf_hash(const Hash32& path, const ScopeSummary& summary) {
  return Preimage<113>(kLeafPrefix)
      .add(path)
      .add(summary.object_root)
      .add(summary.item_count)
      .add(summary.change_count)
      .add(summary.history_head)
      .hash();
}

Hash32 item_leaf_hash(const Hash32& path, const Hash32& hash_of_value) {
  return Preimage<65>(kLeafPrefix).add(path).add(hash_of_value).hash();
}

Hash32 next_history_head(const Hash32& head, std::uint64_t number, Height height,
                         std::uint32_t action, const Hash32& path, const Hash32& hash_of_value) {
  return Preimage<117>(kHistoryPrefix)
      .add(head)
      .add(number)
      .add(height.value)
      .add(action)
      .add(path)
      .add(hash_of_value)
      .hash();
}

Hash32 sparse_root(std::span<const TreeLeaf> leaves, std::size_t depth) {
  if (leaves.empty()) return kEmptyTree;
  if (leaves.size() == 1) return leaves[0].hash;
  USANCE_INVARIANT(depth < kMaxTreeDepth);  // two leaves with one path
  const auto middle = std::partition_point(
      leaves.begin(), leaves.end(), [&](const TreeLeaf& l) { return !path_bit(l.path, depth); });
  const std::size_t left = static_cast<std::size_t>(middle - leaves.begin());
  return tree_node(sparse_root(leaves.first(left), depth + 1),
                   sparse_root(leaves.subspan(left), depth + 1));
}

Hash32 object_root(std::span<const StateItem> items) {
  std::vector<TreeLeaf> leaves;
  leaves.reserve(items.size());
  for (const StateItem& item : items) {
    const Hash32 path = item_path(item.item);
    leaves.push_back({path, item_leaf_hash(path, value_hash(item.value))});
  }
  std::sort(leaves.begin(), leaves.end(),
            [](const TreeLeaf& a, const TreeLeaf& b) { return a.path < b.path; });
  return sparse_root(leaves);
}

Hash32 changed_value_hash(const ScopeChange& change) {
  switch (change.kind) {
    case ScopeChange::Kind::kDeleted: return kDeletedValue;
    case ScopeChange::Kind::kPut: return value_hash(change.value);
    case ScopeChange::Kind::kErased: return change.value_hash;
  }
  return kDeletedValue;
}

Result<std::optional<ScopeSummary>> verify_scope_path(const Hash32& state_root,
                                                      std::string_view contract, ByteView scope,
                                                      const ScopePath& path) {
  USANCE_ASSIGN(const bool present,
                check_way(state_root, scope_path(contract, scope), path, end_of(path)));
  if (!present) return std::optional<ScopeSummary>();
  return path.leaf->summary;
}

Result<std::optional<Bytes>> verify_state_proof(const Hash32& state_root, const StateKey& key,
                                                const StateProof& proof) {
  USANCE_ASSIGN(const auto summary,
                verify_scope_path(state_root, key.contract, key.scope, proof.scope));
  if (summary.has_value() != proof.item.has_value())
    return malformed("a state proof goes into an object exactly if it exists");
  if (!proof.has_value && !proof.value.empty()) return malformed("an absent item has no value");
  bool present = false;
  if (proof.item) {
    USANCE_ASSIGN(present, check_way(summary->object_root, item_path(key.item), *proof.item,
                                     end_of(*proof.item)));
  }
  if (present != proof.has_value)
    return malformed("a state proof has a value exactly if the item exists");
  if (!present) return std::optional<Bytes>();
  if (value_hash(proof.value) != proof.item->leaf->value_hash)
    return refuted("the value is not the one that the tree holds");
  return std::optional<Bytes>(proof.value);
}

Result<void> verify_scope_proof(const Hash32& state_root, std::string_view contract, ByteView scope,
                                const ScopeProof& proof) {
  USANCE_ASSIGN(const auto summary, verify_scope_path(state_root, contract, scope, proof.scope));
  std::vector<StateItem> items;
  items.reserve(proof.items.size());
  for (const ProvenItem& item : proof.items) {
    if (!items.empty() && !(items.back().item < item.item))
      return malformed("the items of an object are not strictly ascending");
    items.push_back({item.item, item.value});
  }
  const ScopeSummary expected = summary.value_or(ScopeSummary{});
  if (items.size() != expected.item_count) return refuted("an object's items are not all there");
  if (object_root(items) != expected.object_root)
    return refuted("the items are not those of the object");
  return {};
}

Result<void> verify_completeness_proof(const Hash32& state_root, std::string_view contract,
                                       ByteView scope, const CompletenessProof& proof) {
  if (is_ephemeral(contract))
    return fail(ErrorCode::kInvalidArgument, "this contract keeps no history");
  USANCE_ASSIGN(const auto summary, verify_scope_path(state_root, contract, scope, proof.scope));
  const ScopeSummary expected = summary.value_or(ScopeSummary{});
  if (proof.changes.size() != expected.change_count)
    return refuted("the number of changes is not the object's");
  Hash32 head;
  std::uint64_t number = 0;
  for (const ScopeChange& change : proof.changes) {
    if (change.kind == ScopeChange::Kind::kErased && change.value_hash == kDeletedValue)
      return malformed("an erased value has a hash");
    head = next_history_head(head, ++number, change.height, change.action, item_path(change.item),
                             changed_value_hash(change));
  }
  if (head != expected.history_head) return refuted("the changes are not those of the object");
  return {};
}

std::vector<ReplayedItem> replay_changes(std::span<const ScopeChange> changes, Height height) {
  std::map<Bytes, const ScopeChange*> latest;
  for (const ScopeChange& change : changes)
    if (change.height <= height) latest[change.item] = &change;
  std::vector<ReplayedItem> out;
  for (const auto& [item, change] : latest) {
    if (change->kind == ScopeChange::Kind::kDeleted) continue;
    ReplayedItem replayed{item, std::nullopt, changed_value_hash(*change)};
    if (change->kind == ScopeChange::Kind::kPut) replayed.value = change->value;
    out.push_back(std::move(replayed));
  }
  return out;
}

}  // namespace usance
