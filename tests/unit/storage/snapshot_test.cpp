// A store made of another's snapshot (docs/spec/snapshot.md): the same state, roots and proofs from
// its height on, and plain words about what lies below.
#include <deque>

#include "base/snapshot_verify.h"
#include "storage/snapshot_export.h"
#include "storage/snapshot_import.h"
#include "tests/unit/storage/store_fixture.h"

namespace usance::storage {
namespace {

// Items of a scope that takes several pieces, and of one that takes several buckets.
constexpr int kHugeItems = 400;
constexpr int kLargeItems = 90;

class SnapshotTest : public StoreTest {
 protected:
  SnapshotTest() { open(); }

  // What every height changes: small scopes, some of them new, one large one, timers.
  static std::vector<StateChange> changes_of(std::uint64_t height) {
    const std::string n = std::to_string(height);
    std::vector<StateChange> out = {
        put("deposit", "account/" + n, "balance", n, 0),
        put("deposit", "account/1", "last", n, 0),
        put("deposit", "index", "entry/" + n, std::string(700, 'x'), 1),
        put("system.timers", "queue", "timer/" + n, "due " + n, 1),
    };
    if (height > 5)
      out.push_back(del("system.timers", "queue", "timer/" + std::to_string(height - 5), 1));
    if (height == 3) {
      for (int i = 0; i < kHugeItems; ++i)
        out.push_back(put("registry", "huge", "item/" + std::to_string(i),
                          std::string(4'000, static_cast<char>('a' + i % 26)), 1));
      for (int i = 0; i < kLargeItems; ++i)
        out.push_back(put("system.timers", "all", "t" + std::to_string(i), "as of 3", 1));
    }
    return out;
  }
  void run_to(std::uint64_t height) {
    while (next_height().value <= height)
      if (!try_commit(changes_of(next_height().value))) {
        ADD_FAILURE() << "height " << next_height().value << " is not committed";
        return;
      }
  }
  // Certificates that look right; what they prove is base/'s matter.
  void certify(Height height) {
    const ResultHeader result = *store_->result_header(height);
    const Certificate certificates[] = {certificate(VoteKind::kExec, height, result_hash(result))};
    ASSERT_TRUE(store_->store_blocks({}, certificates, Durability::kSynced));
  }
  std::unique_ptr<SnapshotExport> take() {
    auto taken = store_->take_snapshot();
    EXPECT_TRUE(taken) << taken.error().message;
    certify((*taken)->height());
    return *std::move(taken);
  }

  std::filesystem::path copy_directory() const { return directory_.path.string() + "-copy"; }
  std::unique_ptr<SnapshotImport> begin(const SnapshotOffer& offer) {
    auto import =
        SnapshotImport::begin(copy_directory(), offer, *store_->result_header(Height(0)), options_);
    EXPECT_TRUE(import) << import.error().message;
    return *std::move(import);
  }
  // The state, piece by piece, each verified; counts the pieces.
  static std::size_t copy_state(const SnapshotExport& from, const SnapshotOffer& offer,
                                SnapshotImport& to) {
    std::deque<ProvenSubtree> asked = {{{}, offer.tip.header.state_root}};
    std::size_t pieces = 0;
    while (!asked.empty()) {
      const ProvenSubtree next = asked.back();
      asked.pop_back();
      const auto piece = from.piece(next.subtree);
      EXPECT_TRUE(piece) << piece.error().message;
      if (!piece) break;
      EXPECT_LT(encode(*piece).size(), limits::kSnapshotPieceBytes + 100'000);
      const auto left = verify_piece(next, *piece);
      EXPECT_TRUE(left) << left.error().message;
      if (!left) break;
      const auto added = to.add(*piece);
      EXPECT_TRUE(added) << added.error().message;
      asked.insert(asked.end(), left->begin(), left->end());
      ++pieces;
    }
    return pieces;
  }
  void copy_outcomes(const SnapshotExport& from, const SnapshotOffer& offer, SnapshotImport& to) {
    OutcomeWalk walk = OutcomeWalk::begin(offer);
    while (!walk.done()) {
      const auto piece = from.outcomes(walk.next, walk.first, walk.lowest);
      ASSERT_TRUE(piece) << piece.error().message;
      const auto verified = verify_outcomes(walk, chain_, *piece);
      ASSERT_TRUE(verified) << verified.error().message;
      ASSERT_TRUE(to.add(*piece));
    }
  }
  void copy(const SnapshotExport& from) {
    const auto offer = from.offer();
    ASSERT_TRUE(offer) << offer.error().message;
    const auto import = begin(*offer);
    EXPECT_FALSE(import->finish());
    copy_state(from, *offer, *import);
    EXPECT_FALSE(import->whole());
    copy_outcomes(from, *offer, *import);
    EXPECT_TRUE(import->whole());
    const auto finished = import->finish();
    ASSERT_TRUE(finished) << finished.error().message;
  }
  void open_copy() {
    copy_.reset();
    auto opened = LedgerStore::open(copy_directory(), chain_, options_);
    ASSERT_TRUE(opened) << opened.error().message;
    copy_ = *std::move(opened);
  }
  // Executes the height in both stores; their results must be the same.
  void commit_in_both() {
    const Height height = next_height();
    const auto changes = changes_of(height.value);
    const TestBlock block = make_block(chain_, height, parent_);
    const auto staged = copy_->stage(height, changes);
    ASSERT_TRUE(staged) << staged.error().message;
    const ResultHeader result = make_result(*copy_, block, *staged);
    const auto committed =
        copy_->commit(*staged, {block.block.header, &block.block.body, &*block.certificate},
                      block.receipts, block.events, result);
    ASSERT_TRUE(committed) << committed.error().message;
    EXPECT_EQ(commit(changes), result);
  }
  template <class T>
  static ErrorCode code_of(const Result<T>& result) {
    return result ? ErrorCode{} : result.error().code;
  }

  struct RemoveCopy {
    std::filesystem::path path;
    ~RemoveCopy() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };
  RemoveCopy remove_copy_{copy_directory()};
  std::unique_ptr<LedgerStore> copy_;
};

TEST_F(SnapshotTest, ACopyHoldsTheSameStateAndGoesOn) {
  run_to(40);
  const auto snapshot = take();
  ASSERT_NO_FATAL_FAILURE(copy(*snapshot));
  ASSERT_NO_FATAL_FAILURE(open_copy());
  EXPECT_EQ(copy_->base(), Height(40));
  EXPECT_EQ(copy_->executed(), Height(40));
  EXPECT_EQ(copy_->next_ledger_root(), store_->next_ledger_root());
  const auto whole = copy_->verify_state();
  EXPECT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(*copy_->genesis_result(), *store_->result_header(Height(0)));

  const auto ids = copy_->recent_ids(limits::kReplayHorizon);
  ASSERT_TRUE(ids) << ids.error().message;
  ASSERT_EQ(ids->size(), 40u);
  const auto wanted = *store_->recent_ids(limits::kReplayHorizon);
  for (std::size_t i = 0; i < ids->size(); ++i) {
    EXPECT_EQ((*ids)[i].height, wanted[i + 1].height);
    EXPECT_EQ((*ids)[i].ids, wanted[i + 1].ids);
  }

  for (int i = 0; i < 20; ++i) ASSERT_NO_FATAL_FAILURE(commit_in_both());
  ASSERT_NO_FATAL_FAILURE(open_copy());
  const auto still_whole = copy_->verify_state();
  EXPECT_TRUE(still_whole) << still_whole.error().message;
  EXPECT_EQ(copy_->recent_ids(30)->size(), 30u);
}

TEST_F(SnapshotTest, ProofsAboveTheBaseAreTheSame) {
  run_to(37);
  const auto snapshot = take();
  ASSERT_NO_FATAL_FAILURE(copy(*snapshot));
  ASSERT_NO_FATAL_FAILURE(open_copy());
  for (int i = 0; i < 12; ++i) ASSERT_NO_FATAL_FAILURE(commit_in_both());
  for (std::uint64_t older = 37; older <= 49; ++older) {
    for (std::uint64_t newer = older + 1; newer <= 49; ++newer) {
      const auto path = copy_->ledger_path(Height(older), Height(newer));
      ASSERT_TRUE(path) << path.error().message;
      EXPECT_EQ(*path, *store_->ledger_path(Height(older), Height(newer)));
    }
    for (std::uint64_t newer = older; newer <= 49; ++newer) {
      const auto way = copy_->ledger_consistency(Height(older), Height(newer));
      ASSERT_TRUE(way) << way.error().message;
      EXPECT_EQ(*way, *store_->ledger_consistency(Height(older), Height(newer)));
    }
  }
  for (const StateKey& wanted :
       {key("registry", "huge", "item/7"), key("deposit", "account/1", "last"),
        key("deposit", "index", "entry/45"), key("deposit", "account/99", "balance")}) {
    const auto proof = copy_->state_proof(Height(45), wanted);
    ASSERT_TRUE(proof) << proof.error().message;
    EXPECT_EQ(*proof, *store_->state_proof(Height(45), wanted));
  }
  // What began after the snapshot has its whole history here.
  const auto history = copy_->completeness_proof(Height(49), "deposit", to_bytes("account/41"));
  ASSERT_TRUE(history) << history.error().message;
  EXPECT_EQ(history->changes.size(), 1u);
}

TEST_F(SnapshotTest, WhatLiesBelowTheBaseIsCalledPruned) {
  run_to(20);
  const auto snapshot = take();
  ASSERT_NO_FATAL_FAILURE(copy(*snapshot));
  ASSERT_NO_FATAL_FAILURE(open_copy());
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(commit_in_both());
  const auto pruned = ErrorCode::kPruned;
  EXPECT_EQ(code_of(copy_->view(Height(19))), pruned);
  EXPECT_EQ(code_of(copy_->result_header(Height(0))), pruned);
  EXPECT_EQ(code_of(copy_->header(Height(19))), pruned);
  EXPECT_EQ(code_of(copy_->block(Height(20))), pruned);
  EXPECT_EQ(code_of(copy_->receipts(Height(20))), pruned);
  EXPECT_EQ(code_of(copy_->events(Height(5))), pruned);
  EXPECT_EQ(code_of(copy_->commit_certificate(Height(19))), pruned);
  EXPECT_EQ(code_of(copy_->result_certificate(Height(3))), pruned);
  EXPECT_EQ(code_of(copy_->ledger_path(Height(19), Height(22))), pruned);
  EXPECT_EQ(code_of(copy_->ledger_consistency(Height(19), Height(22))), pruned);
  EXPECT_EQ(code_of(copy_->history("deposit", to_bytes("account/1"), Height(0), Height(23))),
            pruned);
  EXPECT_EQ(code_of(copy_->completeness_proof(Height(23), "deposit", to_bytes("account/1"))),
            pruned);
  EXPECT_EQ(code_of(copy_->events_of("deposit", to_bytes("alice"), std::nullopt, Height(23), 10)),
            pruned);
  EXPECT_EQ(code_of(copy_->result_header(Height(24))), ErrorCode::kNotFound);
  const auto since =
      copy_->events_of("deposit", to_bytes("alice"),
                       EventCursor{Height(20), UINT32_MAX, UINT32_MAX}, Height(23), 10);
  ASSERT_TRUE(since) << since.error().message;
  EXPECT_EQ(since->size(), 6u);
  EXPECT_EQ(copy_->history("deposit", to_bytes("account/1"), Height(21), Height(23))->size(), 3u);
  // Ids are remembered although their receipts are not here.
  const auto known = copy_->find_action(hash_of("block 19 tx 1"));
  ASSERT_TRUE(known && *known);
  EXPECT_EQ((*known)->height, Height(19));
  EXPECT_EQ(code_of(copy_->receipt(**known)), pruned);
}

TEST_F(SnapshotTest, TheStoreGoesOnWhileItIsCopied) {
  run_to(30);
  const auto snapshot = take();
  const ResultHeader then = *store_->result_header(Height(30));
  // Large timers are overwritten in place.
  std::vector<StateChange> overwrite = changes_of(31);
  for (int i = 0; i < kLargeItems; ++i)
    overwrite.push_back(put("system.timers", "all", "t" + std::to_string(i), "overwritten", 1));
  commit(overwrite);
  run_to(45);
  ASSERT_NO_FATAL_FAILURE(copy(*snapshot));
  ASSERT_NO_FATAL_FAILURE(open_copy());
  EXPECT_EQ(*copy_->result_header(Height(30)), then);
  const auto whole = copy_->verify_state();
  EXPECT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(*copy_->latest_view().get(key("system.timers", "all", "t3")), to_bytes("as of 3"));
}

TEST_F(SnapshotTest, ALargeStateTakesManyPiecesInAnyOrder) {
  run_to(10);
  std::vector<StateChange> many;
  for (int i = 0; i < 1'500; ++i)
    many.push_back(put("deposit", "holder/" + std::to_string(i), "note", std::string(1'500, 'n')));
  ASSERT_TRUE(try_commit(many));
  const auto snapshot = take();
  const auto offer = snapshot->offer();
  ASSERT_TRUE(offer);
  const auto import = begin(*offer);
  // 2.25 MB of small scopes and 1.6 MB in one scope.
  EXPECT_GT(copy_state(*snapshot, *offer, *import), 20u);
  copy_outcomes(*snapshot, *offer, *import);
  ASSERT_TRUE(import->finish());
}

TEST_F(SnapshotTest, AHeightOfManyReceiptsComesInParts) {
  run_to(3);
  TestBlock block = make_block(chain_, Height(4), parent_);
  for (std::uint32_t i = 3; i < 60; ++i) {
    Receipt receipt;
    receipt.tx = hash_of("large " + std::to_string(i));
    receipt.result.assign(limits::kMaxReturnBytes, static_cast<std::uint8_t>(i));
    block.receipts.push_back(receipt);
  }
  const auto staged = store_->stage(Height(4), {});
  ASSERT_TRUE(staged);
  ASSERT_TRUE(store_->commit(*staged, {block.block.header, &block.block.body, &*block.certificate},
                             block.receipts, block.events, make_result(*store_, block, *staged)));
  parent_ = block_hash(block.block.header);
  run_to(6);
  const auto snapshot = take();
  ASSERT_NO_FATAL_FAILURE(copy(*snapshot));
  ASSERT_NO_FATAL_FAILURE(open_copy());
  const auto ids = *copy_->recent_ids(6);
  ASSERT_EQ(ids.size(), 6u);
  EXPECT_EQ(ids[3].ids.size(), 59u);  // one of 60 is void
}

TEST_F(SnapshotTest, HalfACopyDoesNotOpenAndIsBegunAgain) {
  run_to(12);
  const auto snapshot = take();
  const auto offer = *snapshot->offer();
  copy_state(*snapshot, offer, *begin(offer));
  const auto opened = LedgerStore::open(copy_directory(), chain_, options_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailedPrecondition);
  ASSERT_NO_FATAL_FAILURE(copy(*snapshot));
  ASSERT_NO_FATAL_FAILURE(open_copy());
}

TEST_F(SnapshotTest, ItemsOfNoOpenScopeAreRefused) {
  run_to(4);
  const auto offer = *take()->offer();
  StatePiece piece;
  piece.subtree.scope = filled(7);
  piece.items.push_back({to_bytes("item"), to_bytes("value")});
  const auto added = begin(offer)->add(piece);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(SnapshotTest, ACopyServesASnapshotOnceItHoldsTheOutcomes) {
  run_to(8);
  const auto snapshot = take();
  ASSERT_NO_FATAL_FAILURE(copy(*snapshot));
  ASSERT_NO_FATAL_FAILURE(open_copy());
  ASSERT_NO_FATAL_FAILURE(commit_in_both());
  const auto second = copy_->take_snapshot();
  ASSERT_TRUE(second);
  EXPECT_TRUE((*second)->piece({}));
  EXPECT_TRUE((*second)->outcomes(Height(9), 0, Height(9)));
  EXPECT_EQ(code_of((*second)->outcomes(Height(9), 0, Height(1))), ErrorCode::kPruned);
}

}  // namespace
}  // namespace usance::storage
