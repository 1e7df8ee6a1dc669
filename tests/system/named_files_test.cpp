// Every program that is given a file's name may be given that of a folder, of nothing, of a
// terabyte: it says so and ends with the exit code for a wrong command line, and never by a signal.
#include <fstream>

#include <gtest/gtest.h>

#include "command_line.h"

namespace usance::test {
namespace {

using Words = std::vector<std::string>;

struct Case {
  const char* program;
  Words words;
  int exit = 2;
};

class NamedFiles : public testing::Test {
 protected:
  NamedFiles() {
    std::filesystem::create_directory(folder / "dir");
    std::ofstream(folder / "vast") << "x";
    std::filesystem::resize_file(folder / "vast", std::uintmax_t{1} << 40);
    std::ofstream(folder / "text") << "hello\n";
    EXPECT_EQ(run("usance", {"node", "init", "--home", member, "--network", "n", "--org", "bank-a",
                             "--country", "DE", "--role", "bank", "--peer-address", "h:7100"})
                  .exit,
              0);
  }
  std::string at(const char* name) const { return (folder / name).string(); }

  Folder folder;
  std::string member = (folder / "member").string();
};

TEST_F(NamedFiles, NoneEndsAProgramByASignal) {
  const std::string genesis = at("text");
  for (const std::string& bad : {at("dir"), at("vast"), at("missing"), std::string("/dev/zero")}) {
    const std::vector<Case> cases = {
        {"usance-verify", {bad, "--genesis", genesis}},
        {"usance-verify", {genesis, "--genesis", bad}},
        {"usance", {"audit", "verify", genesis, "--genesis", bad}},
        {"usance", {"contract", "inspect", bad}},
        {"usance", {"--home", member, "contract", "deploy", "--name", "x", bad}},
        {"usance", {"genesis", "show", bad}},
        {"usance", {"genesis", "assemble", bad, "--out", at("never.json")}},
        {"usance", {"node", "join", "--home", member, "--genesis", bad}},
        {"usance", {"keys", "show", bad}},
        {"usance", {"invoice", "read", bad}},
        {"usance", {"oracle", "readings", bad}},
        {"usance", {"lc", "import", bad}},
        {"usance-wasm", {"inspect", bad}, 1},
        {"usanced", {"--config", bad}},
        {"usanced", {"--validate", "--config", member + "/node.toml", "--node-genesis", bad}},
        {"usance-sim", {"--seed-file", bad}},
    };
    for (const Case& one : cases) {
      const Said said = run(one.program, one.words);
      EXPECT_EQ(said.exit, one.exit) << one.program << " " << bad << "\n" << said;
      EXPECT_TRUE(said.mentions(bad)) << one.program << " " << said;
    }
  }
}

TEST_F(NamedFiles, ASecretThatOthersCanReadIsTheCallersMistake) {
  const std::string key = member + "/keys/governance.key";
  std::filesystem::permissions(key, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const Said said = run("usance", {"keys", "show", key});
  EXPECT_EQ(said.exit, 2) << said;
  EXPECT_TRUE(said.mentions("chmod 600")) << said;
}

TEST_F(NamedFiles, NoKingEntersTheGenesis) {
  const Words init = {"node",  "init", "--home",    at("king"), "--network", "n",
                      "--org", "k",    "--country", "DE",       "--no-node"};
  const auto with = [&](const Words& more) {
    Words words = init;
    words.insert(words.end(), more.begin(), more.end());
    return run("usance", words);
  };
  const Said king = with({"--role", "king"});
  EXPECT_EQ(king.exit, 2) << king;
  EXPECT_TRUE(king.mentions("there is no role 'king'")) << king;
  const Said maker = with({"--role", "bank", "--user", "anna:makr"});
  EXPECT_EQ(maker.exit, 2) << maker;
  EXPECT_TRUE(maker.mentions("did you mean 'maker'")) << maker;
  EXPECT_FALSE(std::filesystem::exists(at("king")));
}

TEST_F(NamedFiles, AMembersFileIsShownAndAGenesisNotSilentlyReplaced) {
  const Said written = run("usance", {"genesis", "member", "--home", member});
  ASSERT_EQ(written.exit, 0) << written;
  const Said shown = run("usance", {"genesis", "show", member + "/bank-a.member.json"});
  EXPECT_EQ(shown.exit, 0) << shown;
  EXPECT_TRUE(shown.mentions("bank-a-1 at h:7100")) << shown;
  Words assemble = {"genesis", "assemble", "--out", at("text")};
  for (const char* org : {"b", "c", "d", "e"}) {
    const std::string home = at(org);
    ASSERT_EQ(run("usance", {"node", "init", "--home", home, "--network", "n", "--org", org,
                             "--country", "DE", "--role", "bank", "--peer-address", "h:7100"})
                  .exit,
              0);
    ASSERT_EQ(run("usance", {"genesis", "member", "--home", home}).exit, 0);
    assemble.push_back(home + "/" + org + ".member.json");
  }
  const Said refused = run("usance", assemble);
  EXPECT_EQ(refused.exit, 2) << refused;
  EXPECT_TRUE(refused.mentions("--force")) << refused;
  assemble.push_back("--force");
  EXPECT_EQ(run("usance", assemble).exit, 0);
  assemble.pop_back();
  EXPECT_EQ(run("usance", assemble).exit, 0) << "the same bytes again";

  const Said joined = run(
      "usance", {"node", "join", "--home", at("b"), "--genesis", at("text"), "--peer", "h:7101"});
  ASSERT_EQ(joined.exit, 0) << joined;
  const std::string config = at("b") + "/node.toml";
  const Said valid = run("usanced", {"--validate", "--config", config});
  EXPECT_EQ(valid.exit, 0) << valid;
  EXPECT_TRUE(valid.mentions(config + " is valid")) << valid;
  const Said before = run("usanced", {"--show-effective", "--config", config});
  ASSERT_EQ(run("usance", {"node", "join", "--home", at("b"), "--genesis", at("text")}).exit, 0);
  const Said after = run("usanced", {"--show-effective", "--config", config});
  EXPECT_TRUE(after.mentions("connect = [\"h:7101\"]")) << after;
  EXPECT_EQ(after.out, before.out);
}

// The newest reading of a file is no temperature when it is the door's.
TEST_F(NamedFiles, AReportIsOfOneQuantityOfOneObject) {
  const std::string events =
      (std::filesystem::path(USANCE_FIXTURES) / "documents/events/reefer.json").string();
  const Said mixed =
      run("usance", {"oracle", "report", events, "--feed", "f", "--round", "1", "--decimals", "1"});
  EXPECT_EQ(mixed.exit, 2) << mixed;
  EXPECT_TRUE(mixed.mentions("choose by --quantity")) << mixed;
}

TEST_F(NamedFiles, TheSimulatorRunsWhatTheFileSaysOrNothing) {
  const auto with = [&](const char* lines) {
    std::ofstream(folder / "seeds") << lines;
    return run("usance-sim", {"--seed-file", at("seeds")});
  };
  for (const char* bad :
       {"nonsense\n", "1 0 10\n", "1 4 0\n", "1 101 10\n", "1 4 10 9\n", "-1 4 5\n"}) {
    const Said said = with(bad);
    EXPECT_EQ(said.exit, 2) << bad << said;
    EXPECT_TRUE(said.mentions("seeds:1: expected SEED NODES HEIGHTS")) << said;
  }
  const Said nothing = with("# none\n");
  EXPECT_EQ(nothing.exit, 2) << nothing;
  const Said one = with("1 4 3  # a short one\n");
  EXPECT_EQ(one.exit, 0) << one;
  EXPECT_TRUE(one.mentions("1 passed, 0 failed")) << one;
  const Said help = run("usance-sim", {"--help"});
  EXPECT_EQ(help.exit, 0) << help;
  EXPECT_TRUE(help.mentions("--seed-file FILE")) << help;
}

}  // namespace
}  // namespace usance::test
