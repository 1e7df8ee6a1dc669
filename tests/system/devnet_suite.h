// Suites of tests that share one development network, driven by the command line.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "command_line.h"

namespace usance::test {

class DevnetSuite : public testing::Test {
 protected:
  // From SetUpTestSuite: a network that serves.
  static void begin() {
    folder = new Folder;
    home = (*folder / "net").string();
    const Said up = run("usance", {"devnet", "up", "--home", home});
    ASSERT_EQ(up.exit, 0) << up;
    EXPECT_TRUE(up.mentions("Next:")) << up;
  }
  static void TearDownTestSuite() {
    const Said down = run("usance", {"devnet", "down", "--home", home, "--delete", "--yes"});
    EXPECT_EQ(down.exit, 0) << down;
    EXPECT_FALSE(std::filesystem::exists(home));
    delete folder;
  }
  // A command by a user of the network: "harbour-bank.maker".
  static Said as(const std::string& profile, std::vector<std::string> words) {
    words.insert(words.begin(), {"--home", home, "--profile", profile, "--timeout", "60s"});
    return run("usance", words);
  }

  static inline Folder* folder = nullptr;
  static inline std::string home;
};

}  // namespace usance::test
