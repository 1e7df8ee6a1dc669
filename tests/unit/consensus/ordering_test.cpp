// Propose, prepare, commit, decide (C-3), and the leader's part (C-4.8).
#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

TEST(Ordering, FourNodesDecideAndCertifyOneBlockPerBundle) {
  Cluster c;
  c.start();
  for (std::uint8_t i = 1; i <= 20; ++i) c.order(i);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(c.committed(i), Height(20));
    EXPECT_EQ(c.status(i).certified, Height(20));
    EXPECT_EQ(c.nodes[i].disk.ledger.at(Height(20)).result_hash,
              c.nodes[0].disk.ledger.at(Height(20)).result_hash);
    EXPECT_EQ(c.status(i).mempool_bundles, 0u);
    EXPECT_TRUE(c.nodes[i].drops.empty());
  }
}

TEST(Ordering, AllSizesHaveQuorumsThatDecideWithFSilent) {
  for (const std::size_t n : {4u, 5u, 6u, 7u, 10u}) {
    Cluster c(n);
    c.start();
    const std::size_t f = faults_tolerated(n);
    for (std::size_t i = 0; i < f; ++i) c.crash(n - 1 - i);
    c.order(1);
    EXPECT_EQ(c.status(0).certified, Height(1)) << n;
    c.crash(n - 1 - f);
    c.order(2);
    c.pass(300);
    const Height expected(n - f - 1 < quorum(n) ? 1 : 2);
    EXPECT_EQ(c.committed(0), expected) << n;
  }
}

TEST(Ordering, C3_1_SecondProposalOfAViewGetsNoVoteAndIsEvidence) {
  Cluster c;
  c.start();
  c.deliver(1, 0, c.first_proposal(0, View{}, {c.bundle(1)}));
  ASSERT_EQ(c.votes(1, VoteKind::kPrepare).size(), 1u);
  c.deliver(1, 0, c.first_proposal(0, View{}, {c.bundle(2)}));
  EXPECT_EQ(c.votes(1, VoteKind::kPrepare).size(), 1u);
  ASSERT_EQ(c.nodes[1].evidence.size(), 1u);
  EXPECT_TRUE(verify_evidence(c.chain, c.set, c.nodes[1].evidence[0], sim::keyed_hash_verifier()));
}

TEST(Ordering, C3_2_ProposalMustComeFromTheLeaderWithItsSignature) {
  Cluster c;
  c.start();
  Proposal wrong_leader = c.first_proposal(0, View{}, {c.bundle(1)});
  c.sign(wrong_leader, 2);
  c.deliver(1, 2, wrong_leader);
  Proposal bad_signature = c.first_proposal(0, View{}, {c.bundle(1)});
  bad_signature.signature.bytes[7] ^= 1;
  c.deliver(1, 0, bad_signature);
  EXPECT_TRUE(c.votes(1, VoteKind::kPrepare).empty());
  EXPECT_EQ(c.nodes[1].drops.size(), 2u);
}

TEST(Ordering, C3_2_ProposalNeedsItsParentsCertificate) {
  Cluster c;
  c.start();
  c.order(1);
  c.nodes[1].sent.clear();
  const BlockHeader head = c.nodes[0].disk.ledger.at(Height(1)).block->header;
  Proposal p = c.first_proposal(0, View{}, {c.bundle(9)});
  p.header.height = Height(2);
  p.header.parent = block_hash(head);
  p.header.time = TimeMs(head.time.value + 1);
  c.sign(p, 0);
  c.deliver(1, 0, p);
  EXPECT_TRUE(c.votes(1, VoteKind::kPrepare).empty());
  p.parent = c.certificate(VoteKind::kPrepare, View{}, Height(1), block_hash(head));  // not commit
  c.deliver(1, 0, p);
  EXPECT_TRUE(c.votes(1, VoteKind::kPrepare).empty());
  p.parent = c.certificate(VoteKind::kCommit, View{}, Height(1), block_hash(head));
  p.parent->signatures[0].bytes[0] ^= 1;
  c.deliver(1, 0, p);
  EXPECT_TRUE(c.votes(1, VoteKind::kPrepare).empty());
  EXPECT_EQ(c.nodes[1].drops.size(), 3u);
  p.parent->signatures[0].bytes[0] ^= 1;
  c.deliver(1, 0, p);
  EXPECT_EQ(c.votes(1, VoteKind::kPrepare).size(), 1u);
}

