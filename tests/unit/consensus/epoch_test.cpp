// Changes of the validator set (C-9): additions, removals, keys that are replaced.
#include <algorithm>

#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

// Five nodes, of which the set holds some; the executor reports changes of it.
class Membership : public testing::Test {
 protected:
  static constexpr std::uint64_t kDelay = 2 * limits::kExecutionLag;

  explicit Membership() : c(5) {
    for (Node& n : c.nodes)
      n.on_executed = [this](Executed& e) {
        for (const auto& [at, next] : changes_) {
          const Height begins(at.value + kDelay);
          if (e.result.height < at || e.result.height >= begins) continue;
          e.result.next = NextSet{next.epoch, validator_set_hash(c.chain, next), begins};
          e.next_set = next;
        }
        e.result_hash = result_hash(e.result);
      };
  }
  // The first set is of the first four alone; the fifth follows with its key at hand.
  void four_of_five() {
    c.set.validators.pop_back();
    for (Node& n : c.nodes) n.genesis.sets = {{Height{}, c.set}};
  }
  // Executed at `at`, in force from at + 2W on.
  Height change(Height at, ValidatorSet next) {
    next.epoch = Epoch(changes_.empty() ? 1 : changes_.back().second.epoch.value + 1);
    changes_.emplace_back(at, next);
    return Height(at.value + kDelay);
  }
  // The key that replaces a node's own with the next set.
  PublicKey prepare_key(std::size_t node) {
    const PublicKey key = test_key(static_cast<std::uint8_t>(100 + node));
    next_keys_.push_back(std::make_unique<sim::KeyedHashSigner>(key));
    c.nodes[node].config.next_signer = next_keys_.back().get();
    return key;
  }
  void order_until(Height height) {
    while (c.committed(0) < height && nonce_ < 200) {
      c.order(nonce_++);
      c.pass(50);
    }
    c.pass(1'000);
  }
  // With the sets that its ledger knows.
  void restart(std::size_t node) {
    Node& n = c.nodes[node];
    n.genesis.sets.resize(1);
    for (const auto& [at, next] : changes_)
      if (at <= n.disk.ledger.height()) n.genesis.sets.push_back({Height(at.value + kDelay), next});
    c.start(node);
  }
  static bool voted_from(const Cluster& c, std::size_t node, Height first) {
    return std::ranges::any_of(c.votes(node, VoteKind::kCommit),
                               [&](const Vote& vote) { return vote.content.height >= first; });
  }

  Cluster c;
  std::uint8_t nonce_ = 1;

 private:
  std::vector<std::pair<Height, ValidatorSet>> changes_;
  std::vector<std::unique_ptr<sim::KeyedHashSigner>> next_keys_;
};

TEST_F(Membership, C9_2_AValidatorJoinsAtItsHeightAndLeads) {
  const ValidatorSet five = c.set;
  four_of_five();
  const Height begins = change(Height(3), five);
  c.start();
  order_until(Height(begins.value + 3));
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(c.status(i).epoch, Epoch(1)) << i << " at " << c.status(i).height.value;
    EXPECT_GE(c.status(i).certified, begins) << i;
    EXPECT_TRUE(c.status(i).voting) << i;
  }
  EXPECT_EQ(c.status(4).self, 4u);
  EXPECT_TRUE(voted_from(c, 4, begins));
  for (const Vote& vote : c.votes(4, VoteKind::kPrepare)) EXPECT_GE(vote.content.height, begins);
  // Four views on it leads; one of five may be dead meanwhile.
  for (std::size_t dead = 0; dead < 4; ++dead) {
    c.crash(dead);
    c.submit(4, c.bundle(nonce_++));
    c.pass(8'000);
    restart(dead);
    c.pass(1'000);
  }
  EXPECT_EQ(c.status(4).leader, 4u);
  EXPECT_FALSE(c.sent<Proposal>(4).empty());
  for (const Node& n : c.nodes) EXPECT_EQ(n.drops, std::vector<std::string>{});
}

TEST_F(Membership, C1_5_ViewsBeginAgainWithTheEpoch) {
  const ValidatorSet five = c.set;
  four_of_five();
  const Height begins = change(Height(3), five);
  c.start();
  c.crash(0);
  c.submit(1, c.bundle(nonce_++));
  c.pass(3'000);
  ASSERT_GE(c.status(1).view, View(1));
  restart(0);
  c.pass(1'000);
  order_until(begins);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(c.status(i).epoch, Epoch(1)) << i;
    EXPECT_EQ(c.status(i).view, View{}) << i;
  }
}

TEST_F(Membership, C9_3_APendingSetTakesOverWithoutTraffic) {
  const ValidatorSet five = c.set;
  four_of_five();
  const Height begins = change(Height(1), five);
  c.start();
  c.order(nonce_++);
  c.pass(3'000);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(c.status(i).epoch, Epoch(1)) << i;
    // Not one empty block more than it takes.
    EXPECT_EQ(c.status(i).height, begins) << i;
  }
}

// One of the old set is dead, so E - 1 is certified with the leaving validator's vote or never.
TEST_F(Membership, C9_3_TheLeavingValidatorVotesUntilTheHandOverIsCertified) {
  ValidatorSet four = c.set;
  four.validators.erase(four.validators.begin() + 4);
  const Height begins = change(Height(2), four);
  int lost = 0;
  c.link = [&](std::size_t from, std::size_t, const Message& m) {
    const auto* vote = std::get_if<Vote>(&m);
    const bool last = vote != nullptr && vote->content.kind == VoteKind::kExec &&
                      vote->content.height.next() == begins;
    return from != 4 || !last || ++lost > 4;  // its votes on E - 1 are lost once
  };
  c.start();
  c.order(nonce_++);
  c.crash(1);
  c.order(nonce_++);
  c.pass(600);
  c.crash(4);  // and it forgets that it has begun to take part
  restart(4);
  c.pass(2'000);
  ASSERT_GE(lost, 4);
  order_until(Height(begins.value + 2));
  EXPECT_GE(c.status(0).certified, begins);
  EXPECT_FALSE(c.status(4).self.has_value());
  EXPECT_FALSE(c.status(4).voting);
  EXPECT_GE(c.status(4).certified, begins);  // a follower now
  for (const Vote& vote : c.votes(4, VoteKind::kExec)) EXPECT_LT(vote.content.height, begins);
  for (const Node& n : c.nodes) EXPECT_EQ(n.drops, std::vector<std::string>{});
}

TEST_F(Membership, C9_4_AKeyIsReplacedWhileItsNodeRuns) {
  ValidatorSet next = c.set;
  next.validators[2].key = prepare_key(2);
  const Height begins = change(Height(2), next);
  c.start();
  order_until(Height(begins.value + 3));
  EXPECT_EQ(c.status(2).self, 2u);
  EXPECT_TRUE(c.status(2).voting);
  EXPECT_TRUE(voted_from(c, 2, begins));
  EXPECT_EQ(c.nodes[2].disk.validator, next.validators[2].key);
  c.crash(1);  // its vote is needed
  order_until(Height(begins.value + 5));
  EXPECT_GE(c.status(0).certified, Height(begins.value + 5));
}

TEST_F(Membership, C9_4_AnAmnesiacNodeVotesAgainWithANewKey) {
  ValidatorSet next = c.set;
  next.validators[3].key = prepare_key(3);
  const Height begins = change(Height(4), next);
  c.start();
  order_until(Height(2));
  const Token known = c.nodes[3].disk.ledger.at(Height(2)).vote_sequence;
  ASSERT_GT(known, 0u);
  c.crash(3);
  c.lose_log(3);
  restart(3);
  c.pass(500);
  EXPECT_TRUE(c.status(3).amnesiac);
  order_until(Height(3));
  // Also after another start: what was executed meanwhile does not make it forget that it forgot.
  c.crash(3);
  restart(3);
  c.pass(500);
  EXPECT_TRUE(c.status(3).amnesiac);
  EXPECT_FALSE(c.status(3).voting);
  order_until(Height(begins.value + 3));
  EXPECT_FALSE(c.status(3).amnesiac);
  EXPECT_TRUE(c.status(3).voting);
  EXPECT_TRUE(voted_from(c, 3, begins));
  EXPECT_GT(c.record(3).sequence, known);
}

// The new key does not bring the old one's votes back: there may be results of its time to sign.
TEST_F(Membership, C9_4_ANewKeySignsNothingForTheOneThatForgot) {
  ValidatorSet next = c.set;
  next.validators[3].key = prepare_key(3);
  const Height begins = change(Height(4), next);
  c.start();
  order_until(Height(2));
  c.crash(3);
  c.lose_log(3);
  restart(3);
  c.nodes[3].sent.clear();
  // The certificate of the old set's last results does not reach it for a while.
  c.link = [&](std::size_t, std::size_t to, const Message& message) {
    const auto* vote = std::get_if<Vote>(&message);
    return to != 3 || !((vote != nullptr && vote->content.kind == VoteKind::kExec) ||
                        std::holds_alternative<Results>(message));
  };
  order_until(Height(begins.value - 1));
  c.pass(1'000);
  ASSERT_EQ(c.committed(3), Height(begins.value - 1));
  ASSERT_TRUE(c.status(3).voting);
  ASSERT_LT(c.status(3).certified, Height(begins.value - 1));
  for (const Vote& vote : c.sent<Vote>(3)) EXPECT_EQ(vote.content.epoch, Epoch(1));
  c.link = {};
  order_until(Height(begins.value + 2));
  EXPECT_TRUE(voted_from(c, 3, begins));
}

// C-7.4 holds across a change of the set: the others remember what they saw of a key that stays.
TEST_F(Membership, C9_4_ARestoredLogIsNoticedInTheNextEpoch) {
  const ValidatorSet five = c.set;
  four_of_five();
  const Height begins = change(Height(6), five);
  c.start();
  order_until(Height(2));
  const sim::Disk backup = c.nodes[1].disk;
  order_until(Height(5));
  c.restore_backup(1, backup);
  order_until(Height(begins.value + 1));
  restart(1);
  c.pass(1'000);
  EXPECT_TRUE(c.status(1).amnesiac);
}

// It left, and comes back two epochs later with a disk of before: what it signed then is not
// forgotten by those who stayed.
TEST_F(Membership, C9_2_WhatWasSeenOfAKeyIsKnownWhenItComesBack) {
  const ValidatorSet five = c.set;
  ValidatorSet four = five;
  four.validators.pop_back();
  change(Height(6), four);
  change(Height(24), four);
  const Height returns = change(Height(42), five);
  c.start();
  order_until(Height(2));
  const sim::Disk backup = c.nodes[4].disk;
  order_until(Height(5));
  order_until(Height(24));
  ASSERT_FALSE(c.status(4).self);
  c.restore_backup(4, backup);
  order_until(returns);
  restart(4);
  c.pass(2'000);
  EXPECT_EQ(c.status(4).epoch, Epoch(3));
  EXPECT_TRUE(c.status(4).amnesiac);
  EXPECT_TRUE(c.sent<Vote>(4).empty());
}

// In another epoch the others may know this node by another key, of which they have seen nothing.
TEST_F(Membership, C7_4_OnlyAnswersOfTheSameEpochCount) {
  c.start();
  order_until(Height(2));
  c.crash(3);
  c.link = [](std::size_t from, std::size_t to, const Message&) { return from != 3 && to != 3; };
  c.start(3);
  Status answer;
  answer.echo = 7;  // the nonce of this start
  answer.epoch = Epoch(1);
  for (const std::size_t other : {0, 1, 2}) c.deliver(3, other, answer);
  EXPECT_FALSE(c.status(3).voting);
  answer.epoch = Epoch(0);
  for (const std::size_t other : {0, 1, 2}) c.deliver(3, other, answer);
  EXPECT_TRUE(c.status(3).voting);
}

// What a validator that lost its disk wrote before it may vote could have the number of a record
// that it lost: by that nobody could tell them apart.
TEST_F(Membership, C7_4_AsksAboutWhatItFoundNotAboutWhatItWroteSince) {
  const ValidatorSet five = c.set;
  four_of_five();
  const Height begins = change(Height(2), five);
  c.start();
  order_until(Height(1));
  ASSERT_FALSE(c.nodes[4].disk.record);
  c.crash(4);
  c.link = [](std::size_t, std::size_t to, const Message& message) {  // it is not answered
    const auto* status = std::get_if<Status>(&message);
    return to != 4 || status == nullptr || status->echo == 0;
  };
  c.nodes[4].sent.clear();
  restart(4);
  order_until(begins);
  EXPECT_FALSE(c.nodes[4].disk.record);
  EXPECT_FALSE(c.status(4).voting);
  for (const Status& status : c.sent<Status>(4)) EXPECT_EQ(status.sequence, 0u);
  Status newer;
  newer.epoch = Epoch(1);
  newer.echo = c.sent<Hello>(4).back().nonce;
  newer.seen_sequence = 1;
  c.deliver(4, 0, newer);
  EXPECT_FALSE(c.status(4).amnesiac);
  c.deliver(4, 1, newer);
  EXPECT_TRUE(c.status(4).amnesiac);
}

// Who has left still signs the last results of its set, and must know what it signed before.
TEST_F(Membership, C9_3_ALeavingValidatorsRestoredLogIsNoticed) {
  ValidatorSet four = c.set;
  four.validators.pop_back();
  const Height begins = change(Height(6), four);
  c.start();
  order_until(Height(2));
  const sim::Disk backup = c.nodes[4].disk;
  const Height last(begins.value - 1);
  c.link = [&](std::size_t, std::size_t, const Message& message) {  // nobody can certify it yet
    const auto* vote = std::get_if<Vote>(&message);
    return vote == nullptr || vote->content.kind != VoteKind::kExec || vote->content.height < last;
  };
  order_until(last);
  ASSERT_EQ(c.committed(4), last);
  c.restore_backup(4, backup);
  restart(4);
  c.pass(2'000);
  EXPECT_EQ(c.committed(4), last);
  EXPECT_TRUE(c.status(4).amnesiac);
  EXPECT_TRUE(c.sent<Vote>(4).empty());
}

// S-5: an operator moved the damaged ledger away and kept the vote log. What the log says of an
// epoch that the new ledger has not reached yet binds the node when it gets there.
TEST_F(Membership, C7_3_ARecordAheadOfTheLedgersEpochIsKept) {
  const Height begins = change(Height(2), c.set);
  const sim::Ledger empty = c.nodes[3].disk.ledger;
  c.start();
  order_until(begins);
  c.link = [](std::size_t from, std::size_t to, const Message&) { return from != 3 && to != 3; };
  c.submit(3, c.bundle(nonce_++));
  c.pass(6'000);
  const VoteRecord left = c.record(3);
  ASSERT_EQ(left.epoch, Epoch(1));
  ASSERT_TRUE(left.view_change.has_value());
  const View asked = left.view_change->change.content.view;
  c.crash(3);
  c.nodes[3].disk.ledger = empty;
  c.nodes[3].disk.blocks.clear();
  c.nodes[3].sent.clear();
  c.link = nullptr;
  restart(3);
  EXPECT_FALSE(c.status(3).voting);
  c.pass(3'000);
  EXPECT_TRUE(c.status(3).voting);
  EXPECT_EQ(c.status(3).height, left.height);
  order_until(Height(begins.value + 3));
  for (const VoteKind kind : {VoteKind::kPrepare, VoteKind::kCommit})
    for (const Vote& vote : c.votes(3, kind))
      EXPECT_TRUE(vote.content.height > left.height || vote.content.view >= asked)
          << vote.content.height.value << " in view " << vote.content.view.value;
  EXPECT_GE(c.record(3).seen, left.seen);
}

// Who is behind does not know the set of a height that far ahead, and accuses nobody.
TEST_F(Membership, C9_1_AVoteOfAnEpochThatIsNotKnownYetIsNoOffence) {
  Cluster one;
  one.start();
  Vote vote = one.vote(1, VoteKind::kExec, View{}, Height(20), sha256(as_bytes("x")));
  vote.content.epoch = Epoch(1);
  one.deliver(0, 1, vote);
  EXPECT_TRUE(one.nodes[0].drops.empty());
  vote.content.height = Height(5);  // that set is known
  one.deliver(0, 1, vote);
  EXPECT_EQ(one.nodes[0].drops.size(), 1u);
}

// A view change of the epoch's first height proves its parent by the set before, also to those who
// are far above it.
TEST_F(Membership, C9_1_TheSetBeforeIsRememberedForThoseWhoOpenTheEpoch) {
  const ValidatorSet five = c.set;
  four_of_five();
  const Height begins = change(Height(2), five);
  c.start();
  order_until(Height(begins.value - 1));
  c.pass(500);
  ASSERT_EQ(c.committed(0), Height(begins.value - 1));
  // The fourth node is cut off as the epoch opens, and asks for another view in vain.
  c.link = [](std::size_t from, std::size_t to, const Message&) { return from != 3 && to != 3; };
  c.submit(3, c.bundle(nonce_++));
  c.pass(6'000);
  ASSERT_FALSE(c.sent<ViewChange>(3).empty());
  const ViewChange late = c.sent<ViewChange>(3).back();
  ASSERT_EQ(late.change.content.last, Height(begins.value - 1));
  order_until(Height(begins.value + 20));
  c.deliver(0, 3, late);
  EXPECT_TRUE(c.nodes[0].drops.empty());
  // Of who is known to have decided last by a set that nobody told of, nothing can be judged.
  c.crash(0);
  c.nodes[0].genesis.sets = {{begins, five}};
  c.nodes[0].genesis.sets[0].set.epoch = Epoch(1);
  c.start(0);
  c.deliver(0, 3, late);
  EXPECT_TRUE(c.nodes[0].drops.empty());
}

}  // namespace
}  // namespace usance::consensus
