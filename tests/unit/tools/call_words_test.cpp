#include "tools/usance/call_words.h"

#include <gtest/gtest.h>

namespace usance::cli {
namespace {

using Words = std::vector<std::string>;

TEST(CallWords, AreSplitIntoContractMethodAndFlags) {
  Context context;
  const auto call =
      split_call_words(context, {"deposit", "Transfer", "--amount", "USD:1.00"}, kCallFlags);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->contract, "deposit");
  EXPECT_EQ(call->method, "Transfer");
  EXPECT_EQ(call->flags, (Words{"--amount", "USD:1.00"}));
  EXPECT_FALSE(call->help);
}

TEST(CallWords, GlobalFlagsMayStandAnywhere) {
  Context context;
  const auto call =
      split_call_words(context,
                       {"--home", "/net", "deposit", "-p", "roaster.clerk", "Transfer", "--to", "x",
                        "--output=json", "--gas-limit", "5", "--dry-run"},
                       kCallFlags);
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
  const auto call =
      split_call_words(context, {"c", "M", "--offset", "-5", "--urgent", "--n", "1"}, kCallFlags);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->flags, (Words{"--offset", "-5", "--urgent", "--n", "1"}));
}

TEST(CallWords, HelpIsAboutWhatStandsBefore) {
  Context context;
  EXPECT_TRUE(split_call_words(context, {"deposit", "--help"}, kCallFlags)->help);
  EXPECT_TRUE(split_call_words(context, {"deposit", "Transfer", "-h"}, kCallFlags)->help);
}

TEST(CallWords, HelpNeedsNoContract) {
  Context context;
  const auto call = split_call_words(context, {"--help"}, kCallFlags);
  ASSERT_TRUE(call);
  EXPECT_TRUE(call->help);
  EXPECT_EQ(call->contract, "");
}

TEST(CallWords, FlagsOfOtherVerbsAreNotSwallowed) {
  Context context;
  const auto call = split_call_words(context, {"c", "M", "--height", "3"}, kCallFlags);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->height, 0u);
  EXPECT_EQ(call->flags, (Words{"--height", "3"}));
  const auto view = split_call_words(
      context, {"c", "V", "--simulate", "--gas-limit=5", "--height", "3"}, kViewFlags);
  ASSERT_TRUE(view);
  EXPECT_FALSE(view->dry_run);
  EXPECT_EQ(view->gas_limit, 0u);
  EXPECT_EQ(view->height, 3u);
  EXPECT_EQ(view->flags, (Words{"--simulate", "--gas-limit=5"}));
  const auto trace =
      split_call_words(context, {"c", "M", "--gas-limit", "5", "--dry-run"}, kTraceFlags);
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->gas_limit, 5u);
  EXPECT_EQ(trace->flags, (Words{"--dry-run"}));
}

TEST(CallWords, HeightsBeginAtOne) {
  for (const char* height : {"0", "-1", "x", ""}) {
    Context context;
    EXPECT_FALSE(split_call_words(context, {"c", "V", "--height", height}, kViewFlags)) << height;
  }
}

TEST(CallWords, MistakesAreUsageErrors) {
  for (const Words& words :
       {Words{}, Words{"c", "M", "--gas-limit", "much"}, Words{"c", "M", "--home"},
        Words{"c", "M", "--gas-limit", "0"}, Words{"c", "M", "--output", "xml"}}) {
    Context context;
    const auto call = split_call_words(context, words, kCallFlags);
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().exit, ExitCode::kUsage);
  }
}

}  // namespace
}  // namespace usance::cli
