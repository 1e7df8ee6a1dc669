// What the command line refuses, and says, about words that another verb or nobody understands.
#include "deposit_network.h"

namespace usance::test {
namespace {

class CarefulWords : public DepositNetwork {};

struct Case {
  Words words;
  int exit;
  const char* says;
};

// A flag that a verb leaves out of account is a question answered wrongly, or a payment made that
// was only to be tried.
TEST_F(CarefulWords, NoVerbIgnoresAFlag) {
  const Words pay = {"call", "deposit", "Transfer", "--from",  kRoaster,
                     "--to", kExporter, "--amount", "USD:1.00"};
  const Words look = {"query", "view", "deposit", "GetAccount", "--account", kRoaster};
  const auto with = [](Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  const std::uint64_t before = height();
  const std::vector<Case> cases = {
      {with(pay, {"--height", "3"}), 2, "Transfer has no flag --height"},
      {with(look, {"--simulate"}), 2, "GetAccount has no flag --simulate"},
      {with(look, {"--dry-run"}), 2, "GetAccount has no flag --dry-run"},
      {with(look, {"--gas-limit", "5"}), 2, "GetAccount has no flag --gas-limit"},
      {with(look, {"--height", "0"}), 2, "--height takes a whole number from 1 on"},
      {with(look, {"--height", "-1"}), 2, "--height takes a whole number from 1 on"},
      {{"contract", "trace", "deposit", "Transfer", "--simulate"}, 2, "no flag --simulate"},
      {{"contract", "trace", "--tx", std::string(64, '0'), "--height", "3"}, 2, "stands alone"},
      {{"contract", "upgrade", module("deposit").string(), "--height", "3"}, 2, "--rehearse"},
      {{"query", "history", "deposit", "x", "--height", "-1"}, 2, "from 1 on"},
      {{"query", "state", "deposit", "x", "--height", "0"}, 2, "from 1 on"},
      {{"audit", "history", "deposit", "x", "--height", "0"}, 2, "from 1 on"},
      {{"query", "objects", "deposit", "--limit", "-1"}, 2, "whole number"},
      {{"governance", "vote", "-1"}, 2, ""},
      {{"bench", "--rate", "-5"}, 2, "--rate takes"},
      {{"bench", "--rate", "nan"}, 2, "--rate takes"},
  };
  for (const Case& one : cases) {
    const Said said = as("roaster.clerk", one.words);
    EXPECT_EQ(said.exit, one.exit) << said;
    EXPECT_TRUE(said.mentions(one.says)) << said << "\nshould say: " << one.says;
    EXPECT_TRUE(said.err.starts_with("error: ")) << said;
  }
  EXPECT_EQ(height(), before);
}

TEST_F(CarefulWords, HelpNeedsNoContractAndNoNetwork) {
  for (const Words& words :
       {Words{"call", "--help"}, Words{"query", "view", "--help"}, Words{"contract", "call", "-h"},
        Words{"contract", "query", "--help"}, Words{"contract", "trace", "--help"}}) {
    const Said help = run("usance", words);
    EXPECT_EQ(help.exit, 0) << help;
    EXPECT_TRUE(help.mentions("METHOD --flag VALUE")) << help;
    EXPECT_TRUE(help.mentions(words[words.size() - 2] == "trace" ? "--tx ID" : "--help")) << help;
  }
  const Said traced = as("roaster.clerk", {"contract", "trace", "deposit", "Transfer", "--help"});
  EXPECT_EQ(traced.exit, 0) << traced;
  EXPECT_TRUE(traced.mentions("--amount")) << traced;
  const Said version = run("usance", {"--version"});
  EXPECT_EQ(version.exit, 0) << version;
  EXPECT_TRUE(version.out.starts_with("usance ")) << version;
}

TEST_F(CarefulWords, AContractThatDoesNotExistIsNotFound) {
  for (const char* verb : {"objects", "state", "history"}) {
    Words words = {"query", verb, "depsoit"};
    if (std::string_view(verb) != "objects") words.emplace_back("x");
    const Said said = as("roaster.clerk", words);
    EXPECT_EQ(said.exit, 7) << said;
    EXPECT_TRUE(said.mentions("did you mean 'deposit'")) << said;
  }
  const Said none = as("roaster.clerk", {"query", "objects", "deposit", "--prefix", "nothing"});
  EXPECT_EQ(none.exit, 0) << none;
}

}  // namespace
}  // namespace usance::test
