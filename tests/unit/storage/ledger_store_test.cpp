#include <gmock/gmock.h>

#include "store_fixture.h"

namespace usance::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(StoreTest, NewStoreHasNothingAndSaysSo) {
  open();
  EXPECT_FALSE(store_->executed());
  EXPECT_FALSE(store_->recovery().executed);
  EXPECT_EQ(store_->result_header(Height(0)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->stage(Height(1), {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(store_->latest_view().get(key("deposit", "a", "b")));
}

TEST_F(StoreTest, ReadsBackWhatItCommitted) {
  open();
  commit({put("deposit", "alice", "balance", "100")});
  const TestBlock expected = make_block(chain_, Height(1), parent_);
  const ResultHeader result = commit(
      {put("deposit", "alice", "balance", "90", 0), put("deposit", "bob", "balance", "10", 0)});
  for (const bool again : {false, true}) {
    if (again) reopen();
    EXPECT_EQ(store_->executed(), Height(1));
    EXPECT_EQ(store_->header(Height(1)).value(), expected.block.header);
    EXPECT_EQ(store_->block(Height(1)).value(), expected.block);
    EXPECT_EQ(store_->header(Height(0)).value(), genesis_block_header(chain_, TimeMs(1'000)));
    EXPECT_EQ(store_->commit_certificate(Height(1)).value(), *expected.certificate);
    EXPECT_EQ(store_->result_header(Height(1)).value(), result);
    EXPECT_EQ(store_->receipts(Height(1)).value(), expected.receipts);
    EXPECT_EQ(store_->receipt({Height(1), 1}).value(), expected.receipts[1]);
    EXPECT_EQ(store_->receipt({Height(1), 3}).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(store_->events(Height(1)).value(), expected.events);
    EXPECT_EQ(store_->receipts(Height(2)).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(store_->find_action(expected.receipts[1].tx).value(), (ActionRef{Height(1), 1}));
    EXPECT_EQ(store_->find_action(expected.receipts[2].tx).value(), std::nullopt) << "void";
    const auto ids = store_->recent_ids(3'600).value();
    ASSERT_EQ(ids.size(), 2u);
    EXPECT_THAT(ids[1].ids, ElementsAre(expected.receipts[0].tx, expected.receipts[1].tx));
    EXPECT_EQ(store_->recent_ids(1).value().size(), 1u);
    EXPECT_EQ(store_->latest_view().get(key("deposit", "alice", "balance")), to_bytes("90"));
    EXPECT_EQ(get(Height(0), key("deposit", "alice", "balance")), "100");
    EXPECT_EQ(get(Height(0), key("deposit", "bob", "balance")), "(none)");
    EXPECT_EQ(get(Height(1), key("deposit", "bob", "balance")), "10");
    EXPECT_TRUE(store_->verify_state());
  }
}

TEST_F(StoreTest, RefusesAnotherNetworksDirectory) {
  open();
  commit({});
  store_.reset();
  chain_ = filled(0x22);
  const auto opened = LedgerStore::open(directory_.path, chain_, options_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(opened.error().message, HasSubstr("another network"));
  EXPECT_THAT(opened.error().message, HasSubstr(to_hex(filled(0x11))));
}

TEST_F(StoreTest, RefusesADirectoryThatIsInUse) {
  open();
  const auto second = LedgerStore::open(directory_.path, chain_, options_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(StoreTest, EventsOfAKeyFollowACursor) {
  open();
  for (int i = 0; i < 5; ++i) commit({});
  const auto all =
      store_->events_of("deposit", to_bytes("alice"), std::nullopt, Height(99), 100).value();
  ASSERT_EQ(all.size(), 8u);  // two in each of blocks 1 to 4
  std::optional<EventCursor> cursor;
  for (const StoredEvent& expected : all) {
    const auto next = store_->events_of("deposit", to_bytes("alice"), cursor, Height(4), 1).value();
    ASSERT_EQ(next.size(), 1u);
    EXPECT_EQ(next[0].height, expected.height);
    EXPECT_EQ(next[0].event, expected.event);
    EXPECT_EQ(next[0].position, expected.event.action);
    cursor = {next[0].height, next[0].event.action, next[0].event.index};
  }
  EXPECT_TRUE(store_->events_of("deposit", to_bytes("alice"), cursor, Height(99), 9)->empty());
  EXPECT_EQ(store_->events_of("deposit", to_bytes("alice"), std::nullopt, Height(2), 99)->size(),
            4u);
  EXPECT_TRUE(store_->events_of("deposit", to_bytes("alic"), std::nullopt, Height(9), 9)->empty());
}

TEST_F(StoreTest, CommitRefusesWhatDoesNotFit) {
  open();
  commit({});
  const TestBlock block = make_block(chain_, Height(1), parent_);
  const StagedState staged = store_->stage(Height(1), {}).value();
  const ResultHeader good = make_result(*store_, block, staged);
  const auto attempt = [&](const BlockHeader& header, const ResultHeader& result,
                           const std::vector<Receipt>& receipts, const std::vector<Event>& events) {
    const auto done = store_->commit(staged, {header, &block.block.body, &*block.certificate},
                                     receipts, events, result);
    return done ? std::string("accepted") : done.error().message;
  };
  ResultHeader bad = good;
  bad.state_root = filled(9);
  EXPECT_THAT(attempt(block.block.header, bad, block.receipts, block.events),
              HasSubstr("state root"));
  bad = good;
  bad.ledger_root = filled(9);
  EXPECT_THAT(attempt(block.block.header, bad, block.receipts, block.events),
              HasSubstr("ledger root"));
  BlockHeader stranger = block.block.header;
  stranger.parent = filled(7);
  EXPECT_THAT(attempt(stranger, good, block.receipts, block.events), HasSubstr("parent"));
  EXPECT_THAT(attempt(block.block.header, good, {}, {}), HasSubstr("receipt"));
  EXPECT_THAT(attempt(block.block.header, good, block.receipts, {block.events[1], block.events[0]}),
              HasSubstr("order"));
  EXPECT_EQ(attempt(block.block.header, good, block.receipts, block.events), "accepted");
  EXPECT_THAT(attempt(block.block.header, good, block.receipts, block.events), HasSubstr("height"));
}

TEST_F(StoreTest, OrderedBlocksOutliveARestartAndCompetitorsGo) {
  open();
  commit({});
  const TestBlock one = make_block(chain_, Height(1), parent_);
  const TestBlock two = make_block(chain_, Height(2), block_hash(one.block.header));
  Block rival = one.block;
  rival.header.view = View(3);
  const Hash32 rival_hash = block_hash(rival.header);
  ASSERT_TRUE(store_->store_blocks(std::vector<Block>{rival, one.block, two.block},
                                   std::vector<Certificate>{*one.certificate},
                                   Durability::kSynced));
  ASSERT_TRUE(
      store_->store_blocks({}, std::vector<Certificate>{*two.certificate}, Durability::kRelaxed));
  EXPECT_EQ(store_->find_block(Height(1), rival_hash).value()->header, rival.header);
  reopen();
  EXPECT_EQ(store_->recovery().executed, Height(0));
  EXPECT_EQ(store_->recovery().ordered, Height(2));
  const auto ordered = store_->ordered_blocks().value();
  ASSERT_EQ(ordered.size(), 2u);
  EXPECT_EQ(ordered[0].block, one.block);
  EXPECT_EQ(ordered[1].certificate, *two.certificate);
  EXPECT_EQ(store_->block(Height(2)).value(), two.block) << "decided, not executed yet";

  // Executed without handing the body over again.
  const StagedState staged = store_->stage(Height(1), {}).value();
  ASSERT_TRUE(store_->commit(staged, {one.block.header}, one.receipts, one.events,
                             make_result(*store_, one, staged)));
  EXPECT_EQ(store_->find_block(Height(1), rival_hash).value(), std::nullopt);
  EXPECT_EQ(store_->block(Height(1)).value(), one.block);
  ASSERT_TRUE(store_->store_blocks(std::vector<Block>{rival}, {}, Durability::kRelaxed));
  EXPECT_EQ(store_->find_block(Height(1), rival_hash).value(), std::nullopt) << "too late";
  reopen();
  EXPECT_EQ(store_->recovery().executed, Height(1));
  EXPECT_EQ(store_->recovery().ordered, Height(2));
}

TEST_F(StoreTest, CertificatesOfDifferentDecisionsAreRefused) {
  open();
  commit({});
  const ResultHeader result = commit({});
  const Certificate good = certificate(VoteKind::kExec, Height(1), result_hash(result));
  ASSERT_TRUE(store_->store_blocks({}, std::vector{good}, Durability::kSynced));
  Certificate same = good;
  same.bitmap = {11};
  EXPECT_TRUE(store_->store_blocks({}, std::vector{same}, Durability::kSynced));
  EXPECT_EQ(store_->result_certificate(Height(1)).value(), good);
  const Certificate other = certificate(VoteKind::kExec, Height(1), filled(3));
  EXPECT_EQ(store_->store_blocks({}, std::vector{other}, Durability::kSynced).error().code,
            ErrorCode::kFailedPrecondition);
  const Certificate prepare = certificate(VoteKind::kPrepare, Height(1), filled(3));
  EXPECT_EQ(store_->store_blocks({}, std::vector{prepare}, Durability::kSynced).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(store_->result_certificate(Height(0)).error().code, ErrorCode::kNotFound);
}

TEST_F(StoreTest, LedgerPathsAndConsistencyHoldForEveryPair) {
  open();
  std::vector<ResultHeader> results;
  for (int i = 0; i < 21; ++i) results.push_back(commit({}));
  for (std::uint64_t newer = 0; newer < results.size(); ++newer) {
    EXPECT_EQ(store_->ledger_path(Height(newer), Height(newer)).error().code,
              ErrorCode::kInvalidArgument);
    for (std::uint64_t older = 0; older <= newer; ++older) {
      const auto consistency = store_->ledger_consistency(Height(older), Height(newer)).value();
      EXPECT_TRUE(verify_consistency(older, results[older].ledger_root, newer,
                                     results[newer].ledger_root, consistency));
      if (older == newer) continue;
      const MerklePath path = store_->ledger_path(Height(older), Height(newer)).value();
      EXPECT_EQ(path.size, newer);
      EXPECT_EQ(
          merkle_path_root(ledger_leaf(results[older].block, result_hash(results[older])), path)
              .value(),
          results[newer].ledger_root);
    }
  }
}

TEST_F(StoreTest, ActionPathsLeadToTheResult) {
  open();
  commit({});
  const ResultHeader result = commit({});
  const auto receipts = store_->receipts(Height(1)).value();
  const auto events = store_->events(Height(1)).value();
  for (std::uint32_t i = 0; i < receipts.size(); ++i) {
    const MerklePath tx = store_->transaction_path({Height(1), i}).value();
    EXPECT_EQ(counted_root(tx.size, *merkle_path_root(transaction_leaf(receipts[i].tx), tx)),
              result.transaction_root);
    const MerklePath receipt = store_->receipt_path({Height(1), i}).value();
    EXPECT_EQ(counted_root(receipt.size, *merkle_path_root(receipt_leaf(receipts[i]), receipt)),
              result.receipt_root);
  }
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    const MerklePath path = store_->event_path(Height(1), i).value();
    EXPECT_EQ(counted_root(path.size, *merkle_path_root(event_leaf(events[i]), path)),
              result.event_root);
  }
  EXPECT_EQ(store_->event_path(Height(1), 2).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->transaction_path({Height(1), 3}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace usance::storage
