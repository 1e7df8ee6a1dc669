// Leaving a view and beginning the next (C-6).
#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

ViewChange asks_for(const Cluster& c, std::size_t node, View view,
                    std::optional<Certificate> lock = {}) {
  ViewChange change;
  change.change.signer = static_cast<std::uint32_t>(node);
  change.change.content = ViewChangeContent{Epoch{}, view, Height{}, std::nullopt};
  if (lock) {
    change.change.content.lock = LockRef{lock->content.view, lock->content.hash};
    change.lock = lock;
  }
  change.change.signature =
      c.nodes[node].signer->sign(view_change_digest(c.chain, change.change.content));
  return change;
}

// Who leads depends on the height: the view of a later term may begin above a node that leads it at
// its own height.
TEST(ViewChange, C6_6_ALeaderThatIsBehindTheProofProposesNothing) {
  Cluster c;
  c.start();
  const Height base(130);
  const Hash32 block = sha256(as_bytes("decided elsewhere"));
  NewView begun;
  begun.base = c.certificate(VoteKind::kCommit, View{}, base, block);
  for (const std::size_t node : {0u, 2u, 3u}) {
    SignedViewChange change;
    change.signer = static_cast<std::uint32_t>(node);
    change.content = ViewChangeContent{Epoch{}, View(1), base, std::nullopt};
    change.signature = c.nodes[node].signer->sign(view_change_digest(c.chain, change.content));
    begun.proof.changes.push_back(change);
  }
  ASSERT_EQ(c.set.leader(View(1), Height(1)), 1u);
  ASSERT_EQ(c.set.leader(View(1), base.next()), 2u);
  c.deliver(1, 2, begun);
  ASSERT_EQ(c.status(1).view, View(1));
  c.submit(1, c.bundle(1));
  c.pass(200);
  EXPECT_TRUE(c.sent<Proposal>(1).empty());
  EXPECT_TRUE(c.nodes[2].drops.empty());
}

