// What must be durable before it leaves, and what a restart remembers (C-7).
#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

TEST(Durability, C7_2_NothingSignedLeavesBeforeItsRecord) {
  Cluster c;
  c.start();
  for (Node& n : c.nodes) n.disk_held = true;
  c.order(1);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(c.sent<Proposal>(i).empty());
    EXPECT_TRUE(c.sent<Vote>(i).empty());
  }
  c.release_disk(0);
  c.settle();
  EXPECT_EQ(c.sent<Proposal>(0).size(), 1u);
  EXPECT_EQ(c.votes(0, VoteKind::kPrepare).size(), 1u);
  EXPECT_TRUE(c.sent<Vote>(1).empty());  // has the proposal, not its own record
  for (std::size_t i = 1; i < 4; ++i) c.release_disk(i);
  c.settle();
  EXPECT_EQ(c.status(2).certified, Height(1));
}

TEST(Durability, C3_6_OwnVoteCountsOnlyOnceDurable) {
  Cluster c;
  c.start();
  c.nodes[1].disk_held = true;
  const Proposal p = c.first_proposal(0, View{}, {c.bundle(1)});
  const Hash32 hash = block_hash(p.header);
  c.deliver(1, 0, p);
  for (const std::size_t from : {0u, 2u})
    c.deliver(1, from, c.vote(from, VoteKind::kPrepare, View{}, Height(1), hash));
  EXPECT_EQ(c.nodes[1].persists.size(), 1u);  // no lock yet: two prepares of others
  c.release_disk(1);
  EXPECT_EQ(c.votes(1, VoteKind::kCommit).size(), 1u);
}

TEST(Durability, C7_2_RecordCarriesBodyAndParentsCertificate) {
  Cluster c;
  c.start();
  c.nodes[1].executor_held = true;  // so that nothing is stored by execution
  c.order(1);
  c.nodes[1].disk_held = true;
  c.order(2);
  ASSERT_FALSE(c.nodes[1].persists.empty());
  bool body = false, parent = false;
  for (const Persist& persist : c.nodes[1].persists)
    for (const auto& stored : persist.blocks) {
      if (stored.block->header.height == Height(2) && !stored.commit) body = true;
      if (stored.block->header.height == Height(1) && stored.commit) {
        parent = true;
        EXPECT_TRUE(stored.body_stored);  // went with the prepare on height 1
      }
    }
  EXPECT_TRUE(body);
  EXPECT_TRUE(parent);
}