// A(h) is the state after h - W: who has not executed that cannot judge h.
TEST(Ordering, C4_1_NoPrepareWithoutTheReferenceState) {
  Cluster c;
  c.start();
  c.nodes[1].executor_held = true;
  for (std::uint8_t i = 1; i <= 12; ++i) c.order(i);
  ASSERT_GT(c.committed(0), Height(9));
  const auto highest = [&] {
    Height height;
    for (const Vote& vote : c.votes(1, VoteKind::kPrepare))
      height = std::max(height, vote.content.height);
    return height;
  };
  EXPECT_EQ(highest(), Height(limits::kExecutionLag));
  c.release_executor(1);
  c.pass(500);
  c.order(13);
  c.order(14);
  EXPECT_EQ(highest(), c.committed(0));
}

TEST(Ordering, C10_4_OnlyUnknownBundlesAreVerifiedAgain) {
  Cluster c;
  c.start();
  const BundlePtr known = c.bundle(1), unknown = c.bundle(2);
  c.link = [](std::size_t, std::size_t, const Message&) { return false; };
  c.submit(1, known);
  c.settle();
  c.nodes[1].checks.clear();
  c.deliver(1, 0, c.first_proposal(0, View{}, {known, unknown}));
  ASSERT_EQ(c.nodes[1].checks.size(), 1u);
  EXPECT_TRUE(c.nodes[1].checks[0].signatures);
  EXPECT_EQ(c.nodes[1].checks[0].bundles, std::vector<Bytes>{unknown->raw()});
  EXPECT_EQ(c.votes(1, VoteKind::kPrepare).size(), 1u);
}

TEST(Ordering, C4_2_NamedResultMustBeProvenAndInItsWindow) {
  Cluster c;
  c.start();
  for (std::uint8_t i = 1; i <= 9; ++i) c.order(i);
  c.nodes[1].sent.clear();
  const auto& head = c.nodes[0].disk.ledger.at(Height(9));
  Proposal p = c.first_proposal(0, View{}, {c.bundle(50)});
  p.header.height = Height(10);
  p.header.parent = head.block->hash;
  p.header.time = TimeMs(head.block->header.time.value + 1);
  p.parent = head.commit;
  p.header.certified = ResultRef{Height(1), c.nodes[0].disk.ledger.at(Height(1)).result_hash};
  p.certified = c.nodes[0].disk.ledger.at(Height(1)).certificate;
  c.sign(p, 0);
  c.deliver(1, 0, p);  // height 1 is below 10 - W
  EXPECT_TRUE(c.votes(1, VoteKind::kPrepare).empty());
  p.header.certified = ResultRef{Height(5), c.nodes[0].disk.ledger.at(Height(5)).result_hash};
  c.sign(p, 0);
  c.deliver(1, 0, p);  // the certificate is of another height
  EXPECT_TRUE(c.votes(1, VoteKind::kPrepare).empty());
  p.certified = c.nodes[0].disk.ledger.at(Height(5)).certificate;
  c.deliver(1, 0, p);
  EXPECT_EQ(c.votes(1, VoteKind::kPrepare).size(), 1u);
}

