#include "tools/usance/completion.h"

#include <gtest/gtest.h>

#include "tools/usance/context.h"

namespace usance::cli {
namespace {

using Words = std::vector<std::string>;

class Completion : public testing::Test {
 protected:
  Completion() : app_("usance", "usance") {
    app_.add_option("-o,--output", output_)->check(CLI::IsMember({"text", "json"}));
    add_keys_commands(app_, context_);
    add_certificate_commands(app_, context_);
  }
  Words after(const Words& words) { return completions(app_, words); }

  Context context_;
  CLI::App app_;
  std::string output_;
};

TEST_F(Completion, OffersNounsThenVerbsThenFlags) {
  EXPECT_EQ(after({""}), (Words{"cert", "keys"}));
  EXPECT_EQ(after({"c"}), (Words{"cert"}));
  EXPECT_EQ(after({"cert", ""}), (Words{"renew", "status"}));
  EXPECT_EQ(after({"cert", "renew", "--u"}), (Words{"--user"}));
}

TEST_F(Completion, OffersTheFlagsOfTheCommandsAbove) {
  EXPECT_EQ(after({"cert", "renew", "--o"}), (Words{"--output"}));
}

TEST_F(Completion, AFlagsValueIsNoVerb) {
  EXPECT_EQ(after({"-o", ""}), (Words{"json", "text"}));
  EXPECT_EQ(after({"-o", "json", "k"}), (Words{"keys"}));
  EXPECT_EQ(after({"cert", "renew", "--user", ""}), Words{});
}

TEST_F(Completion, WhatNobodyKnowsOffersNothing) {
  EXPECT_EQ(after({"zebra"}), Words{});
  EXPECT_EQ(completion_script("tcsh"), "");
}

}  // namespace
}  // namespace usance::cli