TEST(Durability, C7_3_RestartRepeatsItsVotesAndNoOthers) {
  Cluster c;
  c.start();
  const Proposal p = c.first_proposal(0, View{}, {c.bundle(1)});
  const Hash32 hash = block_hash(p.header);
  c.deliver(1, 0, p);
  for (const std::size_t from : {0u, 2u})
    c.deliver(1, from, c.vote(from, VoteKind::kPrepare, View{}, Height(1), hash));
  const auto prepared = c.votes(1, VoteKind::kPrepare);
  const auto committed = c.votes(1, VoteKind::kCommit);
  ASSERT_EQ(prepared.size(), 1u);
  ASSERT_EQ(committed.size(), 1u);
  c.crash(1);
  c.nodes[1].sent.clear();
  c.link = [](std::size_t, std::size_t, const Message& m) {
    return std::holds_alternative<Hello>(m) || std::holds_alternative<Status>(m);
  };
  c.start(1);
  c.settle();
  c.pass(300);
  ASSERT_TRUE(c.status(1).voting);
  c.deliver(1, 0, c.first_proposal(0, View{}, {c.bundle(2)}));  // another one
  c.pass(1'000);
  for (const Vote& vote : c.votes(1, VoteKind::kPrepare)) EXPECT_EQ(vote, prepared[0]);
  for (const Vote& vote : c.votes(1, VoteKind::kCommit)) EXPECT_EQ(vote, committed[0]);
  EXPECT_FALSE(c.votes(1, VoteKind::kPrepare).empty());
  EXPECT_FALSE(c.votes(1, VoteKind::kCommit).empty());
}

TEST(Durability, C7_3_LeaderResumesItsProposalAfterARestart) {
  Cluster c;
  c.start();
  c.link = [](std::size_t from, std::size_t, const Message& m) {
    return from != 0 || std::holds_alternative<Hello>(m);  // nobody hears the leader
  };
  c.order(1);
  ASSERT_EQ(c.sent<Proposal>(0).size(), 1u);
  const Hash32 first = block_hash(c.sent<Proposal>(0)[0].header);
  c.crash(0);
  c.link = nullptr;
  c.start(0);
  c.submit(0, c.bundle(2));
  c.pass(800);
  EXPECT_GE(c.committed(1), Height(1));
  EXPECT_EQ(c.nodes[1].disk.ledger.at(Height(1)).block->hash, first);
}

TEST(Durability, C7_3_EveryNodeRestartsAndGoesOn) {
  Cluster c;
  c.start();
  for (std::uint8_t i = 1; i <= 5; ++i) c.order(i);
  for (std::size_t i = 0; i < 4; ++i) c.crash(i);
  c.start();
  for (std::uint8_t i = 6; i <= 12; ++i) c.order(i);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(c.status(i).certified, Height(12));
}

TEST(Durability, C7_3_AnotherResultThanTheSignedOneHalts) {
  Cluster c;
  c.start();
  c.link = [](std::size_t, std::size_t, const Message& m) {
    const auto* vote = std::get_if<Vote>(&m);
    return vote == nullptr || vote->content.kind != VoteKind::kExec;  // nothing is certified
  };
  c.order(1);
  c.crash(1);
  // The ledger is lost, the vote log is not; executing again gives something else.
  c.nodes[1].disk.ledger =
      sim::Ledger(std::make_shared<HashEngine>(c.chain, TimeMs(kStart - 1'000), c.set));
  c.nodes[1].on_executed = [](Executed& e) {
    e.result.gas_used = 77;
    e.result_hash = result_hash(e.result);
  };
  c.start(1);
  c.pass(3'000);
  ASSERT_TRUE(c.nodes[1].halted.has_value());
  EXPECT_EQ(c.status(1).phase, StatusReport::Phase::kHalted);
  EXPECT_FALSE(c.status(1).voting);
}

TEST(Durability, C7_4_StartsToVoteOnceEnoughOthersAnswered) {
  Cluster c;
  c.link = [](std::size_t from, std::size_t to, const Message&) { return from != 3 && to != 3; };
  c.start();
  EXPECT_TRUE(c.status(0).voting);
  EXPECT_FALSE(c.status(3).voting);
  EXPECT_EQ(c.status(3).phase, StatusReport::Phase::kWaitPeers);
  c.link = nullptr;
  c.pass(500);
  EXPECT_TRUE(c.status(3).voting);
}

TEST(Durability, C7_4_WipedNodeFollowsButDoesNotVote) {
  Cluster c;
  c.start();
  for (std::uint8_t i = 1; i <= 3; ++i) c.order(i);
  c.pass(1'000);  // the others learn its sequence
  c.crash(3);
  c.nodes[3].disk =
      sim::Disk(sim::Ledger(std::make_shared<HashEngine>(c.chain, TimeMs(kStart - 1'000), c.set)));
  c.nodes[3].sent.clear();
  c.start(3);
  c.pass(2'000);
  EXPECT_TRUE(c.status(3).amnesiac);
  EXPECT_EQ(c.status(3).certified, Height(3));
  c.order(4);
  c.pass(1'000);
  EXPECT_EQ(c.status(3).certified, Height(4));
  EXPECT_TRUE(c.sent<Vote>(3).empty());
}

TEST(Durability, C7_4_OneLiarDoesNotTakeTheVoteAway) {
  Cluster c;
  c.start();
  c.crash(3);
  c.start(3);
  Status lie;
  lie.echo = 6;  // the nonce of this start: the harness counts them
  lie.seen_sequence = 1'000'000;
  c.deliver(3, 0, lie);
  EXPECT_FALSE(c.status(3).amnesiac);
  c.deliver(3, 1, lie);
  EXPECT_TRUE(c.status(3).amnesiac);  // f + 1 witnesses
}

// Those who saw what it signed may be gone at the next start, or may have lost it themselves.
TEST(Durability, C7_4_WhoForgotKnowsItAtEveryFurtherStart) {
  Cluster c;
  c.start();
  c.order(1);
  c.crash(3);
  c.link = [](std::size_t from, std::size_t to, const Message&) { return from != 3 && to != 3; };
  c.start(3);
  Status newer;
  newer.echo = 6;  // the nonce of this start
  newer.seen_sequence = 1'000'000;
  c.deliver(3, 0, newer);
  c.deliver(3, 1, newer);
  ASSERT_TRUE(c.status(3).amnesiac);
  c.pass(100);
  EXPECT_EQ(c.record(3).forgot, c.key(3));
  c.crash(3);
  c.link = {};
  c.nodes[3].sent.clear();
  c.start(3);
  c.order(2);
  c.pass(2'000);
  EXPECT_TRUE(c.status(3).amnesiac);
  EXPECT_TRUE(c.sent<Vote>(3).empty());
}

TEST(Durability, C7_4_RecordOlderThanTheLedgerOrUnreadableIsAmnesia) {
  Cluster c;
  c.start();
  for (std::uint8_t i = 1; i <= 3; ++i) c.order(i);
  c.crash(2);
  c.crash(3);
  c.lose_log(2);
  c.nodes[3].disk.record->back() ^= 1;
  c.nodes[3].disk.record->pop_back();
  c.start(2);
  c.start(3);
  c.pass(500);
  EXPECT_TRUE(c.status(2).amnesiac);
  EXPECT_TRUE(c.status(3).amnesiac);
  EXPECT_FALSE(c.status(2).voting);
}

TEST(Durability, C7_1_TheRecordHoldsTheWholeSafetyState) {
  const Cluster c;
  VoteRecord record;
  record.sequence = 7;
  record.epoch = Epoch(2);
  record.view = View(3);
  record.view_change.emplace();
  record.view_change->change.content = {Epoch(2), View(4), Height(8), {}};
  record.height = Height(9);
  record.proposed = CastVote{View(1), sha256(as_bytes("a"))};
  record.prepared = CastVote{View(3), Hash32{}};
  record.committed = CastVote{View(2), sha256(as_bytes("b"))};
  record.lock = c.certificate(VoteKind::kPrepare, View(2), Height(9), sha256(as_bytes("b")));
  record.results.push_back(ResultRef{Height(8), Hash32{}});
  record.seen = {1, 2, 3, 4};
  const auto back = decode<VoteRecord>(encode(record));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, record);
}

}  // namespace
}  // namespace usance::consensus
