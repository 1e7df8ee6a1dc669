#include "base/snapshot_verify.h"

#include <algorithm>

#include "base/evidence_trust.h"
#include "base/state_tree.h"

namespace usance {

namespace {

constexpr std::size_t kParts = 16;
constexpr std::size_t kBitsPerPart = 4;

tl::unexpected<Error> misfit(std::string what) {
  return fail(ErrorCode::kMalformed, std::move(what));
}
tl::unexpected<Error> unproven(std::string what) {
  return fail(ErrorCode::kBadSignature, std::move(what));
}

// The leaf that stands for the part; kMalformed if it lies elsewhere or in another tree.
Result<NodeHash> node_of(const SubtreePart& part, const Subtree& place) {
  using Kind = SubtreePart::Kind;
  const bool of_scopes = !place.scope;
  switch (part.kind) {
    case Kind::kEmpty: return NodeHash{};
    case Kind::kNode:
      if (part.node == kEmptyTree) return misfit("a node of the tree has the hash of nothing");
      return NodeHash{NodeHash::Kind::kNode, part.node};
    case Kind::kScope:
      if (!of_scopes || !place.holds(part.scope.path)) break;
      return NodeHash{NodeHash::Kind::kLeaf, scope_leaf_hash(part.scope.path, part.scope.summary)};
    case Kind::kItem:
      if (of_scopes || !place.holds(part.item.path)) break;
      return NodeHash{NodeHash::Kind::kLeaf, item_leaf_hash(part.item.path, part.item.value_hash)};
  }
  return misfit("a leaf lies in a part where it does not belong");
}

Result<std::vector<ProvenSubtree>> verify_parts(const ProvenSubtree& asked,
                                                const std::vector<SubtreePart>& parts) {
  if (parts.size() != kParts) return misfit("a subtree has sixteen parts");
  if (asked.subtree.depth >= Subtree::kMaxDepth)
    return misfit("a subtree is split below the end of a path");
  std::vector<NodeHash> level;
  std::vector<ProvenSubtree> out;
  for (std::size_t i = 0; i < kParts; ++i) {
    const Subtree place = asked.subtree.part(i);
    USANCE_ASSIGN(const NodeHash node, node_of(parts[i], place));
    if (node.kind != NodeHash::Kind::kEmpty) out.push_back({place, node.hash});
    level.push_back(node);
  }
  // Whoever splits has more leaves than fit into a piece: they do not share one part, and each
  // answer brings the fetch on.
  if (out.size() < 2) return misfit("a subtree is split that has no two parts");
  while (level.size() > 1) {
    for (std::size_t i = 0; i < level.size() / 2; ++i)
      level[i] = combine(level[2 * i], level[2 * i + 1]);
    level.resize(level.size() / 2);
  }
  if (level[0].hash != asked.root) return unproven("the parts do not make up their subtree");
  return out;
}

Result<void> verify_leaves(const ProvenSubtree& asked, const std::vector<TreeLeaf>& leaves) {
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (!asked.subtree.holds(leaves[i].path)) return misfit("a leaf is of another subtree");
    if (i > 0 && !(leaves[i - 1].path < leaves[i].path))
      return misfit("the leaves are out of order");
  }
  if (sparse_root(leaves, asked.subtree.depth * kBitsPerPart) != asked.root)
    return unproven("the leaves do not make up their subtree");
  return {};
}

Result<void> verify_scope(const SnapshotScope& scope) {
  if (!scope.whole) {
    if (scope.summary.item_count == 0 || scope.summary.object_root == kEmptyTree)
      return misfit("a scope without items comes without its items");
    return {};
  }
  if (scope.items.size() != scope.summary.item_count) return unproven("a scope lacks items");
  std::vector<StateItem> items;
  items.reserve(scope.items.size());
  for (const ProvenItem& item : scope.items) {
    if (!items.empty() && !(items.back().item < item.item))
      return misfit("a scope's items are out of order");
    items.push_back({item.item, item.value});
  }
  if (object_root(items) != scope.summary.object_root)
    return unproven("a scope's items are not those of its object root");
  return {};
}

Hash32 counted(const std::vector<Hash32>& leaves) {
  return counted_root(leaves.size(), merkle_root(leaves));
}

Result<void> verify_receipts(const SnapshotOutcome& outcome) {
  std::vector<Hash32> leaves = outcome.before;
  leaves.reserve(outcome.before.size() + outcome.receipts.size() + outcome.after.size());
  for (const Receipt& receipt : outcome.receipts) leaves.push_back(receipt_leaf(receipt));
  leaves.insert(leaves.end(), outcome.after.begin(), outcome.after.end());
  if (leaves.size() != outcome.result.actions || counted(leaves) != outcome.result.receipt_root)
    return unproven("the receipts of " + at_height(outcome.result.height) +
                    " are not those of its result");
  return {};
}

bool is_whole(const SnapshotOutcome& outcome) {
  return outcome.before.empty() && outcome.after.empty();
}

}  // namespace

bool Subtree::is_canonical() const {
  for (std::size_t at = depth; at < 2 * Hash32::kSize; ++at)
    if (half_byte(prefix, at) != 0) return false;
  return true;
}

bool Subtree::holds(const Hash32& path) const {
  for (std::size_t at = 0; at < depth; ++at)
    if (half_byte(prefix, at) != half_byte(path, at)) return false;
  return true;
}

