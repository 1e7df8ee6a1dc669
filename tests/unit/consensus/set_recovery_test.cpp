// Recovery by the members' record (docs/spec/recovery.md, R-3): what the core does with it.
#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

class SetRecovery : public testing::Test {
 protected:
  // Everybody stops; the record names the ledger of `survivor` as the one that stands.
  void stop_and_agree(std::size_t survivor = 0) {
    for (std::size_t i = 0; i < c.nodes.size(); ++i) c.crash(i);
    const sim::LedgerEntry& last =
        c.nodes[survivor].disk.ledger.at(c.nodes[survivor].disk.ledger.height());
    record_.last = last.result.height;
    record_.result_hash = last.result_hash;
    record_.next = c.set;
    record_.next.epoch = Epoch(1);
  }
  void give_new_key(std::size_t node) {
    const PublicKey key = test_key(static_cast<std::uint8_t>(100 + node));
    Node& n = c.nodes[node];
    n.signer = std::make_unique<sim::KeyedHashSigner>(key);
    n.config.self = key;
    n.config.signer = n.signer.get();
    record_.next.validators[node].key = key;
  }
  void wipe(std::size_t node) {
    Node& n = c.nodes[node];
    n.disk = sim::Disk(
        sim::Ledger(std::make_shared<HashEngine>(c.chain, TimeMs(kStart - 1'000), c.set)));
    give_new_key(node);
  }
  void restart(bool with_record = true) {
    for (std::size_t i = 0; i < c.nodes.size(); ++i) {
      Node& n = c.nodes[i];
      if (with_record) n.genesis.recoveries = {record_};
      n.sent.clear();
      c.start(i);
    }
    c.settle();
    c.pass(3'000);
  }
  // The block that everybody has at a height.
  const CheckedBlock& block_at(Height height) {
    const CheckedBlock& block = *c.nodes[0].disk.ledger.at(height).block;
    for (const Node& n : c.nodes) EXPECT_EQ(n.disk.ledger.at(height).block->hash, block.hash);
    return block;
  }
  void expect_goes_on() {
    c.link = nullptr;
    c.order(nonce_++);
    c.pass(2'000);
    for (std::size_t i = 0; i < c.nodes.size(); ++i) {
      EXPECT_EQ(c.status(i).epoch, Epoch(1)) << i;
      EXPECT_GT(c.committed(i), record_.last) << i;
      EXPECT_EQ(c.status(i).certified, c.committed(0)) << i;
      EXPECT_TRUE(c.status(i).voting) << i;
      EXPECT_EQ(c.nodes[i].drops, std::vector<std::string>{}) << i;
      EXPECT_FALSE(c.nodes[i].halted) << i;
    }
  }

  Cluster c;
  Recovery::SetRecovery record_;
  std::uint8_t nonce_ = 1;
};

TEST_F(SetRecovery, C9_5_R3_1_TwoOfFourAreWipedAndTheOthersGoOnWithThem) {
  c.start();
  while (nonce_ <= 3) c.order(nonce_++);
  c.pass(500);
  stop_and_agree();
  wipe(2);
  wipe(3);
  restart(false);
  c.order(nonce_++);
  c.pass(5'000);
  EXPECT_EQ(c.committed(0), record_.last);  // two of four are no quorum

  for (std::size_t i = 0; i < 4; ++i) c.crash(i);
  restart();
  expect_goes_on();
}

TEST_F(SetRecovery, R3_2_TheRecordCertifiesWhatNoQuorumDid) {
  c.start();
  c.link = [](std::size_t, std::size_t, const Message& message) {
    const Vote* vote = std::get_if<Vote>(&message);
    return vote == nullptr || vote->content.kind != VoteKind::kExec;
  };
  while (nonce_ <= 3) c.order(nonce_++);
  c.pass(500);
  EXPECT_EQ(c.status(0).certified, Height(0));
  stop_and_agree();
  EXPECT_EQ(record_.last, Height(3));
  c.link = nullptr;
  wipe(2);
  wipe(3);
  restart();
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(c.status(i).certified, Height(3)) << i;
  expect_goes_on();
  EXPECT_EQ(block_at(Height(4)).header.certified, (ResultRef{record_.last, record_.result_hash}));
  // A restart finds the same again.
  for (std::size_t i = 0; i < 4; ++i) c.crash(i);
  restart();
  expect_goes_on();
}

TEST_F(SetRecovery, R3_2_WhoComputedAnotherResultHalts) {
  c.start();
  while (nonce_ <= 2) c.order(nonce_++);
  c.pass(500);
  stop_and_agree();
  record_.result_hash.bytes[0] ^= 1;
  wipe(2);
  restart();
  ASSERT_TRUE(c.nodes[2].halted);
  EXPECT_EQ(c.nodes[2].halted->height, record_.last);
}

class Locked : public SetRecovery {
 protected:
  // A block that everybody prepared and nobody decided.
  void lock() {
    c.start();
    c.order(nonce_++);
    c.pass(300);
    c.link = [](std::size_t, std::size_t, const Message& message) {
      const Vote* vote = std::get_if<Vote>(&message);
      return vote == nullptr || vote->content.kind != VoteKind::kCommit;
    };
    locked_ = c.bundle(nonce_++);
    c.submit(0, locked_);
    c.settle();
    ASSERT_TRUE(c.record(0).lock);
    const Hash32 hash = c.record(0).lock->content.hash;
    ASSERT_TRUE(c.nodes[0].disk.blocks.contains(hash));
    locked_block_ = c.nodes[0].disk.blocks.at(hash).block;
    c.link = nullptr;
    stop_and_agree();
    EXPECT_EQ(record_.last, Height(1));
  }
  BundlePtr locked_;
  BlockPtr locked_block_;
};

TEST_F(Locked, R3_3_TheCarriedBlockKeepsItsPlace) {
  lock();
  record_.carried = locked_block_;
  wipe(2);
  wipe(3);
  restart();
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(c.committed(i), Height(2)) << i;
  const CheckedBlock& block = block_at(Height(2));
  ASSERT_EQ(block.bundles.size(), 1u);
  EXPECT_EQ(block.bundles[0]->hash(), locked_->hash());
  EXPECT_EQ(block.header.epoch, Epoch(1));
  expect_goes_on();
}

// Every honest validator refuses another block there, whoever proposes it.
TEST_F(Locked, R3_3_AnotherBlockThanTheCarriedOneGetsNoVote) {
  lock();
  wipe(3);
  for (std::size_t i = 0; i < 4; ++i) {
    c.nodes[i].genesis.recoveries = {record_};  // the leader does not know of it
    if (i != 0) c.nodes[i].genesis.recoveries[0].carried = locked_block_;
    c.start(i);
  }
  c.settle();
  c.submit(0, c.bundle(99));
  c.settle();
  EXPECT_FALSE(c.sent<Proposal>(0).empty());
  EXPECT_EQ(c.committed(1), Height(1));
  c.pass(10'000);  // another one leads
  ASSERT_GE(c.committed(1), Height(2));
  EXPECT_EQ(c.nodes[1].disk.ledger.at(Height(2)).block->bundles[0]->hash(), locked_->hash());
}

TEST_F(Locked, R3_4_VotesOfTheEpochBeforeAreVoid) {
  lock();
  wipe(2);
  wipe(3);
  restart();  // nothing is carried: the members may leave it away
  EXPECT_FALSE(c.record(0).lock && c.record(0).epoch == Epoch(1));
  expect_goes_on();
  EXPECT_GT(c.committed(0), Height(1));
}

TEST_F(SetRecovery, R3_4_WhoLostItsVotesVotesWithANewKeyAlone) {
  c.start();
  while (nonce_ <= 3) c.order(nonce_++);
  c.pass(500);
  stop_and_agree();
  c.lose_log(1);
  c.lose_log(2);
  c.lose_log(3);
  give_new_key(1);
  give_new_key(2);
  restart();
  EXPECT_TRUE(c.status(1).voting);
  EXPECT_TRUE(c.status(2).voting);
  EXPECT_TRUE(c.status(3).amnesiac);  // kept its key
  c.order(nonce_++);
  c.pass(2'000);
  EXPECT_GT(c.committed(0), record_.last);
}

TEST_F(SetRecovery, R3_1_APendingSetNeverTakesOver) {
  ValidatorSet pending = c.set;
  pending.epoch = Epoch(1);
  const Height begins(1 + 2 * limits::kExecutionLag);
  for (Node& n : c.nodes)
    n.on_executed = [&](Executed& e) {
      if (e.result.height > Height(2)) return;
      e.result.next = NextSet{pending.epoch, validator_set_hash(c.chain, pending), begins};
      e.next_set = pending;
    };
  c.start();
  // An empty block follows another while a set is pending; two heights are enough here.
  c.link = [this](std::size_t, std::size_t, const Message& message) {
    const auto* proposal = std::get_if<Proposal>(&message);
    return proposal == nullptr || proposal->header.height <= Height(2);
  };
  c.order(nonce_++);
  c.pass(500);
  c.link = nullptr;
  stop_and_agree();
  ASSERT_EQ(record_.last, Height(2));
  record_.next.epoch = Epoch(2);
  wipe(2);
  wipe(3);
  restart();
  while (c.committed(0) <= begins && nonce_ < 60) {
    c.order(nonce_++);
    c.pass(100);
  }
  c.pass(1'000);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(c.status(i).epoch, Epoch(2)) << i;
    EXPECT_GT(c.committed(i), begins) << i;
  }
}

}  // namespace
}  // namespace usance::consensus
