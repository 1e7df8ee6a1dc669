// C-11.4: a ledger that begins with a snapshot.
#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

constexpr std::uint8_t kBase = 10;
constexpr std::uint64_t kFirstVote = kBase + limits::kExecutionLag;

// Ten heights by all, then the node again, as if its ledger began there.
void begin_anew(Cluster& c, std::size_t node) {
  c.start();
  for (std::uint8_t i = 1; i <= kBase; ++i) c.order(i);
  ASSERT_EQ(c.committed(node), Height(kBase));
  c.crash(node);
  c.nodes[node].sent.clear();
  c.nodes[node].disk.ledger = c.nodes[node].disk.ledger.snapshot(Height(kBase));
  c.start(node);
  c.settle();
  c.pass(500);
}

TEST(Base, C11_4_NothingIsPreparedThatAStateBelowItJudges) {
  Cluster c;
  begin_anew(c, 3);
  for (std::uint8_t i = kBase + 1; i < kFirstVote + 3; ++i) {
    c.order(i);
    c.pass(100);
  }
  EXPECT_EQ(c.committed(3), Height(kFirstVote + 2));
  std::set<Height> prepared;
  for (const Vote& vote : c.votes(3, VoteKind::kPrepare)) prepared.insert(vote.content.height);
  ASSERT_FALSE(prepared.empty());
  EXPECT_EQ(*prepared.begin(), Height(kFirstVote));
}

TEST(Base, C11_4_NothingIsProposedThatAStateBelowItJudges) {
  Cluster c;
  begin_anew(c, 0);  // the leader of view 0
  for (std::uint8_t i = kBase + 1; i < kFirstVote + 3; ++i) {
    c.submit(1, c.bundle(i));
    c.settle();
    c.pass(6'000);
  }
  EXPECT_EQ(c.committed(1), Height(kFirstVote + 2));
  for (const Proposal& proposal : c.sent<Proposal>(0))
    EXPECT_GE(proposal.header.height, Height(kFirstVote));
}

}  // namespace
}  // namespace usance::consensus
