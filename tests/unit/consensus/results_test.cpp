// Result votes and certificates (C-8), and the status for why-stalled.
#include "consensus/divergence.h"
#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

using Phase = StatusReport::Phase;

TEST(Results, C8_2_CertificateVerifiesAndComesOncePerHeight) {
  Cluster c;
  c.start();
  c.order(1);
  c.order(2);
  for (const Node& n : c.nodes) {
    ASSERT_EQ(n.certified.size(), 2u);
    for (const ResultCertified& result : n.certified)
      EXPECT_TRUE(
          verify_certificate(c.chain, c.set, result.certificate, sim::keyed_hash_verifier()));
    EXPECT_EQ(n.certified[0].height, Height(1));
    EXPECT_EQ(n.certified[1].height, Height(2));
  }
}

TEST(Results, C8_1_AtMostWHeightsAreExecutedAtATimeInOrder) {
  Cluster c;
  c.start();
  c.nodes[3].executor_held = true;
  for (std::uint8_t i = 1; i <= 12; ++i) c.order(i);
  ASSERT_GT(c.committed(3).value, limits::kExecutionLag);
  ASSERT_EQ(c.nodes[3].executions.size(), limits::kExecutionLag);
  for (std::size_t i = 0; i < limits::kExecutionLag; ++i)
    EXPECT_EQ(c.nodes[3].executions[i].block->header.height, Height(i + 1));
  c.release_executor(3);
  c.pass(500);
  EXPECT_EQ(c.status(3).executed, Height(12));
}

TEST(Results, C1_4_OrderingStopsWHeightsAboveTheLastResult) {
  Cluster c;
  c.start();
  for (Node& n : c.nodes) n.executor_held = true;
  for (std::uint8_t i = 1; i <= 12; ++i) c.order(i);
  EXPECT_EQ(c.committed(0), Height(8));
  for (std::size_t i = 0; i < 4; ++i) c.release_executor(i);
  c.pass(500);
  EXPECT_EQ(c.status(0).mempool_bundles, 0u);
  EXPECT_GT(c.committed(0), Height(8));
}

TEST(Results, C8_4_AVoteOnACertifiedHeightIsAnsweredWithTheCertificates) {
  Cluster c;
  c.start();
  for (std::uint8_t i = 1; i <= 4; ++i) c.order(i);
  c.pass(100);
  c.nodes[0].sent.clear();
  c.deliver(0, 1,
            c.vote(1, VoteKind::kExec, View{}, Height(2),
                   c.nodes[0].disk.ledger.at(Height(2)).result_hash));
  const auto answers = c.sent<usance::consensus::Results>(0);
  ASSERT_EQ(answers.size(), 1u);
  ASSERT_EQ(answers[0].certificates.size(), 3u);
  EXPECT_EQ(answers[0].certificates.front().content.height, Height(2));
  EXPECT_EQ(answers[0].certificates.back().content.height, Height(4));
}

