#include <gtest/gtest.h>

#include "tools/usance/customs_commands.h"

namespace usance::cli {
namespace {

using Names = std::vector<std::string>;

TEST(CaseRecipients, TheOwnAuthorityOpensItsCasesWhoeverElseMay) {
  EXPECT_EQ(case_recipients({}, "customs"), Names{"customs"});
  EXPECT_EQ(case_recipients({"port-customs"}, "customs"), (Names{"customs", "port-customs"}));
  EXPECT_EQ(case_recipients({"customs", "port-customs", "customs"}, "customs"),
            (Names{"customs", "port-customs"}));
}

}  // namespace
}  // namespace usance::cli
