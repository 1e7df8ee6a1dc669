#include "tools/usance/call_words.h"

#include <gtest/gtest.h>

namespace usance::cli {
namespace {

using Words = std::vector<std::string>;

TEST(CallWords, AreSplitIntoContractMethodAndFlags) {
  Context context;
  const auto call = split_call_words(context, {"deposit", "Transfer", "--amount", "USD:1.00"});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->contract, "deposit");
  EXPECT_EQ(call->method, "Transfer");
  EXPECT_EQ(call->flags, (Words{"--amount", "USD:1.00"}));
  EXPECT_FALSE(call->help);
}

TEST(CallWords, GlobalFlagsMayStandAnywhere) {
  Context context;
  const auto call =
      split_call_words(context, {"--home", "/net", "deposit", "-p", "roaster.clerk", "Transfer",
                                 "--to", "x", "--output=json", "--gas-limit", "5", "--dry-run"});
  ASSERT_TRUE(call);
  EXPECT_EQ(context.home, "/net");
  EXPECT_EQ(context.profile, "roaster.clerk");
  EXPECT_TRUE(context.json());
  EXPECT_EQ(call->gas_limit, 5u);
  EXPECT_TRUE(call->dry_run);
  EXPECT_EQ(call->flags, (Words{"--to", "x"}));
}

TEST(CallWords, AValueMayBeNegative) {
  Context context;
  const auto call = split_call_words(context, {"c", "M", "--offset", "-5", "--urgent", "--n", "1"});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->flags, (Words{"--offset", "-5", "--urgent", "--n", "1"}));
}

TEST(CallWords, HelpIsAboutWhatStandsBefore) {
  Context context;
  EXPECT_TRUE(split_call_words(context, {"deposit", "--help"})->help);
  EXPECT_TRUE(split_call_words(context, {"deposit", "Transfer", "-h"})->help);
}

TEST(CallWords, MistakesAreUsageErrors) {
  for (const Words& words : {Words{}, Words{"c", "M", "--gas-limit", "much"},
                             Words{"c", "M", "--home"}, Words{"c", "M", "--output", "xml"}}) {
    Context context;
    const auto call = split_call_words(context, words);
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().exit, ExitCode::kUsage);
  }
}

}  // namespace
}  // namespace usance::cli
