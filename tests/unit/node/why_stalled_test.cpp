#include "node/services/why_stalled.h"

#include <gmock/gmock.h>

namespace usance::node {
namespace {

using Phase = consensus::StatusReport::Phase;
using testing::HasSubstr;
using testing::Not;

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

StallSigns disk_full() {
  StallSigns signs;
  signs.disk_full = true;
  return signs;
}

v1::WhyStalledResponse explain(consensus::StatusReport report, const StallSigns& signs = {}) {
  report.validators = {1, 2, 3, 4};
  v1::WhyStalledResponse out;
  explain_stall(report, four(), signs, out);
  return out;
}

TEST(WhyStalled, AnIdleNetworkIsNotStalled) {
  EXPECT_FALSE(explain({}).stalled());
}

TEST(WhyStalled, AFullDiskIsNamedBeforeEverythingElse) {
  consensus::StatusReport report;
  report.phase = Phase::kSyncing;
  const v1::WhyStalledResponse out = explain(report, disk_full());
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
  EXPECT_TRUE(out.summary().starts_with(
      "Too few validators are reachable for a quorum. Start: node-2, node-4."))
      << out.summary();
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

TEST(WhyStalled, AnIdleNetworkNamesWhoIsDownAndHowItKnows) {
  consensus::StatusReport report;
  report.silent = {3};
  StallSigns signs;
  signs.unconnected["node-4"] = "UNKNOWN: ipv4:127.0.0.1:1: Failed to connect: Connection refused";
  const auto down = explain(report, signs);
  EXPECT_FALSE(down.stalled());
  ASSERT_EQ(down.start_size(), 1);
  EXPECT_EQ(down.start(0), "node-4");
  EXPECT_THAT(down.summary(), HasSubstr("node-4: nothing listens at its address"));
  EXPECT_THAT(explain(report).summary(), HasSubstr("its process hangs, or the network loses"));
}

TEST(WhyStalled, WhoHasJustConnectedIsNotSaidToBeDownOrToHang) {
  consensus::StatusReport report;
  report.silent = {1, 2, 3};
  report.quorum_possible = false;
  StallSigns signs;
  signs.just_connected = {{"node-2", 40}, {"node-3", 70}};
  signs.unconnected["node-4"] = "Connection refused";
  const auto starting = explain(report, signs);
  EXPECT_THAT(starting.summary(), HasSubstr("node-2: connected 40 ms ago, and not heard yet"));
  EXPECT_THAT(starting.summary(), Not(HasSubstr("Too few")));
  EXPECT_THAT(starting.summary(), Not(HasSubstr("hangs")));
  ASSERT_EQ(starting.start_size(), 1);
  EXPECT_EQ(starting.start(0), "node-4");
  EXPECT_EQ(starting.silent_size(), 3);

  // Those alone that are not connected keep the quorum away: that is said at once.
  signs.just_connected.erase("node-3");
  signs.unconnected["node-3"] = "Connection refused";
  EXPECT_THAT(explain(report, signs).summary(),
              HasSubstr("Too few validators are reachable for a quorum. Start: node-3, node-4."));
}

TEST(WhyStalled, WhoRunsAndDoesNotVoteIsToldFromWhoIsDown) {
  consensus::StatusReport report;
  report.phase = Phase::kPreparing;
  report.missing = {1, 2};
  report.silent = {2};
  EXPECT_THAT(explain(report).summary(), HasSubstr("They run (node-2): ask them why"));
}

TEST(WhyStalled, LostVotesAndClocksAreNamedByTheNodeThatHasThem) {
  consensus::StatusReport report;
  report.amnesiac = true;
  EXPECT_THAT(explain(report).summary(), HasSubstr("usance validator rotate"));
  report.amnesiac = false;
  report.withheld = "the time is too far behind this node's clock";
  EXPECT_THAT(explain(report).summary(), HasSubstr("compare the nodes' clocks"));
}

TEST(WhyStalled, AnAddressWhereNobodyOfTheNetworkAnswersIsNamed) {
  StallSigns signs;
  signs.unanswered["10.0.0.7:7100"] = "another chain";
  EXPECT_THAT(explain({}, signs).summary(), Not(HasSubstr("10.0.0.7")))
      << "all nodes are connected";
  signs.unconnected["node-2"] = "";
  EXPECT_THAT(explain({}, signs).summary(), HasSubstr("10.0.0.7:7100 yet: another chain"));
}

TEST(WhyStalled, WhoFetchesASnapshotSaysThatAndNothingOfOthers) {
  StallSigns signs;
  signs.snapshot_pieces = 7;
  const v1::WhyStalledResponse out = explain({}, signs);
  EXPECT_TRUE(out.stalled());
  EXPECT_THAT(out.summary(), HasSubstr("7 pieces are here"));
  EXPECT_THAT(out.summary(), Not(HasSubstr("Start:")));
  EXPECT_EQ(why_not_serving({}, signs), "beginning with a snapshot");
}

TEST(WhyStalled, HealthIsServingOnlyWithoutAHaltAFullDiskOrALag) {
  consensus::StatusReport report;
  EXPECT_EQ(why_not_serving(report, {}), "");
  EXPECT_EQ(why_not_serving(report, disk_full()), "the disk is full");
  report.best_peer = Height(100);
  EXPECT_EQ(why_not_serving(report, {}), "catching up");
  report.halted = "another result";
  EXPECT_EQ(why_not_serving(report, {}), "halted: another result");
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
