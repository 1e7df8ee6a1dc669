// SN-2 to SN-4: what is proven passes, and every way in which a piece may be wrong is refused.
#include <functional>

#include <gtest/gtest.h>

#include "tests/unit/base/snapshot_chain.h"

namespace usance {
namespace {

const SnapshotChain& chain() {
  static const SnapshotChain made;
  return made;
}

Result<void> verified(const SnapshotOffer& offer) {
  return verify_offer(offer, chain().genesis, {}, ed25519_verifier());
}

std::vector<std::pair<ProvenSubtree, StatePiece>> all_pieces() {
  std::vector<std::pair<ProvenSubtree, StatePiece>> out;
  std::vector<ProvenSubtree> asked = {{{}, chain().tip().state_root}};
  while (!asked.empty()) {
    const ProvenSubtree next = asked.back();
    asked.pop_back();
    StatePiece piece = chain().piece(next.subtree);
    const auto left = verify_piece(next, piece);
    EXPECT_TRUE(left) << left.error().message;
    if (!left) break;
    asked.insert(asked.end(), left->begin(), left->end());
    out.emplace_back(next, std::move(piece));
  }
  return out;
}

TEST(SnapshotOffer, SN2_OneThatAQuorumSignedPasses) {
  const auto outcome = verified(chain().offer());
  EXPECT_TRUE(outcome) << outcome.error().message;
  const Bytes raw = encode(chain().offer());
  EXPECT_EQ(*decode<SnapshotOffer>(raw), chain().offer());
}

TEST(SnapshotOffer, SN2_EveryOtherIsRefused) {
  using Change = std::function<void(SnapshotOffer&)>;
  const std::vector<std::pair<const char*, Change>> changes = {
      {"another state root", [](auto& o) { o.tip.header.state_root.bytes[0] ^= 1; }},
      {"another height", [](auto& o) { o.tip.header.height = Height(22); }},
      {"a signature is wrong", [](auto& o) { o.tip.certificate.signatures[1].bytes[3] ^= 1; }},
      {"a signature is missing", [](auto& o) { o.tip.certificate.signatures.pop_back(); }},
      {"another chain", [](auto& o) { o.tip.header.chain.bytes[0] ^= 1; }},
      {"another block", [](auto& o) { o.block.time = TimeMs(7); }},
      {"another block's certificate", [](auto& o) { o.commit.content.hash.bytes[0] ^= 1; }},
      {"a result's certificate for the block's", [](auto& o) { o.commit = o.tip.certificate; }},
      {"a commit signature is wrong", [](auto& o) { o.commit.signatures[0].bytes[0] ^= 1; }},
      {"another peak", [](auto& o) { o.ledger.peaks[0].bytes[0] ^= 1; }},
      {"a smaller ledger tree", [](auto& o) { o.ledger = chain().ledger(22); }},
      {"the genesis",
       [](auto& o) {
         o.tip.header = chain().headers[0];
         o.tip.certificate = chain().certify(VoteKind::kExec, Height(0), result_hash(o.tip.header));
       }},
      {"a hand-over to nobody", [](auto& o) { o.hand_overs.push_back({o.tip.header, {}, {}}); }},
  };
  for (const auto& [what, change] : changes) {
    SnapshotOffer offer = chain().offer();
    change(offer);
    EXPECT_FALSE(verified(offer)) << what;
  }
}

TEST(StatePiece, SN3_ThePiecesMakeUpTheState) {
  std::map<Hash32, SnapshotScope> scopes;
  std::map<Hash32, ProvenItem> items;
  for (const auto& [asked, piece] : all_pieces()) {
    EXPECT_EQ(*decode<StatePiece>(encode(piece)), piece);
    for (const SnapshotScope& scope : piece.scopes)
      EXPECT_TRUE(scopes.emplace(scope_path(scope.contract, scope.scope), scope).second);
    for (const ProvenItem& item : piece.items)
      EXPECT_TRUE(items.emplace(item_path(item.item), item).second);
  }
  EXPECT_EQ(scopes, chain().scopes);
  EXPECT_EQ(items, chain().large);
}

TEST(StatePiece, SN3_EveryWrongPieceIsRefused) {
  using Kind = SubtreePart::Kind;
  // A change that does not apply to a piece returns false.
  using Change = std::function<bool(StatePiece&)>;
  const auto first_part = [](StatePiece& piece, auto wanted) -> SubtreePart* {
    for (SubtreePart& part : piece.parts)
      if (wanted(part)) return &part;
    return nullptr;
  };
  const std::vector<std::pair<const char*, Change>> changes = {
      {"nothing",
       [](auto& p) {
         p.parts.clear();
         p.scopes.clear();
         p.items.clear();
         return true;
       }},
      {"another subtree",
       [](auto& p) {
         p.subtree.depth = static_cast<std::uint8_t>(p.subtree.depth + 1);
         return true;
       }},
      {"a scope is missing",
       [](auto& p) { return !p.scopes.empty() && (p.scopes.pop_back(), true); }},
      {"a scope twice",
       [](auto& p) { return !p.scopes.empty() && (p.scopes.push_back(p.scopes.back()), true); }},
      {"scopes out of order",
       [](auto& p) {
         return p.scopes.size() > 1 && (std::swap(p.scopes.front(), p.scopes.back()), true);
       }},
      {"a scope's name",
       [](auto& p) { return !p.scopes.empty() && (p.scopes[0].scope.push_back(1), true); }},
      {"a scope's count of changes",
       [](auto& p) { return !p.scopes.empty() && (++p.scopes[0].summary.change_count, true); }},
      {"a scope's value",
       [](auto& p) {
         for (SnapshotScope& scope : p.scopes)
           if (!scope.items.empty()) return scope.items[0].value.push_back(1), true;
         return false;
       }},
      {"a scope's item is missing",
       [](auto& p) {
         for (SnapshotScope& scope : p.scopes)
           if (!scope.items.empty()) return scope.items.pop_back(), true;
         return false;
       }},
      {"a scope without the items that it has none of",
       [](auto& p) {
         for (SnapshotScope& scope : p.scopes)
           if (scope.summary.item_count == 0) return scope.whole = false, true;
         return false;
       }},
      {"an item's value",
       [](auto& p) { return !p.items.empty() && (p.items[0].value.push_back(1), true); }},
      {"an item is missing",
       [](auto& p) { return !p.items.empty() && (p.items.pop_back(), true); }},
      {"an item twice",
       [](auto& p) { return !p.items.empty() && (p.items.push_back(p.items.back()), true); }},
      {"items in the tree of scopes",
       [](auto& p) {
         if (p.scopes.empty()) return false;
         p.items.push_back({to_bytes("a"), to_bytes("b")});
         return true;
       }},
      {"scopes in a tree of items",
       [](auto& p) {
         if (p.items.empty()) return false;
         p.scopes.push_back(chain().scopes.begin()->second);
         return true;
       }},
      {"parts and leaves",
       [](auto& p) {
         if (p.parts.empty()) return false;
         p.scopes.push_back(chain().scopes.begin()->second);
         return true;
       }},
      {"fifteen parts", [](auto& p) { return !p.parts.empty() && (p.parts.pop_back(), true); }},
      {"a part's hash",
       [&](auto& p) {
         SubtreePart* part = first_part(p, [](auto& one) { return one.kind == Kind::kNode; });
         return part != nullptr && (part->node.bytes[9] ^= 1, true);
       }},
      {"a part is left away",
       [&](auto& p) {
         SubtreePart* part = first_part(p, [](auto& one) { return one.kind != Kind::kEmpty; });
         return part != nullptr && (*part = SubtreePart{}, true);
       }},
      {"a node of nothing",
       [&](auto& p) {
         SubtreePart* part = first_part(p, [](auto& one) { return one.kind == Kind::kEmpty; });
         return part != nullptr && (part->kind = Kind::kNode, true);
       }},
      {"a leaf in another part",
       [&](auto& p) {
         SubtreePart* leaf = first_part(
             p, [](auto& one) { return one.kind == Kind::kScope || one.kind == Kind::kItem; });
         SubtreePart* empty = first_part(p, [](auto& one) { return one.kind == Kind::kEmpty; });
         return leaf != nullptr && empty != nullptr && (std::swap(*leaf, *empty), true);
       }},
      {"another leaf",
       [&](auto& p) {
         SubtreePart* part = first_part(p, [](auto& one) { return one.kind == Kind::kScope; });
         return part != nullptr && (++part->scope.summary.item_count, true);
       }},
  };
  const auto pieces = all_pieces();
  for (const auto& [what, change] : changes) {
    std::size_t applied = 0;
    for (const auto& [asked, piece] : pieces) {
      StatePiece wrong = piece;
      if (!change(wrong) || wrong == piece) continue;
      ++applied;
      EXPECT_FALSE(verify_piece(asked, wrong)) << what;
    }
    EXPECT_GT(applied, 0u) << what;
  }
}

// A node's hash passed up as if it hung alone would shift everything below it: a leaf must show
// what it hashes, and a split has two parts.
TEST(StatePiece, SN3_ANodeDoesNotPassForALeafNorForTheWholeOfASplit) {
  const ProvenSubtree root{{}, chain().tip().state_root};
  StatePiece piece;
  piece.parts.resize(16);
  piece.parts[3].kind = SubtreePart::Kind::kNode;
  piece.parts[3].node = root.root;
  EXPECT_FALSE(verify_piece(root, piece));

  // The same one level down: the left half's node in place of its eight parts.
  const StatePiece honest = chain().piece({});
  ASSERT_EQ(honest.parts.size(), 16u);
  const std::vector<TreeLeaf> left_half = [&] {
    std::vector<TreeLeaf> out;
    for (const auto& [path, scope] : chain().scopes)
      if (!path_bit(path, 0)) out.push_back({path, scope_leaf_hash(path, scope.summary)});
    return out;
  }();
  StatePiece shifted = honest;
  for (std::size_t i = 0; i < 8; ++i) shifted.parts[i] = SubtreePart{};
  shifted.parts[2].kind = SubtreePart::Kind::kNode;
  shifted.parts[2].node = sparse_root(left_half, 1);
  EXPECT_FALSE(verify_piece(root, shifted));
}

TEST(Outcomes, SN4_TheWalkGoesDownToTheLowestHeight) {
  OutcomeWalk walk = OutcomeWalk::begin(chain().offer());
  EXPECT_EQ(walk.next, Height(23));
  EXPECT_EQ(walk.lowest, Height(1));
  std::size_t receipts = 0, pieces = 0;
  while (!walk.done()) {
    const OutcomePiece piece = chain().outcomes(walk.next, walk.first, walk.lowest);
    EXPECT_EQ(*decode<OutcomePiece>(encode(piece)), piece);
    const auto outcome = verify_outcomes(walk, chain().genesis.chain_id, piece);
    ASSERT_TRUE(outcome) << outcome.error().message;
    for (const SnapshotOutcome& one : piece.heights) receipts += one.receipts.size();
    ++pieces;
  }
  std::size_t wanted = 0;
  for (const auto& own : chain().receipts) wanted += own.size();
  EXPECT_EQ(receipts, wanted);
  EXPECT_GT(pieces, 6u);
}

TEST(Outcomes, SN4_EveryWrongPieceIsRefused) {
  using Change = std::function<bool(OutcomePiece&)>;
  const std::vector<std::pair<const char*, Change>> changes = {
      {"no heights",
       [](auto& p) {
         p.heights.clear();
         return true;
       }},
      {"the newest is missing",
       [](auto& p) { return p.heights.size() > 1 && (p.heights.pop_back(), true); }},
      {"the oldest is missing",
       [](auto& p) { return p.heights.size() > 1 && (p.heights.erase(p.heights.begin()), true); }},
      {"another peak",
       [](auto& p) { return !p.ledger.peaks.empty() && (p.ledger.peaks[0].bytes[1] ^= 1, true); }},
      {"another result", [](auto& p) { return ++p.heights[0].result.gas_used, true; }},
      {"another chain", [](auto& p) { return p.heights[0].result.chain.bytes[0] ^= 1, true; }},
      {"a void receipt that is not void",
       [](auto& p) {
         for (SnapshotOutcome& one : p.heights)
           for (Receipt& receipt : one.receipts)
             if (is_void(receipt.status)) return receipt.status = ReceiptStatus::kOk, true;
         return false;
       }},
      {"another transaction",
       [](auto& p) {
         for (SnapshotOutcome& one : p.heights)
           for (Receipt& receipt : one.receipts) return receipt.tx.bytes[0] ^= 1, true;
         return false;
       }},
      {"a receipt is missing",
       [](auto& p) {
         for (SnapshotOutcome& one : p.heights)
           if (!one.receipts.empty()) return one.receipts.pop_back(), true;
         return false;
       }},
      {"a receipt is hidden behind its hash",
       [](auto& p) {
         for (SnapshotOutcome& one : p.heights)
           if (p.heights.size() > 1 && !one.receipts.empty()) {
             one.after.push_back(receipt_leaf(one.receipts.back()));
             one.receipts.pop_back();
             return true;
           }
         return false;
       }},
      {"nothing but hashes",
       [](auto& p) {
         SnapshotOutcome& one = p.heights[0];
         if (p.heights.size() != 1 || one.receipts.empty() || one.after.empty()) return false;
         std::vector<Hash32> hidden;
         for (const Receipt& receipt : one.receipts) hidden.push_back(receipt_leaf(receipt));
         one.after.insert(one.after.begin(), hidden.begin(), hidden.end());
         one.receipts.clear();
         return true;
       }},
      {"receipts that are here already",
       [](auto& p) {
         SnapshotOutcome& one = p.heights[0];
         return !one.before.empty() && (one = {one.result, {}, chain().receipts[9], {}}, true);
       }},
  };
  std::map<std::string, std::size_t> applied;
  OutcomeWalk walk = OutcomeWalk::begin(chain().offer());
  while (!walk.done()) {
    const OutcomePiece piece = chain().outcomes(walk.next, walk.first, walk.lowest);
    for (const auto& [what, change] : changes) {
      OutcomePiece wrong = piece;
      if (!change(wrong) || wrong == piece) continue;
      ++applied[what];
      OutcomeWalk tried = walk;
      EXPECT_FALSE(verify_outcomes(tried, chain().genesis.chain_id, wrong)) << what;
      EXPECT_EQ(tried.next, walk.next) << what;
    }
    // An honest piece of other heights.
    if (walk.next > Height(2)) {
      OutcomeWalk tried = walk;
      EXPECT_FALSE(verify_outcomes(tried, chain().genesis.chain_id,
                                   chain().outcomes(Height(walk.next.value - 1), 0, Height(1))));
    }
    ASSERT_TRUE(verify_outcomes(walk, chain().genesis.chain_id, piece));
  }
  EXPECT_EQ(applied.size(), changes.size());
  OutcomeWalk low = OutcomeWalk::begin(chain().offer());
  low.lowest = Height(22);
  EXPECT_FALSE(
      verify_outcomes(low, chain().genesis.chain_id, chain().outcomes(Height(23), 0, Height(1))));
}

}  // namespace
}  // namespace usance
