#include "storage/snapshot_import.h"

#include <algorithm>

#include "base/snapshot_verify.h"
#include "storage/ledger_store_impl.h"
#include "storage/packed_list.h"

namespace usance::storage {

namespace {

constexpr std::size_t kImportCacheBytes = 32u << 20;

tl::unexpected<Error> misplaced(const char* what) {
  return fail(ErrorCode::kInvalidArgument, std::string("a piece of a snapshot: ") + what);
}

bool fits_inline(const std::vector<ProvenItem>& items) {
  std::size_t bytes = 0;
  for (const ProvenItem& item : items) bytes += item.item.size() + item.value.size();
  return items.size() <= kInlineItems && bytes <= kInlineBytes;
}

void sort_by_path(std::vector<LeafChange>& leaves) {
  std::sort(leaves.begin(), leaves.end(),
            [](const LeafChange& a, const LeafChange& b) { return a.leaf.path < b.leaf.path; });
}

}  // namespace

Result<std::unique_ptr<SnapshotImport>> SnapshotImport::begin(
    const std::filesystem::path& directory, const SnapshotOffer& offer, const ResultHeader& genesis,
    const StoreOptions& options) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  if (error)
    return fail(ErrorCode::kIo, "cannot remove " + directory.string() + ": " + error.message());
  USANCE_ASSIGN(auto database, Database::open(directory, options));
  std::unique_ptr<SnapshotImport> out(new SnapshotImport(std::move(database), offer, options));
  USANCE_TRY(out->mark(genesis));
  return out;
}

SnapshotImport::SnapshotImport(std::unique_ptr<Database> database, SnapshotOffer offer,
                               const StoreOptions& options)
    : database_(std::move(database)),
      offer_(std::move(offer)),
      options_(options),
      source_(*database_, kImportCacheBytes),
      next_outcome_(offer_.height()) {}

// From the first write on it is a store of this network that is not whole.
Result<void> SnapshotImport::mark(const ResultHeader& genesis) {
  Batch batch(*database_);
  std::string format;
  keys::append_number(format, kStoreFormat);
  batch.put(Family::kMeta, kFormatKey, format);
  batch.put(Family::kMeta, kChainKey, slice(offer_.tip.header.chain.view()));
  batch.put(Family::kMeta, kImportKey, keys::height(offer_.height()));
  batch.put(Family::kMeta, kGenesisResultKey, slice(encode(genesis)));
  batch.put(Family::kMeta, kHandOversKey, slice(pack(std::span(offer_.hand_overs))));
  return database_->write(batch, options_.sync);
}

Result<void> SnapshotImport::add(const StatePiece& piece) {
  if (!piece.parts.empty()) return {};
  return piece.subtree.scope ? add_items(*piece.subtree.scope, piece.items)
                             : add_scopes(piece.scopes);
}

Result<void> SnapshotImport::add_scopes(const std::vector<SnapshotScope>& scopes) {
  Batch batch(*database_);
  PageSink sink{offer_.height().value, next_page_, {}, {}};
  std::vector<LeafChange> leaves;
  std::map<Hash32, OpenScope> opened;
  for (const SnapshotScope& scope : scopes) {
    const Hash32 path = scope_path(scope.contract, scope.scope);
    OpenScope next;
    next.object.contract = scope.contract;
    next.object.scope = scope.scope;
    next.object.summary = scope.summary;
    next.object.created = offer_.height().value;
    if (!scope.whole || !fits_inline(scope.items)) next.object.paged = true;
    if (!scope.whole) {
      opened.emplace(path, std::move(next));
      continue;
    }
    if (next.object.paged)
      USANCE_TRY(put_items(batch, sink, next, scope.items));
    else
      for (const ProvenItem& item : scope.items)
        next.object.items.emplace_back(item.item, item.value);
    leaves.push_back({put_object(batch, path, next.object), false});
  }
  USANCE_TRY(write(batch, sink, std::move(leaves)));
  open_.merge(opened);
  return {};
}

Result<void> SnapshotImport::add_items(const Hash32& scope, const std::vector<ProvenItem>& items) {
  const auto found = open_.find(scope);
  if (found == open_.end()) return misplaced("items of a scope that is not waited for");
  Batch batch(*database_);
  PageSink sink{offer_.height().value, next_page_, {}, {}};
  OpenScope next = found->second;
  USANCE_TRY(put_items(batch, sink, next, items));
  const bool whole = next.object.items_tree.root.hash == next.object.summary.object_root;
  if (whole && next.items != next.object.summary.item_count)
    return misplaced("a scope has another number of items than its leaf says");
  std::vector<LeafChange> leaves;
  if (whole) leaves.push_back({put_object(batch, scope, next.object), false});
  USANCE_TRY(write(batch, sink, std::move(leaves)));
  if (whole)
    open_.erase(found);
  else
    found->second = std::move(next);
  return {};
}

