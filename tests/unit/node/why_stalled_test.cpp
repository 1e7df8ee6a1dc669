#include "node/services/why_stalled.h"

#include <gtest/gtest.h>

namespace usance::node {
namespace {

using Phase = consensus::StatusReport::Phase;

Directory four() {
  Directory directory;
  for (std::uint32_t i = 1; i <= 4; ++i) {
    KnownNode node;
    node.id = i;
    node.name = "node-" + std::to_string(i);
    node.validator = true;
    directory.nodes.push_back(node);
  }
  return directory;
}

v1::WhyStalledResponse explain(consensus::StatusReport report, bool disk_full = false) {
  report.validators = {1, 2, 3, 4};
  v1::WhyStalledResponse out;
  explain_stall(report, four(), disk_full, out);
  return out;
}

TEST(WhyStalled, AnIdleNetworkIsNotStalled) {
  EXPECT_FALSE(explain({}).stalled());
}

TEST(WhyStalled, AFullDiskIsNamedBeforeEverythingElse) {
  consensus::StatusReport report;
  report.phase = Phase::kSyncing;
  const v1::WhyStalledResponse out = explain(report, true);
  EXPECT_TRUE(out.stalled());
  EXPECT_NE(out.summary().find("disk is full"), std::string::npos);
}

TEST(WhyStalled, WithoutAQuorumItNamesTheNodesToStart) {
  consensus::StatusReport report;
  report.phase = Phase::kViewChange;
  report.silent = {1, 3};
  report.quorum_possible = false;
  const auto out = explain(report);
  EXPECT_TRUE(out.stalled());
  EXPECT_EQ(out.summary(), "Too few validators are reachable for a quorum. Start: node-2, node-4.");
  ASSERT_EQ(out.start_size(), 2);
  EXPECT_EQ(out.start(1), "node-4");
}

TEST(WhyStalled, NamesMissingVotesAndTheSilentLeader) {
  consensus::StatusReport report;
  report.phase = Phase::kCommitting;
  report.missing = {2};
  EXPECT_NE(explain(report).summary().find("node-3"), std::string::npos);
  report.phase = Phase::kWaitProposal;
  report.leader = 0;
  EXPECT_NE(explain(report).summary().find("node-1"), std::string::npos);
}

TEST(WhyStalled, AHaltedNodeSaysSoFirst) {
  consensus::StatusReport report;
  report.halted = "another result";
  report.quorum_possible = false;
  EXPECT_NE(explain(report).summary().find("another result"), std::string::npos);
}

TEST(WhyStalled, CatchingUpMeansBehindByMoreThanOrderingEverIs) {
  consensus::StatusReport report;
  report.executed = Height(10);
  report.best_peer = Height(26);
  EXPECT_FALSE(is_catching_up(report));
  report.best_peer = Height(27);
  EXPECT_TRUE(is_catching_up(report));
}

}  // namespace
}  // namespace usance::node
