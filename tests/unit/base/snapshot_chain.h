// A ledger of some heights with a state worth a few pieces, and a server of its snapshot that is
// written from docs/spec/snapshot.md alone, over plain maps. Its pieces are small.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/snapshot_verify.h"

namespace usance {

class SnapshotChain {
 public:
  static constexpr std::size_t kPieceLeaves = 6;
  static constexpr std::size_t kPieceHeights = 5;
  static constexpr std::size_t kPieceReceipts = 4;
  static constexpr std::uint64_t kLargeHeight = 9;  // has more receipts than a piece

  explicit SnapshotChain(std::uint64_t tip = 23) {
    genesis.chain_id = sha256(as_bytes("snapshot genesis"));
    genesis.network = "sample";
    for (std::uint32_t i = 0; i < 4; ++i) {
      SecretSeed seed;
      seed.bytes[0] = static_cast<std::uint8_t>(i + 1);
      signers.push_back(ed25519_signer(seed));
      GenesisNode node;
      node.id = i + 1;
      node.name = "node-" + std::to_string(i + 1);
      node.org = OrgId("org-" + std::to_string(i));
      node.consensus_key = signers.back()->public_key();
      genesis.nodes.push_back(node);
      GenesisOrganisation organisation;
      organisation.id = node.org;
      genesis.organisations.push_back(organisation);
    }
    build_state();
    for (std::uint64_t h = 0; h <= tip; ++h) build_height(h, h == tip);
  }

  [[nodiscard]] Certificate certify(VoteKind kind, Height height, const Hash32& hash) const {
    const ValidatorSet set = genesis.validators();
    const VoteContent content{kind, set.epoch, View{}, height, hash};
    std::vector<SignedVote> votes;
    for (std::uint32_t i = 0; i < set.quorum(); ++i)
      votes.push_back({i, signers[i]->sign(vote_digest(genesis.chain_id, content))});
    return make_certificate(set, content, votes);
  }
  [[nodiscard]] const ResultHeader& tip() const { return headers.back(); }
  [[nodiscard]] MerkleFrontier ledger(std::uint64_t size) const {
    MerkleFrontier out;
    for (std::uint64_t h = 0; h < size; ++h)
      out.append(ledger_leaf(headers[h].block, result_hash(headers[h])));
    return out;
  }
  [[nodiscard]] SnapshotOffer offer() const {
    SnapshotOffer out;
    out.tip = {tip(), certify(VoteKind::kExec, tip().height, result_hash(tip()))};
    out.block = blocks.back();
    out.commit = certify(VoteKind::kCommit, tip().height, block_hash(out.block));
    out.ledger = ledger(tip().height.value);
    return out;
  }

  [[nodiscard]] StatePiece piece(const Subtree& subtree) const {
    StatePiece out;
    out.subtree = subtree;
    std::vector<TreeLeaf> leaves = leaves_of(subtree);
    if (leaves.size() > kPieceLeaves) {
      for (std::size_t i = 0; i < 16; ++i)
        out.parts.push_back(part(subtree.scope, leaves_of(subtree.part(i)), subtree.depth + 1));
    } else {
      for (const TreeLeaf& leaf : leaves) {
        if (subtree.scope)
          out.items.push_back(items_of(*subtree.scope).at(leaf.path));
        else
          out.scopes.push_back(scopes.at(leaf.path));
      }
    }
    return out;
  }

  [[nodiscard]] OutcomePiece outcomes(Height newest, std::uint32_t first, Height lowest) const {
    OutcomePiece out;
    const auto& all = receipts[newest.value];
    if (first != 0 || all.size() > kPieceReceipts) {
      SnapshotOutcome& one = out.heights.emplace_back();
      one.result = headers[newest.value];
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (i < first)
          one.before.push_back(receipt_leaf(all[i]));
        else if (i < first + kPieceReceipts)
          one.receipts.push_back(all[i]);
        else
          one.after.push_back(receipt_leaf(all[i]));
      }
    } else {
      for (Height at = newest; at >= lowest && out.heights.size() < kPieceHeights;
           at = Height(at.value - 1)) {
        if (receipts[at.value].size() > kPieceReceipts) break;
        out.heights.push_back({headers[at.value], {}, receipts[at.value], {}});
      }
      std::reverse(out.heights.begin(), out.heights.end());
    }
    out.ledger = ledger(out.heights.front().result.height.value);
    return out;
  }