Result<void> SnapshotImport::put_items(Batch& batch, PageSink& sink, OpenScope& scope,
                                       const std::vector<ProvenItem>& items) {
  Object& object = scope.object;
  const Hash32 path = scope_path(object.contract, object.scope);
  std::vector<LeafChange> leaves;
  leaves.reserve(items.size());
  for (const ProvenItem& item : items) {
    const Hash32 at = item_path(item.item);
    const Hash32 value = value_hash(item.value);
    leaves.push_back({{at, value, {}, item_leaf_hash(at, value)}, false});
    std::string present(1, kItemPresent);
    present.append(as_text(item.value));
    batch.put(Family::kItems,
              keys::item(path, item.item, item_version(object.contract, offer_.height())), present);
  }
  sort_by_path(leaves);
  USANCE_ASSIGN(object.items_tree,
                update_tree(source_, sink, TreeKind::kItems, object.items_tree, leaves));
  scope.items += items.size();
  return {};
}

BucketLeaf SnapshotImport::put_object(Batch& batch, const Hash32& path, const Object& object) {
  const Address address{offer_.height().value, next_object_++};
  batch.put(Family::kObjects, keys::address(address), slice(encode_object(object, {})));
  batch.put(Family::kScopes, keys::scope(object.contract, object.scope),
            keys::height(offer_.height()));
  const Hash32 leaf = scope_leaf_hash(path, object.summary);
  return {path, leaf, address, leaf};
}

// Pages that a later piece replaced belong to no height.
Result<void> SnapshotImport::write(Batch& batch, PageSink& sink, std::vector<LeafChange> leaves) {
  sort_by_path(leaves);
  USANCE_ASSIGN(const TreeVersion tree,
                update_tree(source_, sink, TreeKind::kScopes, tree_, leaves));
  for (const NewPage& page : sink.pages)
    batch.put(Family::kPages, keys::address(page.address),
              slice(encode_page(page.kind, *page.page)));
  for (const Address page : sink.replaced) batch.erase(Family::kPages, keys::address(page));
  USANCE_TRY(database_->write(batch, false));
  for (const NewPage& page : sink.pages) source_.remember(page.address, page.page);
  for (const Address page : sink.replaced) source_.forget_page(page);
  next_page_ += static_cast<std::uint32_t>(sink.pages.size());
  tree_ = tree;
  return {};
}

Result<void> SnapshotImport::add(const OutcomePiece& piece) {
  Batch batch(*database_);
  std::vector<StoredAction> actions = actions_;
  Height next = next_outcome_;
  for (std::size_t i = piece.heights.size(); i-- > 0;) {
    const SnapshotOutcome& outcome = piece.heights[i];
    if (outcome.result.height != next || outcome.before.size() != actions.size())
      return misplaced("outcomes of another height than is waited for");
    const auto more = actions_of(outcome.receipts);
    actions.insert(actions.end(), more.begin(), more.end());
    if (!outcome.after.empty()) break;
    put_actions(batch, next, actions);
    actions.clear();
    next = Height(next.value - 1);
  }
  USANCE_TRY(database_->write(batch, false));
  actions_ = std::move(actions);
  next_outcome_ = next;
  return {};
}

bool SnapshotImport::whole() const {
  return tree_.root.hash == offer_.tip.header.state_root && open_.empty() &&
         next_outcome_ < OutcomeWalk::begin(offer_).lowest;
}

Result<void> SnapshotImport::finish() {
  if (!whole()) return misplaced("the snapshot is not whole");
  const ResultHeader& tip = offer_.tip.header;
  Batch batch(*database_);
  batch.put(Family::kBlocks, keys::block(tip.height, tip.block, keys::BlockPart::kHeader),
            slice(encode(offer_.block)));
  for (const Certificate* certificate : {&offer_.commit, &offer_.tip.certificate})
    batch.put(Family::kCertificates,
              keys::certificate(tip.height, static_cast<std::uint8_t>(certificate->content.kind)),
              slice(encode(*certificate)));
  const StoredResult stored{tip, tree_.root.kind, tree_.page.height, tree_.page.index};
  batch.put(Family::kResults, keys::height(tip.height), slice(encode(stored)));
  const LedgerTree ledger(*database_);
  MerkleFrontier frontier = offer_.ledger;
  ledger.begin_behind(batch, frontier);
  ledger.append(batch, frontier, ledger_leaf(tip.block, result_hash(tip)));
  batch.put(Family::kMeta, kBaseKey, keys::height(tip.height));
  batch.put(Family::kMeta, kExecutedKey, keys::height(tip.height));
  batch.erase(Family::kMeta, kImportKey);
  return database_->write(batch, options_.sync);
}

}  // namespace usance::storage
