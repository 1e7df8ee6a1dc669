// A member that comes after the genesis: proposed from its file, voted in, and its node catches up.
#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "command_line.h"

namespace usance::test {
namespace {

using Words = std::vector<std::string>;
using nlohmann::json;

class Admission : public testing::Test {
 protected:
  void SetUp() override {
    const Said up = run("usance", {"devnet", "up", "--home", net});
    ASSERT_EQ(up.exit, 0) << up;
    std::ifstream in(net + "/devnet.json");
    devnet = json::parse(in);
  }
  void TearDown() override {
    static_cast<void>(run("usance", {"devnet", "down", "--home", net, "--delete", "--yes"}));
  }
  Said as(const std::string& profile, Words words) const {
    const Words global = {"--home",    net,   "--profile", profile,
                          "--timeout", "60s", "--output",  "json"};
    words.insert(words.begin(), global.begin(), global.end());
    return run("usance", words);
  }
  Said admit() const {
    return as("harbour-bank.admin", {"governance", "admit", home + "/bank-z.member.json"});
  }
  // Until it is carried out.
  void vote_for(const std::string& proposal) const {
    for (const char* voter : {"nile-bank", "customs", "carrier", "auditor", "lake-bank", "exporter",
                              "roaster", "inspector", "oracle-1", "oracle-2", "oracle-3"}) {
      const Said voted = as(std::string(voter) + ".admin", {"governance", "vote", proposal});
      ASSERT_EQ(voted.exit, 0) << voted;
      if (voted.json().value("state", "") == "ACCEPTED") return;
    }
    FAIL() << "never accepted";
  }
  static std::string local(unsigned port) { return "127.0.0.1:" + std::to_string(port); }
  // The newcomer's other ports: the test's hosts are one machine.
  void configure(unsigned base) const {
    std::ifstream in(home + "/node.toml");
    std::string config{std::istreambuf_iterator<char>(in), {}};
    unsigned port = base;
    for (const char* standard : {"0.0.0.0:7200", "127.0.0.1:7300", "127.0.0.1:7400"}) {
      const std::size_t at = config.find(standard);
      ASSERT_NE(at, std::string::npos) << config;
      config.replace(at, std::string(standard).size(), local(++port));
    }
    std::ofstream(home + "/node.toml") << config;
  }
  // 0 while the node does not answer.
  static std::uint64_t height(const std::string& profile, const std::string& of) {
    const Said status =
        run("usance", {"--home", of, "--profile", profile, "--output", "json", "node", "status"});
    return status.exit == 0 ? status.json().value("certified_height", std::uint64_t{0}) : 0;
  }
  Words join(const Words& more) const {
    Words words = {"node", "join", "--home", home, "--genesis", net + "/genesis.json"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  Folder folder;
  std::string net = (folder / "net").string();
  std::string home = (folder / "bank-z").string();
  json devnet;
};

TEST_F(Admission, AMemberOfAFileIsVotedInAndItsNodeFollows) {
  const unsigned base = devnet["nodes"][0]["peers"].get<unsigned>() + 60;  // beyond the others'
  const Said made = run(
      "usance", {"node", "init", "--home", home, "--network", "devnet", "--development", "--org",
                 "bank-z", "--country", "DE", "--role", "bank", "--peer-address", local(base)});
  ASSERT_EQ(made.exit, 0) << made;
  ASSERT_EQ(run("usance", {"genesis", "member", "--home", home}).exit, 0);

  configure(base);
  const Words asked = {"--via", local(devnet["nodes"][1]["clients"])};
  Words named = asked;
  for (const json& node : devnet["nodes"])
    if (node["validator"]) named.insert(named.end(), {"--peer", local(node["peers"])});

  const Said unasked = run("usance", join({}));
  EXPECT_EQ(unasked.exit, 2) << unasked;
  EXPECT_TRUE(unasked.mentions("--via")) << unasked;
  const Said stranger = run("usance", join(asked));
  EXPECT_NE(stranger.exit, 0) << stranger;
  EXPECT_TRUE(stranger.mentions("governance admit")) << stranger;
  EXPECT_FALSE(std::filesystem::exists(home + "/genesis.json"));

  const Said organisation = admit();
  ASSERT_EQ(organisation.exit, 0) << organisation;
  EXPECT_EQ(organisation.json()["proposes"], "organisation");
  ASSERT_NO_FATAL_FAILURE(vote_for(organisation.json()["proposal"]));
  Said nodeless = run("usance", join(asked));
  for (int i = 0; i < 20 && nodeless.exit == 8; ++i) {  // its authority is not trusted at once
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    nodeless = run("usance", join(asked));
  }
  EXPECT_EQ(nodeless.exit, 7) << nodeless;
  EXPECT_TRUE(nodeless.mentions("bank-z's node")) << nodeless;
  const Said node = admit();
  ASSERT_EQ(node.exit, 0) << node;
  EXPECT_EQ(node.json()["proposes"], "node");
  ASSERT_NO_FATAL_FAILURE(vote_for(node.json()["proposal"]));
  EXPECT_EQ(admit().json()["admitted"], true);

  const Said joined = run("usance", join(named));
  ASSERT_EQ(joined.exit, 0) << joined;
  const Daemon daemon(home + "/node.toml");
  const std::uint64_t goal = height("harbour-bank.admin", net);
  std::uint64_t reached = 0;
  for (int i = 0; i < 300 && reached < goal; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    reached = height("bank-z.admin", home);
  }
  EXPECT_GE(reached, goal);
  const Said members =
      run("usance", {"--home", home, "--profile", "bank-z.admin", "governance", "members"});
  EXPECT_TRUE(members.mentions("bank-z")) << members;
}

}  // namespace
}  // namespace usance::test