  Genesis genesis;
  std::vector<std::unique_ptr<Signer>> signers;
  std::vector<BlockHeader> blocks;
  std::vector<ResultHeader> headers;
  std::vector<std::vector<Receipt>> receipts;
  std::map<Hash32, SnapshotScope> scopes;  // by path
  std::map<Hash32, ProvenItem> large;      // of the one scope that comes without its items
  Hash32 large_path;

 private:
  [[nodiscard]] std::map<Hash32, ProvenItem> items_of(const Hash32& scope) const {
    if (scope == large_path) return large;
    std::map<Hash32, ProvenItem> out;
    for (const ProvenItem& item : scopes.at(scope).items) out[item_path(item.item)] = item;
    return out;
  }
  [[nodiscard]] std::vector<TreeLeaf> leaves_of(const Subtree& subtree) const {
    std::vector<TreeLeaf> out;
    if (subtree.scope) {
      for (const auto& [path, item] : items_of(*subtree.scope))
        if (subtree.holds(path))
          out.push_back({path, item_leaf_hash(path, value_hash(item.value))});
    } else {
      for (const auto& [path, scope] : scopes)
        if (subtree.holds(path)) out.push_back({path, scope_leaf_hash(path, scope.summary)});
    }
    return out;
  }
  [[nodiscard]] SubtreePart part(const std::optional<Hash32>& scope,
                                 const std::vector<TreeLeaf>& leaves, std::size_t depth) const {
    SubtreePart out;
    if (leaves.empty()) return out;
    if (leaves.size() > 1) {
      out.kind = SubtreePart::Kind::kNode;
      out.node = sparse_root(leaves, depth * 4);
    } else if (scope) {
      out.kind = SubtreePart::Kind::kItem;
      out.item = {leaves[0].path, value_hash(items_of(*scope).at(leaves[0].path).value)};
    } else {
      out.kind = SubtreePart::Kind::kScope;
      out.scope = {leaves[0].path, scopes.at(leaves[0].path).summary};
    }
    return out;
  }

  void add_scope(const std::string& name, std::vector<ProvenItem> items, bool whole) {
    SnapshotScope scope{"deposit", to_bytes(name), {}, whole, {}};
    std::vector<StateItem> plain;
    for (const ProvenItem& item : items) plain.push_back({item.item, item.value});
    scope.summary = {object_root(plain), items.size(), items.size(), sha256(as_bytes(name))};
    const Hash32 path = scope_path(scope.contract, scope.scope);
    if (whole) {
      scope.items = std::move(items);
    } else {
      large_path = path;
      for (ProvenItem& item : items) large[item_path(item.item)] = item;
    }
    scopes[path] = std::move(scope);
  }
  void build_state() {
    for (int i = 0; i < 70; ++i) {
      std::vector<ProvenItem> items;
      for (int k = 0; k < i % 4; ++k)
        items.push_back({to_bytes("item" + std::to_string(k)), to_bytes("v" + std::to_string(i))});
      add_scope("account/" + std::to_string(i), std::move(items), true);
    }
    std::vector<ProvenItem> many;
    for (int i = 0; i < 50; ++i)
      many.push_back({to_bytes("entry" + std::to_string(i)), to_bytes("of the large scope")});
    add_scope("large", std::move(many), false);
  }

  void build_height(std::uint64_t height, bool last) {
    BlockHeader block = genesis_block_header(genesis.chain_id, TimeMs(1'000 + height));
    block.height = Height(height);
    if (!blocks.empty()) block.parent = block_hash(blocks.back());
    auto& own = receipts.emplace_back();
    const std::size_t count = height == 0 ? 0 : height == kLargeHeight ? 11 : height % 4;
    for (std::size_t i = 0; i < count; ++i) {
      Receipt receipt;
      receipt.tx = sha256(as_bytes(std::to_string(height) + "/" + std::to_string(i)));
      receipt.status = i == 1 ? ReceiptStatus::kVoidDuplicate : ReceiptStatus::kOk;
      own.push_back(receipt);
    }
    ResultHeader result;
    result.chain = genesis.chain_id;
    result.height = Height(height);
    result.block = block_hash(block);
    result.set_hash = validator_set_hash(genesis.chain_id, genesis.validators());
    result.state_root = last ? sparse_root(leaves_of({})) : sha256(as_bytes("before"));
    std::vector<Hash32> leaves;
    for (const Receipt& receipt : own) leaves.push_back(receipt_leaf(receipt));
    result.receipt_root = counted_root(leaves.size(), merkle_root(leaves));
    result.actions = static_cast<std::uint32_t>(leaves.size());
    result.ledger_root = ledger(height).root();
    blocks.push_back(block);
    headers.push_back(result);
  }
};

}  // namespace usance