TEST(Results, C8_2_LostVotesAreRepeatedOnAnIdleNetwork) {
  Cluster c;
  c.start();
  int dropped = 0;
  c.link = [&](std::size_t, std::size_t, const Message& m) {
    const auto* vote = std::get_if<Vote>(&m);
    if (vote == nullptr || vote->content.kind != VoteKind::kExec) return true;
    return ++dropped > 12;  // the first round of all four
  };
  c.order(1);
  EXPECT_EQ(c.status(0).certified, Height{});
  EXPECT_EQ(c.status(0).phase, Phase::kWaitResult);
  c.pass(1'500);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(c.status(i).certified, Height(1));
}

// A node that catches up from blocks without result certificates executes far above what it knows
// to be certified; its vote record is bounded all the same.
TEST(Results, C8_2_ResultVotesStayNearTheCertifiedHeight) {
  constexpr std::uint64_t kHeights = 60;
  Cluster source;
  source.start();
  for (std::uint8_t i = 1; i <= kHeights; ++i) source.order(i);
  Blocks blocks;
  for (std::uint64_t h = 1; h <= kHeights; ++h) {
    const auto& entry = source.nodes[0].disk.ledger.at(Height(h));
    blocks.blocks.push_back(
        SyncedBlock{Block{entry.block->header, entry.block->body()}, entry.commit, std::nullopt});
  }
  Cluster c;
  c.link = [](std::size_t, std::size_t, const Message& m) {
    return !std::holds_alternative<FetchBlocks>(m);
  };
  c.start();
  Status ahead;
  ahead.committed = Height(kHeights);
  c.deliver(3, 1, ahead);
  c.pass(300);
  c.nodes[3].executor_held = true;
  c.deliver(3, 1, blocks);
  c.release_executor(3);
  EXPECT_EQ(c.status(3).executed, Height(kHeights));
  EXPECT_EQ(c.status(3).certified, Height{});
  c.pass(50);
  EXPECT_EQ(c.votes(3, VoteKind::kExec).size(), 2 * limits::kExecutionLag);
  EXPECT_EQ(c.record(3).results.size(), 2 * limits::kExecutionLag);
  // What it learns to be certified makes room for the next.
  Results results;
  for (std::uint64_t h = 1; h <= 30; ++h)
    results.certificates.push_back(*source.nodes[0].disk.ledger.at(Height(h)).certificate);
  c.deliver(3, 1, results);
  EXPECT_EQ(c.status(3).certified, Height(30));
  EXPECT_EQ(c.votes(3, VoteKind::kExec).back().content.height,
            Height(30 + 2 * limits::kExecutionLag));
}

TEST(Results, C8_3_OnlyTheNodeWithAnotherResultHalts) {
  Cluster c;
  c.nodes[2].on_executed = [](Executed& e) {
    e.result.gas_used = 5;
    e.result_hash = result_hash(e.result);
  };
  c.start();
  c.order(1);
  ASSERT_TRUE(c.nodes[2].halted.has_value());
  EXPECT_EQ(c.nodes[2].halted->height, Height(1));
  ASSERT_TRUE(c.nodes[2].halted->certified.has_value());
  EXPECT_EQ(*c.nodes[2].halted->certified, c.nodes[0].disk.ledger.at(Height(1)).result_hash);
  EXPECT_NE(*c.nodes[2].halted->own, *c.nodes[2].halted->certified);
  c.order(2);
  EXPECT_EQ(c.status(0).certified, Height(2));
  EXPECT_EQ(c.committed(2), Height(1));
}

// A damaged executor: the node that halts says where its result and the certified one part.
TEST(Results, C8_6_TheFirstReceiptThatDiffersIsNamed) {
  Cluster c;
  c.nodes[2].wrong_results = true;
  c.start();
  int lost = 0;
  c.link = [&](std::size_t, std::size_t, const Message& m) {
    return !std::holds_alternative<FetchResultParts>(m) || ++lost > 1;  // it asks the next
  };
  const BundlePtr bundle = c.bundle(1, 5);
  c.submit(0, bundle);
  c.settle();
  c.pass(3'000);
  ASSERT_TRUE(c.nodes[2].halted.has_value());
  EXPECT_EQ(c.sent<FetchResultParts>(2).size(), 2u);
  EXPECT_EQ(c.status(2).halted,
            "this node's result differs from the certified one at height 1: the first receipt that "
            "differs is 2, transaction " +
                to_hex(bundle->ids()[2]));
  EXPECT_TRUE(c.status(0).halted.empty());
}

// What the operations manual says of a halted node: its ledger goes, its vote log stays. The record
// holds a vote for the wrong result.
TEST(Results, C8_6_AHaltedNodeVotesAgainOnALedgerFetchedAnew) {
  Cluster c;
  const sim::Disk empty = c.nodes[2].disk;
  c.nodes[2].wrong_results = true;
  c.start();
  c.order(1);
  ASSERT_TRUE(c.nodes[2].halted.has_value());
  ASSERT_EQ(c.record(2).results.size(), 1u);
  c.crash(2);
  sim::Disk repaired = empty;
  repaired.record = c.nodes[2].disk.record;
  repaired.sequence = c.nodes[2].disk.sequence;
  repaired.validator = c.nodes[2].disk.validator;
  c.nodes[2].disk = repaired;
  c.nodes[2].halted.reset();
  c.nodes[2].wrong_results = false;
  c.start(2);
  c.pass(3'000);
  EXPECT_FALSE(c.nodes[2].halted.has_value());
  EXPECT_EQ(c.status(2).certified, Height(1));
  c.crash(3);  // so that it is needed
  c.order(2);
  c.pass(3'000);
  EXPECT_EQ(c.status(0).certified, Height(2));
  EXPECT_EQ(c.status(2).certified, Height(2));
}

TEST(Results, C8_6_PartsThatDoNotProveTheCertifiedResultAreRefused) {
  Cluster c;
  c.nodes[2].wrong_results = true;
  c.start();
  c.link = [](std::size_t, std::size_t, const Message& m) {
    return !std::holds_alternative<FetchResultParts>(m);
  };
  c.order(1);
  ASSERT_TRUE(c.nodes[2].halted.has_value());
  ASSERT_EQ(c.sent<FetchResultParts>(2).size(), 1u);
  const ResultParts honest = c.nodes[0].disk.ledger.at(Height(1)).parts();
  ResultParts other = honest;
  other.receipts[0].bytes[3] ^= 1;
  for (const std::size_t from : {0u, 1u, 3u}) c.deliver(2, from, other);
  EXPECT_EQ(c.nodes[2].drops.size(), 1u);  // who was asked; the others are not listened to
  EXPECT_EQ(c.status(2).halted, "this node's result differs from the certified one");
  for (const std::size_t from : {0u, 1u, 3u}) c.deliver(2, from, honest);
  EXPECT_NE(c.status(2).halted.find("the first receipt that differs is 0"), std::string::npos);
  // An honest node that nobody contradicts ignores such an answer.
  c.deliver(0, 1, honest);
  EXPECT_TRUE(c.status(0).halted.empty());
}

TEST(Results, C8_6_WithEqualReceiptsTheHeadersFirstDifferenceIsNamed) {
  Cluster c;
  c.start();
  c.order(1);
  const ResultParts one = c.nodes[0].disk.ledger.at(Height(1)).parts();
  EXPECT_TRUE(proves(one, result_hash(one.header)));
  EXPECT_EQ(first_difference(one, one), "");
  ResultParts other = one;
  other.header.state_root.bytes[0] ^= 1;
  EXPECT_EQ(first_difference(one, other), "all receipts are equal, but the state differs");
  other.header.gas_used = 7;
  EXPECT_EQ(first_difference(one, other),
            "all receipts are equal, but the gas used is 0 here, 7 as certified");
  other = one;
  other.transactions.push_back(Hash32{});
  other.receipts.push_back(Hash32{});
  EXPECT_EQ(first_difference(one, other), "the first receipt that differs is 1, transaction " +
                                              to_hex(Hash32{}) + ", which has none here");
  EXPECT_FALSE(proves(other, result_hash(one.header)));
  EXPECT_EQ(first_difference(other, one), "the first receipt that differs is 1, transaction " +
                                              to_hex(Hash32{}) + ", which has none as certified");
}

TEST(Results, C12_2_AHaltedNodeTakesNoBundlesAndServesWhatIsCertified) {
  Cluster c;
  c.start();
  c.order(1);
  c.nodes[2].on_executed = [](Executed& e) {
    e.result.gas_used = 5;
    e.result_hash = result_hash(e.result);
  };
  c.order(2);
  ASSERT_TRUE(c.nodes[2].halted.has_value());
  const auto count = [&](auto what) { return c.sent<decltype(what)>(2).size(); };
  const auto votes = count(Vote{}), results = count(Results{}), blocks = count(Blocks{});
  const auto bodies = count(BlockReply{});
  c.nodes[2].admissions.clear();
  const auto held = c.status(2).mempool_bundles;
  c.submit(2, c.bundle(3));
  EXPECT_TRUE(c.nodes[2].admissions.empty());
  EXPECT_EQ(c.status(2).mempool_bundles, held);
  c.deliver(2, 0, FetchBlocks{Height(1), 2});
  ASSERT_EQ(count(Blocks{}), blocks + 1);
  EXPECT_EQ(c.sent<Blocks>(2).back().blocks.size(), 2u);
  c.deliver(2, 0, FetchResults{Height(1), 1});
  EXPECT_EQ(count(Results{}), results + 1);
  const auto first = c.nodes[0].disk.ledger.at(Height(1)).block->hash;
  c.deliver(2, 0, FetchBody{Height(1), first});
  EXPECT_EQ(count(BlockReply{}), bodies + 1);
  // It says nothing of its own accord: the others must count it as silent.
  const auto statuses = count(Status{});
  c.pass(2'000);
  EXPECT_EQ(count(Status{}), statuses);
  EXPECT_EQ(count(Vote{}), votes);
}

TEST(Results, C8_3_NoQuorumForAnyResultIsASafeStop) {
  Cluster c;
  for (const std::size_t i : {2u, 3u})
    c.nodes[i].on_executed = [](Executed& e) {
      e.result.gas_used = 5;
      e.result_hash = result_hash(e.result);
    };
  c.start();
  for (std::uint8_t i = 1; i <= 12; ++i) c.order(i);
  c.pass(5'000);
  EXPECT_EQ(c.committed(0), Height(8));  // W, and no further
  EXPECT_EQ(c.status(0).certified, Height{});
  EXPECT_EQ(c.status(0).phase, Phase::kWaitResult);
  EXPECT_EQ(c.status(0).view, View{});
  EXPECT_FALSE(c.nodes[0].halted || c.nodes[3].halted);
}

TEST(Results, C2_5_ForgedResultVotesCountForNothing) {
  Cluster c;
  c.start();
  Hash32 wrong;
  wrong.bytes.fill(7);
  for (const std::size_t from : {1u, 2u, 3u}) {
    Vote vote = c.vote(from, VoteKind::kExec, View{}, Height(1), wrong);
    vote.signature.bytes[9] ^= 4;
    c.deliver(0, from, vote);
  }
  EXPECT_EQ(c.nodes[0].drops.size(), 3u);
  c.order(1);
  EXPECT_EQ(c.status(0).certified, Height(1));
}

TEST(StatusReport, NamesSilentAndMissingValidators) {
  Cluster c;
  c.start();
  c.crash(2);
  c.crash(3);
  c.submit(0, c.bundle(1));
  c.settle();
  c.pass(900);
  const StatusReport preparing = c.status(1);
  EXPECT_EQ(preparing.phase, Phase::kPreparing);
  EXPECT_EQ(preparing.missing, (std::vector<std::uint32_t>{2, 3}));
  c.pass(8'000);
  const StatusReport later = c.status(1);
  EXPECT_EQ(later.phase, Phase::kViewChange);
  EXPECT_EQ(later.silent, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_FALSE(later.quorum_possible);
  EXPECT_STREQ(to_string(later.phase), "view_change");
}

}  // namespace
}  // namespace usance::consensus
