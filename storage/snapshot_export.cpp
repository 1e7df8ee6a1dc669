#include "storage/snapshot_export.h"

#include <algorithm>

#include "storage/ledger_store_impl.h"

namespace usance::storage {

namespace {

constexpr std::size_t kExportCacheBytes = 4u << 20;
// What a structure takes besides its texts and lists: hashes, counts, tags.
constexpr std::size_t kScopeBytes = 160;
constexpr std::size_t kReceiptBytes = 96;
constexpr std::size_t kResultBytes = 512;

std::size_t size_of(const SnapshotScope& scope) {
  std::size_t bytes = kScopeBytes + scope.contract.size() + scope.scope.size();
  for (const ProvenItem& item : scope.items) bytes += snapshot_bytes(item);
  return bytes;
}

std::size_t size_of(const Receipt& receipt) {
  return kReceiptBytes + receipt.contract.size() + receipt.detail.size() + receipt.result.size();
}

std::size_t size_of(const std::vector<Receipt>& receipts) {
  std::size_t bytes = kResultBytes;
  for (const Receipt& receipt : receipts) bytes += size_of(receipt);
  return bytes;
}

// As many receipts from `first` on as a piece holds, and the hashes of the others.
SnapshotOutcome part_of(const ResultHeader& result, std::vector<Receipt> receipts,
                        std::size_t first) {
  SnapshotOutcome out;
  out.result = result;
  std::size_t end = first;
  for (std::size_t bytes = 0; end < receipts.size(); ++end) {
    bytes += size_of(receipts[end]);
    if (end > first && bytes > limits::kSnapshotPieceBytes) break;
  }
  for (std::size_t i = 0; i < first; ++i) out.before.push_back(receipt_leaf(receipts[i]));
  for (std::size_t i = end; i < receipts.size(); ++i)
    out.after.push_back(receipt_leaf(receipts[i]));
  std::move(receipts.begin() + static_cast<std::ptrdiff_t>(first),
            receipts.begin() + static_cast<std::ptrdiff_t>(end), std::back_inserter(out.receipts));
  return out;
}

tl::unexpected<Error> no_such_subtree() {
  return fail(ErrorCode::kNotFound, "the state has no such subtree");
}

}  // namespace

Result<std::unique_ptr<SnapshotExport>> LedgerStore::take_snapshot() const {
  if (!executed()) return fail(ErrorCode::kNotFound, "nothing is executed here yet");
  return std::make_unique<SnapshotExport>(*this, *impl_->database, impl_->state);
}

SnapshotExport::SnapshotExport(const LedgerStore& store, const Database& database,
                               const StateVersion& version)
    : store_(store),
      database_(database),
      version_(version),
      moment_(database),
      source_(database, kExportCacheBytes) {}

Result<SnapshotOffer> SnapshotExport::offer() const {
  SnapshotOffer offer;
  USANCE_ASSIGN(offer.tip.header, store_.result_header(height()));
  USANCE_ASSIGN(offer.tip.certificate, store_.result_certificate(height()));
  USANCE_ASSIGN(offer.block, store_.header(height()));
  USANCE_ASSIGN(offer.commit, store_.commit_certificate(height()));
  USANCE_ASSIGN(offer.ledger, LedgerTree(database_).frontier(height().value));
  return offer;
}

Result<StatePiece> SnapshotExport::piece(const Subtree& subtree) const {
  const std::lock_guard lock(mutex_);
  return subtree.scope ? items(subtree) : scopes(subtree);
}

Result<StatePiece> SnapshotExport::scopes(const Subtree& subtree) const {
  StatePiece piece;
  piece.subtree = subtree;
  std::size_t bytes = 0;
  const auto full = [&] {
    return bytes > limits::kSnapshotPieceBytes || piece.scopes.size() > limits::kMaxSnapshotLeaves;
  };
  const auto visited =
      visit_subtree(source_, TreeKind::kScopes, version_.tree, subtree.prefix, subtree.depth,
                    [&](const BucketLeaf& leaf) -> Result<void> {
                      USANCE_ASSIGN(const auto object, source_.object(leaf));
                      USANCE_ASSIGN(const SnapshotScope& scope, scope_of(*object));
                      bytes += size_of(scope);
                      piece.scopes.push_back(scope);
                      if (full()) return fail(ErrorCode::kResourceExhausted, "the piece is full");
                      return {};
                    });
  if (full()) return split(subtree, TreeKind::kScopes, version_.tree);
  if (!visited) return tl::unexpected<Error>(visited.error());
  if (piece.scopes.empty()) return no_such_subtree();
  return piece;
}

Result<SnapshotScope> SnapshotExport::scope_of(const Object& object) const {
  SnapshotScope scope{object.contract, object.scope, object.summary, true, {}};
  if (!object.paged) {
    for (const ObjectItem& item : object.items) scope.items.push_back({item.item, item.value});
    return scope;
  }
  std::size_t bytes = 0;
  USANCE_TRY(visit_paged_items(database_, object, {}, {}, height(), &moment_,
                               [&](const Bytes& item, ByteView value) {
                                 scope.items.push_back({item, Bytes(value.begin(), value.end())});
                                 bytes += snapshot_bytes(scope.items.back());
                                 scope.whole = bytes <= limits::kSnapshotScopeBytes;
                                 return scope.whole;
                               }));
  if (!scope.whole) scope.items.clear();
  return scope;
}

Result<void> SnapshotExport::index(const Hash32& scope) const {
  if (indexed_ && indexed_->first == scope) return {};
  indexed_.reset();
  USANCE_ASSIGN(const auto leaf, find_leaf(source_, TreeKind::kScopes, version_.tree, scope));
  if (!leaf) return no_such_subtree();
  ItemIndex index;
  USANCE_ASSIGN(index.object, source_.object(*leaf));
  for (const ObjectItem& item : index.object->items) index.items.emplace_back(item.path, item.item);
  if (index.object->paged)
    USANCE_TRY(visit_paged_items(database_, *index.object, {}, {}, height(), &moment_,
                                 [&](const Bytes& item, ByteView) {
                                   index.items.emplace_back(item_path(item), item);
                                   return true;
                                 }));
  std::sort(index.items.begin(), index.items.end());
  indexed_.emplace(scope, std::move(index));
  return {};
}

Result<StatePiece> SnapshotExport::items(const Subtree& subtree) const {
  USANCE_TRY(index(*subtree.scope));
  const Object& object = *indexed_->second.object;
  const auto& all = indexed_->second.items;
  StatePiece piece;
  piece.subtree = subtree;
  std::size_t bytes = 0;
  auto at = std::lower_bound(
      all.begin(), all.end(), subtree.prefix,
      [](const auto& entry, const Hash32& prefix) { return entry.first < prefix; });
  for (; at != all.end() && subtree.holds(at->first); ++at) {
    std::optional<Bytes> value;
    if (object.paged) {
      USANCE_ASSIGN(value, read_paged_item(database_, object, at->second, height(), &moment_));
    } else if (const ObjectItem* held = object.find(at->second)) {
      value = held->value;
    }
    if (!value)
      return fail(ErrorCode::kCorrupt, "item " + to_hex(at->second) + " of object " +
                                           describe_scope(object.contract, object.scope) +
                                           " is gone");
    piece.items.push_back({at->second, *std::move(value)});
    bytes += snapshot_bytes(piece.items.back());
    if (bytes > limits::kSnapshotPieceBytes || piece.items.size() > limits::kMaxSnapshotLeaves)
      return split(subtree, TreeKind::kItems, object.items_tree);
  }
  if (piece.items.empty()) return no_such_subtree();
  return piece;
}

Result<StatePiece> SnapshotExport::split(const Subtree& subtree, TreeKind kind,
                                         const TreeVersion& tree) const {
  StatePiece piece;
  piece.subtree = subtree;
  USANCE_ASSIGN(const auto nodes,
                split_subtree(source_, kind, tree, subtree.prefix, subtree.depth));
  if (nodes.empty())
    return fail(ErrorCode::kCorrupt, "a bucket of the state's tree is larger than a bucket can be");
  for (const SubtreeNode& node : nodes) {
    SubtreePart& part = piece.parts.emplace_back();
    if (node.node.kind == NodeHash::Kind::kNode) {
      part.kind = SubtreePart::Kind::kNode;
      part.node = node.node.hash;
    } else if (node.leaf && kind == TreeKind::kScopes) {
      USANCE_ASSIGN(const auto object, source_.object(*node.leaf));
      part.kind = SubtreePart::Kind::kScope;
      part.scope = {node.leaf->path, object->summary};
    } else if (node.leaf) {
      part.kind = SubtreePart::Kind::kItem;
      part.item = {node.leaf->path, node.leaf->content};
    }
  }
  return piece;
}

Result<OutcomePiece> SnapshotExport::outcomes(Height newest, std::uint32_t first,
                                              Height lowest) const {
  if (newest > height() || lowest > newest || lowest == Height(0))
    return fail(ErrorCode::kInvalidArgument, "outcomes that the snapshot does not have");
  OutcomePiece piece;
  std::size_t bytes = 0;
  for (Height at = newest; at >= lowest && piece.heights.size() < limits::kMaxSnapshotHeights;
       at = Height(at.value - 1)) {
    USANCE_ASSIGN(const ResultHeader result, store_.result_header(at));
    USANCE_ASSIGN(std::vector<Receipt> receipts, store_.receipts(at));
    const std::size_t size = size_of(receipts);
    const bool partly = first != 0 || size > limits::kSnapshotPieceBytes;
    if (at == newest && first > receipts.size())
      return fail(ErrorCode::kInvalidArgument, "receipts that the height does not have");
    if (at == newest && partly) {
      piece.heights.push_back(part_of(result, std::move(receipts), first));
      break;
    }
    bytes += size;
    if (at != newest && bytes > limits::kSnapshotPieceBytes) break;
    piece.heights.push_back({result, {}, std::move(receipts), {}});
  }
  std::reverse(piece.heights.begin(), piece.heights.end());
  USANCE_ASSIGN(piece.ledger,
                LedgerTree(database_).frontier(piece.heights.front().result.height.value));
  return piece;
}

}  // namespace usance::storage