TEST(ViewChange, C6_1_VotesOfAViewThatWasLeftAreNotRepeated) {
  Cluster c;
  c.start();
  // All lock the block in view 0, nobody learns it, and view 1 gets no further than its proposal.
  c.link = [](std::size_t, std::size_t, const Message& m) {
    const auto* vote = std::get_if<Vote>(&m);
    if (vote == nullptr) return true;
    return vote->content.kind == VoteKind::kPrepare && vote->content.view == View{};
  };
  c.submit(0, c.bundle(1));
  c.settle();
  c.pass(4'000);
  for (std::size_t i = 0; i < c.nodes.size(); ++i) {
    ASSERT_FALSE(c.votes(i, VoteKind::kCommit).empty());
    bool asked = false;
    for (const auto& message : c.nodes[i].sent) {
      asked = asked || std::holds_alternative<ViewChange>(*message);
      const auto* vote = std::get_if<Vote>(message.get());
      EXPECT_FALSE(asked && vote != nullptr && vote->content.kind != VoteKind::kExec &&
                   vote->content.view == View{})
          << "validator " << i;
    }
    EXPECT_TRUE(asked);
  }
}

TEST(ViewChange, C6_2_DeadLeaderIsReplacedAndTheBundleIsOrdered) {
  Cluster c;
  c.start();
  c.crash(0);
  c.submit(1, c.bundle(1));
  c.settle();
  c.pass(4'000);
  for (const std::size_t i : {1u, 2u, 3u}) {
    EXPECT_EQ(c.status(i).certified, Height(1));
    EXPECT_EQ(c.status(i).view, View(1));
  }
  c.submit(2, c.bundle(2));
  c.settle();
  EXPECT_EQ(c.committed(3), Height(2));  // at once, without another view change
}

// One base timeout, without the patience that a leader deserves that is merely busy.
TEST(ViewChange, C6_2_ALeaderWhoseStreamEndedGetsNoPatience) {
  Cluster c;
  c.start();
  c.order(1);
  c.crash(0);
  for (const std::size_t i : {1u, 2u, 3u}) c.step(i, PeerGone{c.key(0)});
  c.submit(1, c.bundle(2));
  c.settle();
  c.pass(Cluster::default_parameters().base_timeout_ms - 50);
  EXPECT_EQ(c.status(1).view, View{});
  c.pass(100);
  EXPECT_EQ(c.status(1).view, View(1));
  EXPECT_EQ(c.committed(1), Height(2));
}

TEST(ViewChange, C6_2_ALeaderThatIsHeardAgainIsNotGone) {
  Cluster c;
  c.start();
  for (const std::size_t i : {1u, 2u, 3u}) c.step(i, PeerGone{c.key(0)});
  c.order(1);  // its proposal comes
  // From now on the leader does not hear of bundles.
  c.link = [](std::size_t, std::size_t to, const Message& m) {
    return !std::holds_alternative<BundleGossip>(m) || to != 0;
  };
  c.submit(1, c.bundle(2));
  c.settle();
  c.pass(Cluster::default_parameters().base_timeout_ms + 50);
  EXPECT_EQ(c.status(1).view, View{});
  EXPECT_TRUE(c.sent<ViewChange>(1).empty());
}

TEST(ViewChange, C6_2_NoWorkNoViewChange) {
  Cluster c;
  c.start();
  c.crash(0);
  c.pass(20'000);
  EXPECT_EQ(c.status(1).view, View{});
  EXPECT_TRUE(c.sent<ViewChange>(1).empty());
}

TEST(ViewChange, C6_2_LaggingExecutionIsNoReason) {
  Cluster c;
  c.start();
  for (Node& n : c.nodes) n.executor_held = true;
  for (std::uint8_t i = 1; i <= 20; ++i) c.order(i);
  c.pass(20'000);
  EXPECT_EQ(c.committed(0), Height(8));  // W ahead of execution, no more
  EXPECT_EQ(c.status(0).view, View{});
  EXPECT_EQ(c.status(0).phase, StatusReport::Phase::kWaitResult);
  for (std::size_t i = 0; i < 4; ++i) c.release_executor(i);
  c.settle();
  c.pass(1'000);
  EXPECT_EQ(c.status(0).mempool_bundles, 0u);
  EXPECT_EQ(c.status(0).view, View{});
}

TEST(ViewChange, C6_2_TimeoutsGrowAndAreCapped) {
  Cluster c(7);
  c.start();
  c.crash(0);
  c.crash(1);
  c.submit(2, c.bundle(1));
  c.settle();
  c.pass(1'050);
  EXPECT_EQ(c.status(2).timeout_ms, 1'000u);
  c.pass(1'200);
  EXPECT_EQ(c.status(2).timeout_ms, 1'500u);
  // No view begins: new views and proposals are lost from now on.
  c.link = [](std::size_t, std::size_t, const Message& m) {
    return !std::holds_alternative<Proposal>(m) && !std::holds_alternative<NewView>(m);
  };
  c.pass(60'000);
  EXPECT_EQ(c.status(2).timeout_ms, 4'000u);
  c.link = nullptr;
  c.pass(20'000);
  EXPECT_EQ(c.status(2).certified, Height(1));
  EXPECT_EQ(c.status(2).timeout_ms, 1'000u);  // reset by the decision
}

TEST(ViewChange, C6_2_WithheldBundleMovesTheLeader) {
  Parameters p = Cluster::default_parameters();
  Cluster c(4, p);
  c.start();
  // The leader's mempool never sees bundle 99: whoever sends it to node 0 is not heard.
  const Bytes withheld = c.bundle(99)->raw();
  c.link = [&](std::size_t, std::size_t to, const Message& m) {
    const auto* gossip = std::get_if<BundleGossip>(&m);
    return gossip == nullptr || to != 0 || gossip->raw != withheld;
  };
  c.submit(1, c.bundle(99));
  for (std::uint8_t i = 1; i <= 60; ++i) {
    c.order(i);
    c.pass(100);
  }
  EXPECT_GE(c.status(1).view, View(1));
  EXPECT_FALSE(c.nodes[1].replica->knows_bundle(c.bundle(99)->hash()));
  EXPECT_EQ(c.status(1).mempool_bundles, 0u);
}

TEST(ViewChange, C6_1_NoVoteBelowTheViewAskedFor) {
  Cluster c;
  c.start();
  for (const std::size_t from : {1u, 3u}) c.deliver(2, from, asks_for(c, from, View(1)));
  ASSERT_EQ(c.sent<ViewChange>(2).size(), 1u);  // followed f + 1 others
  c.deliver(2, 0, c.first_proposal(0, View{}, {c.bundle(1)}));
  EXPECT_TRUE(c.votes(2, VoteKind::kPrepare).empty());
  EXPECT_EQ(c.status(2).phase, StatusReport::Phase::kViewChange);
}

TEST(ViewChange, C6_1_RejectedWholeWithAnInvalidPart) {
  Cluster c;
  c.start();
  Hash32 block;
  block.bytes.fill(9);
  Certificate lock = c.certificate(VoteKind::kPrepare, View{}, Height(1), block);
  lock.signatures[1].bytes[3] ^= 1;
  c.deliver(1, 2, asks_for(c, 2, View(1), lock));
  c.deliver(1, 3, asks_for(c, 3, View(1)));
  EXPECT_TRUE(c.sent<ViewChange>(1).empty());  // one valid request is not f + 1
  EXPECT_EQ(c.nodes[1].drops.size(), 1u);
  ViewChange unsigned_change = asks_for(c, 2, View(1));
  unsigned_change.change.content.view = View(2);
  c.deliver(1, 2, unsigned_change);
  ViewChange no_certificate = asks_for(c, 2, View(3));
  no_certificate.change.content.last = Height(4);
  no_certificate.change.signature =
      c.nodes[2].signer->sign(view_change_digest(c.chain, no_certificate.change.content));
  c.deliver(1, 2, no_certificate);
  EXPECT_EQ(c.nodes[1].drops.size(), 3u);
  EXPECT_TRUE(c.sent<ViewChange>(1).empty());
}

TEST(ViewChange, C6_4_OneLiarWithAHugeViewMovesNobody) {
  Cluster c;
  c.start();
  c.deliver(1, 3, asks_for(c, 3, View(1'000'000)));
  c.pass(5'000);
  EXPECT_TRUE(c.sent<ViewChange>(1).empty());
  c.deliver(1, 2, asks_for(c, 2, View(7)));
  ASSERT_EQ(c.sent<ViewChange>(1).size(), 1u);
  EXPECT_EQ(c.sent<ViewChange>(1)[0].change.content.view, View(7));  // the second highest
}

TEST(ViewChange, C6_3_AnIsolatedNodeAsksForOneViewOnly) {
  Cluster c;
  c.start();
  c.link = [](std::size_t from, std::size_t to, const Message&) { return from != 3 && to != 3; };
  c.submit(3, c.bundle(1));
  c.pass(30'000);
  std::set<View> asked;
  for (const ViewChange& change : c.sent<ViewChange>(3)) asked.insert(change.change.content.view);
  EXPECT_EQ(asked, std::set<View>{View(1)});
  EXPECT_GT(c.sent<ViewChange>(3).size(), 10u);  // repeated, the same bytes
  EXPECT_EQ(c.sent<ViewChange>(3).front(), c.sent<ViewChange>(3).back());
  c.link = nullptr;
  c.pass(3'000);
  EXPECT_EQ(c.status(3).certified, Height(1));
}

TEST(ViewChange, C6_6_TheLockedBlockIsProposedAgainByteForByte) {
  Cluster c;
  c.start();
  // Commits are lost, and node 1, who leads next, never sees the proposal.
  c.link = [](std::size_t, std::size_t to, const Message& m) {
    const auto* vote = std::get_if<Vote>(&m);
    return (vote == nullptr || vote->content.kind != VoteKind::kCommit) &&
           !(to == 1 && std::holds_alternative<Proposal>(m));
  };
  c.order(1);
  ASSERT_TRUE(c.record(2).lock && c.record(3).lock);
  const Hash32 locked = c.record(2).lock->content.hash;
  c.crash(0);
  c.link = [](std::size_t, std::size_t to, const Message& m) {
    const auto* proposal = std::get_if<Proposal>(&m);
    return !(to == 1 && proposal != nullptr && proposal->view == View{});
  };
  c.submit(1, c.bundle(2));
  c.pass(3'000);
  ASSERT_FALSE(c.sent<FetchBody>(1).empty());
  for (const std::size_t i : {1u, 2u, 3u}) {
    ASSERT_GE(c.status(i).certified, Height(1));
    const auto& first = c.nodes[i].disk.ledger.at(Height(1));
    EXPECT_EQ(first.block->hash, locked);
    EXPECT_EQ(first.block->header.view, View{});
    EXPECT_EQ(first.commit.content.view, View(1));
  }
}

TEST(ViewChange, C6_6_ProposalWithoutOrAgainstItsProofGetsNoVote) {
  Cluster c;
  c.start();
  const Hash32 locked = block_hash(c.first_proposal(0, View{}, {c.bundle(1)}).header);
  const Certificate lock = c.certificate(VoteKind::kPrepare, View{}, Height(1), locked);
  Proposal p = c.first_proposal(1, View(1), {c.bundle(2)});
  c.deliver(2, 1, p);  // no proof
  p.new_view = NewViewProof{{asks_for(c, 0, View(1)).change, asks_for(c, 1, View(1), lock).change},
                            std::nullopt};
  c.deliver(2, 1, p);  // q - 1
  p.new_view->changes.push_back(asks_for(c, 1, View(1), lock).change);
  c.deliver(2, 1, p);  // the same signer twice
  p.new_view->changes[2] = asks_for(c, 3, View(2)).change;
  c.deliver(2, 1, p);  // another view
  p.new_view->changes[2] = asks_for(c, 3, View(1)).change;
  c.deliver(2, 1, p);  // ignores the lock
  p.new_view->lock = lock;
  c.deliver(2, 1, p);  // shows the lock, proposes something else
  EXPECT_TRUE(c.votes(2, VoteKind::kPrepare).empty());
  EXPECT_EQ(c.nodes[2].drops.size(), 6u);
  Proposal right = c.first_proposal(0, View{}, {c.bundle(1)});
  right.view = View(1);
  right.new_view = p.new_view;
  c.sign(right, 1);
  c.deliver(2, 1, right);
  ASSERT_EQ(c.votes(2, VoteKind::kPrepare).size(), 1u);
  EXPECT_EQ(c.votes(2, VoteKind::kPrepare)[0].content.hash, locked);
  EXPECT_EQ(c.votes(2, VoteKind::kPrepare)[0].content.view, View(1));
}

// Five of seven decide in view 1; who heard of no view change follows their decision into it, and
// signs nothing below it any more.
TEST(ViewChange, C6_7_ADecisionLeadsIntoItsViewAndNothingBack) {
  Cluster c(7);
  c.start();
  const Proposal old = c.first_proposal(0, View{}, {c.bundle(9)});
  c.crash(0);
  c.link = [](std::size_t from, std::size_t to, const Message& m) {
    if (from == 6) return std::holds_alternative<FetchBody>(m);
    return to != 6 || std::holds_alternative<Vote>(m) || std::holds_alternative<BlockReply>(m);
  };
  c.submit(1, c.bundle(1));
  c.pass(3'000);
  ASSERT_EQ(c.committed(1), Height(1));
  ASSERT_EQ(c.status(1).view, View(1));
  EXPECT_EQ(c.committed(6), Height(1));
  EXPECT_EQ(c.status(6).view, View(1));
  Proposal late = old;
  const auto& head = c.nodes[1].disk.ledger.at(Height(1));
  late.header.height = Height(2);
  late.header.parent = head.block->hash;
  late.header.time = TimeMs(head.block->header.time.value + 1);
  late.parent = head.commit;
  c.sign(late, 0);
  c.deliver(6, 0, late);
  EXPECT_EQ(c.status(6).view, View(1));
  for (const Vote& vote : c.votes(6, VoteKind::kPrepare)) EXPECT_NE(vote.content.height, Height(2));
}

TEST(ViewChange, C6_5_NewViewAloneBeginsTheView) {
  Cluster c;
  c.start();
  NewView begun{{{asks_for(c, 0, View(2)).change, asks_for(c, 1, View(2)).change,
                  asks_for(c, 3, View(2)).change},
                 std::nullopt},
                std::nullopt};
  NewView weak = begun;
  weak.proof.changes.pop_back();
  c.deliver(2, 3, weak);
  EXPECT_EQ(c.status(2).view, View{});
  c.deliver(2, 3, begun);  // passed on by a node that is not the leader
  EXPECT_EQ(c.status(2).view, View(2));
  EXPECT_EQ(c.status(2).leader, 2u);
}

}  // namespace
}  // namespace usance::consensus