Subtree Subtree::part(std::size_t half) const {
  Subtree out = *this;
  const auto bits = static_cast<std::uint8_t>(depth % 2 == 0 ? half << 4 : half);
  out.prefix.bytes[depth / 2] = static_cast<std::uint8_t>(out.prefix.bytes[depth / 2] | bits);
  ++out.depth;
  return out;
}

Result<void> verify_offer(const SnapshotOffer& offer, const Genesis& genesis,
                          const std::vector<RecoveryRecord>& recoveries, const Verifier& verifier) {
  const ResultHeader& tip = offer.tip.header;
  if (tip.height == Height(0)) return misfit("the genesis needs no snapshot");
  Evidence evidence;
  evidence.chain = genesis.chain_id;
  evidence.hand_overs = offer.hand_overs;
  evidence.tip = offer.tip;
  EvidenceOptions options;
  options.recoveries = recoveries;
  const auto trust = verify_evidence_basis(evidence, genesis, options, verifier);
  if (!trust) return unproven(trust.error().what);
  if (offer.block.chain != genesis.chain_id || offer.block.height != tip.height ||
      block_hash(offer.block) != tip.block)
    return unproven("the block is not the one that the result is of");
  const VoteContent& commit = offer.commit.content;
  if (commit !=
      VoteContent{VoteKind::kCommit, trust->tip_set.epoch, commit.view, tip.height, tip.block})
    return misfit("the commit certificate is of another block");
  USANCE_TRY(verify_certificate(genesis.chain_id, trust->tip_set, offer.commit, verifier));
  if (offer.ledger.size != tip.height.value || offer.ledger.root() != tip.ledger_root)
    return unproven("the ledger tree's peaks do not have the result's root");
  return {};
}

Result<std::vector<ProvenSubtree>> verify_piece(const ProvenSubtree& asked,
                                                const StatePiece& piece) {
  if (piece.subtree != asked.subtree) return misfit("another subtree than was asked for");
  if (!piece.parts.empty()) {
    if (!piece.scopes.empty() || !piece.items.empty())
      return misfit("a piece has parts and leaves");
    return verify_parts(asked, piece.parts);
  }
  std::vector<TreeLeaf> leaves;
  std::vector<ProvenSubtree> left;
  if (asked.subtree.scope) {
    if (!piece.scopes.empty()) return misfit("scopes in a tree of items");
    for (const ProvenItem& item : piece.items) {
      const Hash32 path = item_path(item.item);
      leaves.push_back({path, item_leaf_hash(path, value_hash(item.value))});
    }
  } else {
    if (!piece.items.empty()) return misfit("items in the tree of scopes");
    for (const SnapshotScope& scope : piece.scopes) {
      const Hash32 path = scope_path(scope.contract, scope.scope);
      leaves.push_back({path, scope_leaf_hash(path, scope.summary)});
      if (!scope.whole) left.push_back({{path, {}, 0}, scope.summary.object_root});
    }
  }
  USANCE_TRY(verify_leaves(asked, leaves));
  for (const SnapshotScope& scope : piece.scopes) USANCE_TRY(verify_scope(scope));
  return left;
}

OutcomeWalk OutcomeWalk::begin(const SnapshotOffer& offer) {
  MerkleFrontier ledger = offer.ledger;
  ledger.append(ledger_leaf(offer.tip.header.block, result_hash(offer.tip.header)));
  const std::uint64_t tip = offer.height().value;
  const Height lowest(tip > limits::kReplayHorizon ? tip - limits::kReplayHorizon + 1 : 1);
  return {offer.height(), lowest, ledger.root(), 0};
}

Result<void> verify_outcomes(OutcomeWalk& walk, const ChainId& chain, const OutcomePiece& piece) {
  if (piece.heights.empty()) return misfit("a piece of outcomes has none");
  const std::uint64_t first = piece.ledger.size;
  if (first < walk.lowest.value || first > walk.next.value ||
      walk.next.value - first + 1 != piece.heights.size())
    return misfit("outcomes of other heights than were asked for");
  MerkleFrontier ledger = piece.ledger;
  for (std::size_t i = 0; i < piece.heights.size(); ++i) {
    const ResultHeader& result = piece.heights[i].result;
    if (result.chain != chain || result.height.value != first + i)
      return misfit("the outcomes are not of consecutive heights");
    if (ledger.root() != result.ledger_root)
      return unproven("a result of " + at_height(result.height) + " that is not on the ledger");
    ledger.append(ledger_leaf(result.block, result_hash(result)));
  }
  if (ledger.root() != walk.ledger_root)
    return unproven("the results up to " + at_height(walk.next) + " are not on the ledger");
  for (const SnapshotOutcome& outcome : piece.heights) {
    if (!is_whole(outcome) && piece.heights.size() != 1)
      return misfit("a height with missing receipts among others");
    USANCE_TRY(verify_receipts(outcome));
  }

  const SnapshotOutcome& oldest = piece.heights.front();
  const bool alone = piece.heights.size() == 1;
  if (alone ? oldest.before.size() != walk.first : walk.first != 0)
    return misfit("other receipts than were asked for");
  if (alone && !oldest.after.empty()) {
    if (oldest.receipts.empty()) return misfit("a piece without a receipt");
    walk.first += static_cast<std::uint32_t>(oldest.receipts.size());
    return {};
  }
  walk.next = Height(first - 1);
  walk.ledger_root = oldest.result.ledger_root;
  walk.first = 0;
  return {};
}

}  // namespace usance
