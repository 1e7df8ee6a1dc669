// A contract whose author means harm, on four real nodes: each attempt ends in a receipt, costs
// gas, and no node anything.
#include <fstream>

#include <gtest/gtest.h>

#include "devnet_suite.h"

namespace usance::test {
namespace {

class HostileContract : public DevnetSuite {
 protected:
  static void SetUpTestSuite() {
    begin();
    const Said deployed = as("harbour-bank.admin", {"contract", "deploy", module("puppet").string(),
                                                    "--approve-by", "nile-bank.admin"});
    ASSERT_EQ(deployed.exit, 0) << deployed;
  }
  static Said call(const std::string& method) {
    return as("harbour-bank.maker", {"call", "puppet", method, "-o", "json"});
  }
  // Everybody runs, and the network goes on.
  static void expect_health() {
    const nlohmann::json status =
        as("harbour-bank.admin", {"devnet", "status", "-o", "json"}).json();
    for (const auto& node : status["nodes"]) EXPECT_EQ(node["running"], node["validator"]) << node;
    const Said put = as("harbour-bank.maker",
                        {"call", "puppet", "Put", "--scope", "s", "--item", "i", "--value", "01"});
    EXPECT_EQ(put.exit, 0) << put;
  }
};

TEST_F(HostileContract, AnEndlessLoopRunsOutOfGas) {
  const Said said = call("Spin");
  EXPECT_EQ(said.exit, 5) << said;
  expect_health();
}

TEST_F(HostileContract, EndlessRecursionTraps) {
  const Said said = call("Recurse");
  EXPECT_EQ(said.exit, 4) << said;
  EXPECT_TRUE(said.mentions("CALL_DEPTH")) << said;
  expect_health();
}

TEST_F(HostileContract, MemoryGrowsToItsBoundOnly) {
  const Said said = call("GrowMemory");
  ASSERT_EQ(said.exit, 0) << said;
  EXPECT_LE(said.json()["result"]["pages"], 256) << said;  // 16 MiB
  expect_health();
}

TEST_F(HostileContract, AReadOutOfBoundsTraps) {
  const Said said = call("ReadOutOfBounds");
  EXPECT_EQ(said.exit, 4) << said;
  EXPECT_TRUE(said.mentions("MEMORY_OUT_OF_BOUNDS")) << said;
  expect_health();
}

TEST_F(HostileContract, FloatsAndGarbageAreNotDeployed) {
  const auto garbage = *folder / "garbage.wasm";
  std::ofstream(garbage) << "\x00not a module";
  const Said said = as("harbour-bank.admin", {"contract", "deploy", garbage.string()});
  EXPECT_EQ(said.exit, 2) << said;
  expect_health();
}

}  // namespace
}  // namespace usance::test