TEST(Ordering, UnknownBundlesAreCheckedAndABadSignatureGetsNoVote) {
  Cluster c;
  c.start();
  const BundlePtr good = c.bundle(1);
  Bytes forged = good->raw();
  forged.back() ^= 1;  // the signature is last
  Proposal p = c.first_proposal(0, View{}, {});
  p.body.bundles.push_back(forged);
  p.header.body_root = body_root(p.body);
  c.sign(p, 0);
  c.deliver(1, 0, p);
  EXPECT_TRUE(c.votes(1, VoteKind::kPrepare).empty());
  EXPECT_EQ(c.nodes[1].drops.size(), 1u);
  c.deliver(2, 0, c.first_proposal(0, View{}, {good}));
  EXPECT_EQ(c.votes(2, VoteKind::kPrepare).size(), 1u);
}

TEST(Ordering, BodyThatDoesNotMatchItsRootGetsNoVote) {
  Cluster c;
  c.start();
  Proposal p = c.first_proposal(0, View{}, {c.bundle(1)});
  p.body.bundles.push_back(c.bundle(2)->raw());
  c.deliver(1, 0, p);
  EXPECT_TRUE(c.votes(1, VoteKind::kPrepare).empty());
  EXPECT_EQ(c.nodes[1].drops.size(), 1u);
}

TEST(Ordering, C3_3_CommitNeedsAQuorumOfPrepares) {
  Cluster c;
  c.start();
  const Proposal p = c.first_proposal(0, View{}, {c.bundle(1)});
  const Hash32 hash = block_hash(p.header);
  c.deliver(1, 0, p);  // its own prepare counts
  c.deliver(1, 0, c.vote(0, VoteKind::kPrepare, View{}, Height(1), hash));
  EXPECT_TRUE(c.votes(1, VoteKind::kCommit).empty());
  c.deliver(1, 2, c.vote(2, VoteKind::kPrepare, View(1), Height(1), hash));  // another view
  EXPECT_TRUE(c.votes(1, VoteKind::kCommit).empty());
  c.deliver(1, 3, c.vote(3, VoteKind::kPrepare, View{}, Height(1), hash));
  EXPECT_EQ(c.votes(1, VoteKind::kCommit).size(), 1u);
  EXPECT_TRUE(c.record(1).lock.has_value());
}

TEST(Ordering, C3_4_QuorumOfCommitsDecidesInWhateverView) {
  Cluster c;
  c.start();
  const Proposal p = c.first_proposal(0, View{}, {c.bundle(1)});
  const Hash32 hash = block_hash(p.header);
  c.deliver(1, 0, p);
  for (const std::size_t from : {0u, 2u, 3u})
    c.deliver(1, from, c.vote(from, VoteKind::kCommit, View{}, Height(1), hash));
  EXPECT_EQ(c.committed(1), Height(1));
  EXPECT_TRUE(c.nodes[1].drops.empty());
}

TEST(Ordering, C3_5_ContradictingVotesAreEvidenceAndTheFirstCounts) {
  Cluster c;
  c.start();
  Hash32 one, two;
  one.bytes.fill(1);
  two.bytes.fill(2);
  c.deliver(1, 3, c.vote(3, VoteKind::kPrepare, View{}, Height(1), one));
  c.deliver(1, 3, c.vote(3, VoteKind::kPrepare, View{}, Height(1), two));
  c.deliver(1, 3, c.vote(3, VoteKind::kPrepare, View{}, Height(1), two));
  EXPECT_EQ(c.nodes[1].evidence.size(), 1u);  // reported once
  Vote bad = c.vote(2, VoteKind::kPrepare, View{}, Height(1), one);
  bad.signature.bytes[0] ^= 1;
  c.deliver(1, 2, bad);
  EXPECT_EQ(c.nodes[1].drops.size(), 1u);
}

