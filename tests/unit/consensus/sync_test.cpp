// Catching up (C-11), followers, bundles on their way (C-10.3), and bad peers.
#include <set>

#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

TEST(Sync, C11_3_FollowerLivesFromOnePeerThatDoesNotLead) {
  Cluster c(4, Cluster::default_parameters(), true);
  c.link = [](std::size_t from, std::size_t to, const Message&) {
    return (from != 4 && to != 4) || from == 2 || to == 2;
  };
  c.start();
  for (std::uint8_t i = 1; i <= 10; ++i) {
    c.order(i);
    c.pass(100);
  }
  EXPECT_EQ(c.status(4).certified, Height(10));
  EXPECT_FALSE(c.status(4).voting);
  EXPECT_TRUE(c.sent<Vote>(4).empty());
  // A client of the follower is served, too.
  c.submit(4, c.bundle(77));
  c.settle();
  c.pass(300);
  EXPECT_EQ(c.status(4).certified, Height(11));
  EXPECT_EQ(c.status(4).mempool_bundles, 0u);
}

// Who is behind decides up to the old set's last height before it executes the block that names the
// next set.
TEST(Sync, C9_1_ASetIsLearnedWhenItsFirstHeightIsOpenAlready) {
  Cluster c;
  ValidatorSet next = c.set;
  next.epoch = Epoch(1);
  const Height begins(3 + 2 * limits::kExecutionLag);
  for (Node& n : c.nodes)
    n.on_executed = [&](Executed& e) {
      if (e.result.height >= Height(3) && e.result.height < begins)
        e.result.next = NextSet{Epoch(1), validator_set_hash(c.chain, next), begins};
      if (e.result.height == Height(3)) e.next_set = next;
      e.result_hash = result_hash(e.result);
    };
  bool apart = true;
  c.link = [&](std::size_t from, std::size_t to, const Message&) {
    return !apart || (from != 3 && to != 3);
  };
  c.start();
  for (std::uint8_t i = 1; i <= 30; ++i) {
    c.order(i);
    c.pass(50);
  }
  ASSERT_EQ(c.status(0).epoch, Epoch(1));
  apart = false;
  c.nodes[3].executor_held = true;
  c.pass(1'000);
  EXPECT_EQ(c.status(3).height, begins);
  c.release_executor(3);
  c.pass(3'000);
  EXPECT_EQ(c.status(3).epoch, Epoch(1));
  EXPECT_EQ(c.status(3).certified, c.status(0).certified);
  c.order(31);
  c.pass(100);
  EXPECT_EQ(c.status(3).certified, c.committed(0));
}

// Whoever does not answer within a second is left alone, and another one is asked.
TEST(Sync, C11_1_ASilentSourceIsFollowedByAnother) {
  Cluster c;
  std::vector<std::size_t> asked;
  bool apart = true;
  c.link = [&](std::size_t from, std::size_t to, const Message& m) {
    if (from == 3 && std::holds_alternative<FetchBlocks>(m)) {
      asked.push_back(to);
      return !apart;
    }
    return !apart || (from != 3 && to != 3) || std::holds_alternative<Status>(m);
  };
  c.start();
  for (std::uint8_t i = 1; i <= 30; ++i) c.order(i);
  c.pass(3'500);
  ASSERT_GE(asked.size(), 3u);
  EXPECT_EQ((std::set<std::size_t>{asked[0], asked[1], asked[2]}),
            (std::set<std::size_t>{0, 1, 2}));
  EXPECT_EQ(c.committed(3), Height{});
  apart = false;
  c.pass(10'000);
  EXPECT_EQ(c.status(3).certified, Height(30));
}

// A full disk holds up one node's execution; the others go on, and its memory does not grow with
// them.
TEST(Sync, C8_5_WhoDoesNotExecuteDecidesNothingMore) {
  Cluster c;
  c.start();
  c.nodes[3].executor_held = true;
  for (std::uint8_t i = 1; i <= 60; ++i) {
    c.order(i);
    c.pass(50);
  }
  EXPECT_EQ(c.committed(0), Height(60));
  EXPECT_LE(c.committed(3), Height(2 * limits::kExecutionLag + 1));
  c.release_executor(3);
  c.pass(5'000);
  EXPECT_EQ(c.status(3).certified, Height(60));
  EXPECT_TRUE(c.status(3).voting);
}

// A result vote from far ahead may be of an epoch that is not known here yet: no breach.
TEST(Sync, C9_1_AResultVoteFromFarAheadIsNoBreach) {
  Cluster c;
  c.start();
  Vote ahead;
  ahead.content = VoteContent{VoteKind::kExec, Epoch(1), View{},
                              Height(2 * limits::kExecutionLag + 1), Hash32{}};
  ahead.signer = 1;
  ahead.signature = c.nodes[1].signer->sign(vote_digest(c.chain, ahead.content));
  c.deliver(3, 1, ahead);
  EXPECT_TRUE(c.nodes[3].drops.empty());
  ahead.content.height = Height(2 * limits::kExecutionLag);
  c.deliver(3, 1, ahead);
  EXPECT_EQ(c.nodes[3].drops.size(), 1u);
}

TEST(Sync, C11_2_RangesThatAreNotTheCertifiedChainAreRefused) {
  Cluster source;
  source.start();
  for (std::uint8_t i = 1; i <= 3; ++i) source.order(i);
  Blocks good;
  for (std::uint64_t h = 1; h <= 3; ++h) {
    const auto& entry = source.nodes[0].disk.ledger.at(Height(h));
    good.blocks.push_back(SyncedBlock{Block{entry.block->header, entry.block->body()}, entry.commit,
                                      entry.certificate});
  }
  const auto fed = [&](const std::function<void(Blocks&)>& spoil) {
    Cluster c;
    c.link = [](std::size_t, std::size_t, const Message& m) {
      return !std::holds_alternative<FetchBlocks>(m);
    };
    c.start();
    Status ahead;
    ahead.committed = Height(3);
    c.deliver(3, 1, ahead);
    c.pass(300);
    EXPECT_FALSE(c.sent<FetchBlocks>(3).empty());
    Blocks blocks = good;
    spoil(blocks);
    c.deliver(3, 1, blocks);
    return std::pair(c.committed(3), c.nodes[3].drops.size());
  };
  EXPECT_EQ(fed([](Blocks&) {}), std::pair(Height(3), std::size_t{0}));
  const auto refused = std::pair(Height{}, std::size_t{1});
  EXPECT_EQ(fed([](Blocks& b) { b.blocks[1].commit.signatures[0].bytes[0] ^= 1; }), refused);
  EXPECT_EQ(fed([](Blocks& b) { b.blocks[2].block.header.time.value += 1; }), refused);
  EXPECT_EQ(fed([](Blocks& b) { b.blocks[0].block.body.bundles.clear(); }), refused);
  EXPECT_EQ(fed([](Blocks& b) { b.blocks.erase(b.blocks.begin() + 1); }), refused);
  EXPECT_EQ(fed([](Blocks& b) { b.blocks[0].result->content.hash.bytes[0] ^= 1; }), refused);
  EXPECT_EQ(fed([](Blocks& b) { std::swap(b.blocks[0].commit, b.blocks[1].commit); }), refused);
  // Asked for before a restart, when this node had blocks that are lost now: no answer, no offence.
  EXPECT_EQ(fed([](Blocks& b) { b.blocks.erase(b.blocks.begin()); }),
            std::pair(Height{}, std::size_t{0}));
}

TEST(Sync, BlocksThatNobodyAskedForAreIgnored) {
  Cluster source;
  source.start();
  source.order(1);
  const auto& entry = source.nodes[0].disk.ledger.at(Height(1));
  Cluster c;
  c.start();
  c.deliver(3, 1,
            Blocks{{SyncedBlock{Block{entry.block->header, entry.block->body()}, entry.commit,
                                std::nullopt}}});
  EXPECT_EQ(c.committed(3), Height{});
}

TEST(Sync, C11_2_TheDecidingCertificateWithoutTheBodyFetchesIt) {
  Cluster c;
  c.start();
  c.link = [](std::size_t, std::size_t to, const Message& m) {
    return !(to == 3 && (std::holds_alternative<Proposal>(m) || std::holds_alternative<Blocks>(m)));
  };
  c.order(1);
  EXPECT_EQ(c.committed(0), Height(1));
  const Hash32 hash = c.nodes[0].disk.ledger.at(Height(1)).block->hash;
  for (const std::size_t from : {0u, 1u, 2u})
    c.deliver(3, from, c.vote(from, VoteKind::kCommit, View{}, Height(1), hash));
  c.pass(500);
  EXPECT_EQ(c.committed(3), Height(1));
  EXPECT_FALSE(c.sent<FetchBody>(3).empty());
}

PeerId stranger(std::uint32_t number) {
  PeerId id = test_key(250);
  id.bytes[0] = static_cast<std::uint8_t>(number);
  id.bytes[1] = static_cast<std::uint8_t>(number >> 8);
  return id;
}
Event claims(const PeerId& from, Height committed) {
  return MessageReceived{from, std::make_shared<const Message>(
                                   Status{Epoch{}, View{}, committed, Height{}, 0, 0, 0, 1})};
}

TEST(Peers, C2_4_OneLiarsHeightIsNotTheOthers) {
  Cluster c;
  c.start();
  c.order(1);
  c.pass(1'000);
  c.step(0, claims(c.key(3), Height(1ULL << 60)));
  EXPECT_EQ(c.status(0).best_peer, Height(1));
  c.step(0, claims(stranger(7), Height(1ULL << 60)));
  EXPECT_EQ(c.status(0).best_peer, Height(1));
  // f + 1 claims have an honest one among them.
  c.step(0, claims(c.key(2), Height(5)));
  EXPECT_EQ(c.status(0).best_peer, Height(5));
}

TEST(Peers, WhatAPeerClaimedIsForgottenWithIt) {
  Cluster c;
  c.start(0);
  c.step(0, claims(c.key(2), Height(5)));
  c.step(0, claims(c.key(3), Height(9)));
  EXPECT_EQ(c.status(0).peers.size(), 2u);
  EXPECT_EQ(c.status(0).best_peer, Height(5));
  c.step(0, PeerGone{c.key(3)});
  c.step(0, PeerGone{c.key(2)});
  EXPECT_TRUE(c.status(0).peers.empty());
  EXPECT_EQ(c.status(0).best_peer, Height{});
  // A request to a peer that is gone is given up at once and leaves nothing behind.
  c.pass(3'000);
  EXPECT_TRUE(c.status(0).peers.empty());
}

TEST(Peers, StrangersKeepNoValidatorOut) {
  Cluster c;
  c.start(0);
  for (std::uint32_t i = 0; i < 600; ++i) c.step(0, claims(stranger(i), Height{}));
  for (const std::size_t i : {1u, 2u, 3u}) c.step(0, claims(c.key(i), Height(4)));
  const auto peers = c.status(0).peers;
  EXPECT_EQ(peers.size(), 512u);
  for (const std::size_t i : {1u, 2u, 3u}) EXPECT_TRUE(peers.contains(c.key(i))) << i;
  EXPECT_TRUE(c.status(0).silent.empty());
}

TEST(Relay, C10_3_BundlesReachTheLeaderAgainIfTheyGotLost) {
  Cluster c;
  c.start();
  int lost = 0;
  c.link = [&](std::size_t, std::size_t, const Message& m) {
    return !std::holds_alternative<BundleGossip>(m) || ++lost > 3;
  };
  c.submit(2, c.bundle(1));
  c.settle();
  EXPECT_EQ(c.committed(0), Height{});
  c.pass(1'500);
  EXPECT_EQ(c.committed(0), Height(1));
  EXPECT_EQ(c.status(0).view, View{});
}

TEST(Relay, AdmissionIsAnsweredAndExpiredBundlesAreEvicted) {
  Cluster c;
  c.start();
  for (std::uint8_t i = 1; i <= 3; ++i) c.order(i);
  c.nodes[1].admissions.clear();
  c.link = [](std::size_t, std::size_t, const Message& m) {
    return !std::holds_alternative<BundleGossip>(m);
  };
  const BundlePtr waits = c.bundle(9, 1, Height(4));
  c.submit(1, waits);
  c.submit(1, waits);
  c.submit(1, c.bundle(10, 1, Height(3)));
  c.submit(1, c.bundle(1));
  ASSERT_EQ(c.nodes[1].admissions.size(), 4u);
  EXPECT_FALSE(c.nodes[1].admissions[0].error);
  EXPECT_EQ(c.nodes[1].admissions[1].error->code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(c.nodes[1].admissions[2].error->code, ErrorCode::kExpired);
  EXPECT_EQ(c.nodes[1].admissions[3].error->code, ErrorCode::kAlreadyExists);
  c.submit(0, c.bundle(20));
  c.submit(2, c.bundle(21));
  c.settle();
  c.submit(0, c.bundle(22));
  c.settle();
  c.pass(1'200);
  ASSERT_EQ(c.nodes[1].evicted.size(), 1u);
  EXPECT_EQ(c.nodes[1].evicted[0].bundle->hash(), waits->hash());
  EXPECT_EQ(c.nodes[1].evicted[0].reason.code, ErrorCode::kExpired);
}

}  // namespace
}  // namespace usance::consensus