TEST(Ordering, C12_1_AFloodOfContradictionsHidesNoOtherValidators) {
  Cluster c;
  c.start();
  Hash32 a, b;
  a.bytes.fill(1);
  b.bytes.fill(2);
  const auto contradict = [&](std::size_t who, std::uint64_t view) {
    c.deliver(0, who, c.vote(who, VoteKind::kPrepare, View(view), Height(1), a));
    c.deliver(0, who, c.vote(who, VoteKind::kPrepare, View(view), Height(1), b));
  };
  for (std::uint64_t view = 1; view <= 1'100; ++view) contradict(3, view);
  EXPECT_EQ(c.nodes[0].evidence.size(), 64u);
  contradict(2, 1);
  ASSERT_EQ(c.nodes[0].evidence.size(), 65u);
  EXPECT_EQ(c.nodes[0].evidence.back().votes[0].signer, 2u);
}

// What nobody sends is no message: evidence is kept by who finds it.
TEST(Ordering, C12_1_EvidenceIsNoMessage) {
  Cluster c;
  Hash32 a, b;
  a.bytes.fill(1);
  b.bytes.fill(2);
  const Evidence evidence{{c.vote(1, VoteKind::kPrepare, View(1), Height(1), a),
                           c.vote(1, VoteKind::kPrepare, View(1), Height(1), b)},
                          {}};
  EXPECT_TRUE(verify_evidence(c.chain, c.set, evidence, sim::keyed_hash_verifier()));
  EXPECT_EQ(decode_message(encode(evidence)).error().code, ErrorCode::kUnsupported);
}

TEST(Ordering, C3_7_AnyVoterServesAProposalThatGotLost) {
  Cluster c;
  c.start();
  c.link = [](std::size_t from, std::size_t to, const Message& m) {
    return !(from == 0 && to == 3 && std::holds_alternative<Proposal>(m));
  };
  c.order(1);
  c.pass(200);
  EXPECT_EQ(c.committed(3), Height(1));
}

TEST(Ordering, C4_8_BlockIntervalGathersBundles) {
  Parameters p = Cluster::default_parameters();
  p.block_interval_ms = 500;
  Cluster c(4, p);
  c.start();
  c.pass(500);
  c.order(1);
  EXPECT_EQ(c.committed(0), Height(1));  // idle before: no wait
  c.order(2);
  c.order(3);
  EXPECT_EQ(c.committed(0), Height(1));
  c.pass(600);
  EXPECT_EQ(c.committed(0), Height(2));
  EXPECT_EQ(c.nodes[0].disk.ledger.at(Height(2)).block->bundles.size(), 2u);
}

TEST(Ordering, C4_7_NoEmptyBlocksWithoutAReason) {
  Cluster c;
  c.start();
  c.pass(5'000);
  EXPECT_EQ(c.committed(0), Height(0));
  EXPECT_EQ(c.status(0).view, View{});
  EXPECT_EQ(c.status(0).phase, StatusReport::Phase::kIdle);
}

TEST(Ordering, C4_7_AnchorIntervalMakesEmptyBlocks) {
  Parameters p = Cluster::default_parameters();
  p.anchor_interval_ms = 1'000;
  Cluster c(4, p);
  c.start();
  c.pass(4'500);
  EXPECT_GE(c.committed(0).value, 4u);
  EXPECT_LE(c.committed(0).value, 6u);
  EXPECT_EQ(c.status(0).view, View{});
}

TEST(Ordering, C4_7_DueTimerMakesAnEmptyBlockAndAnEarlyOneIsRefused) {
  Cluster c;
  for (Node& n : c.nodes)
    n.on_executed = [](Executed& e) {
      if (e.result.height == Height(1)) e.result.next_timer_due = TimeMs(kStart + 2'000);
      e.result_hash = result_hash(e.result);
    };
  c.start();
  c.order(1);
  c.pass(1'000);
  EXPECT_EQ(c.committed(0), Height(1));
  c.pass(1'000);
  EXPECT_EQ(c.committed(0), Height(2));
  EXPECT_EQ(c.committed(3), Height(2));
  EXPECT_TRUE(c.nodes[0].disk.ledger.at(Height(2)).block->bundles.empty());
}

}  // namespace
}  // namespace usance::consensus
