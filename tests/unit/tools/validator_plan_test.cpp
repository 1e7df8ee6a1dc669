#include "tools/usance/validator_plan.h"

#include <gtest/gtest.h>

namespace usance::cli {
namespace {

std::vector<PlannedMember> members(const std::vector<bool>& online) {
  std::vector<PlannedMember> out;
  for (std::uint32_t i = 0; i < online.size(); ++i)
    out.push_back(
        {i + 1, "node-" + std::to_string(i + 1), OrgId("org-" + std::to_string(i + 1)), online[i]});
  return out;
}
PlannedMember fifth(bool online) {
  return {5, "node-5", OrgId("org-5"), online};
}

TEST(ValidatorPlan, SaysWhatAnAdditionDoes) {
  const auto plan = plan_change(SetChange::kAdd, fifth(true), members({true, true, true, true}));
  EXPECT_EQ(plan.refusal, "");
  EXPECT_EQ(plan.now.q, 3u);
  EXPECT_EQ(plan.then.n, 5u);
  EXPECT_EQ(plan.then.f, 1u);
  EXPECT_EQ(plan.then.q, 4u);
  EXPECT_EQ(plan.then.online, 5u);
  EXPECT_TRUE(plan.warnings.empty());
}

TEST(ValidatorPlan, RefusesACandidateThatIsNotThere) {
  const auto plan = plan_change(SetChange::kAdd, fifth(false), members({true, true, true, true}));
  EXPECT_NE(plan.refusal.find("node-5 is not online"), std::string::npos);
}

// Four of which one is away still decide; the quorum of five is four, and all four would be needed.
TEST(ValidatorPlan, WarnsWhenNobodyMoreMayFail) {
  const auto plan = plan_change(SetChange::kAdd, fifth(true), members({true, true, true, false}));
  EXPECT_EQ(plan.refusal, "");
  ASSERT_EQ(plan.warnings.size(), 1u);
}

TEST(ValidatorPlan, RefusesWhatThoseOnlineCouldNotSurvive) {
  // Seven with five online have their quorum of five; without one of the five the six need four,
  // and four are there; without another of them five need four, and three are there.
  const auto six = plan_change(SetChange::kRemove, members({true})[0],
                               members({true, true, true, true, true, false, false}));
  EXPECT_EQ(six.refusal, "");
  EXPECT_EQ(six.then.q, 4u);
  const auto five = plan_change(SetChange::kRemove, members({true})[0],
                                members({true, true, true, true, false, false}));
  EXPECT_NE(five.refusal.find("would stop"), std::string::npos);
  EXPECT_EQ(five.then.online, 3u);
  // To remove one that is away is what helps.
  const auto away = plan_change(SetChange::kRemove, {6, "node-6", OrgId("org-6"), false},
                                members({true, true, true, true, false, false}));
  EXPECT_EQ(away.refusal, "");
}

TEST(ValidatorPlan, RefusesWhereNothingCanBeDecidedOrTheSetIsTooSmall) {
  const auto stuck = plan_change(SetChange::kAdd, fifth(true), members({true, true, false, false}));
  EXPECT_NE(stuck.refusal.find("nothing can be decided"), std::string::npos);
  const auto small =
      plan_change(SetChange::kRemove, members({true})[0], members({true, true, true, true}));
  EXPECT_NE(small.refusal.find("fewer than 4"), std::string::npos);
  PlannedMember same = fifth(true);
  same.org = OrgId("org-1");
  const auto seats = plan_change(SetChange::kAdd, same, members({true, true, true, true}));
  EXPECT_NE(seats.refusal.find("org-1 would hold 2"), std::string::npos);
}

TEST(ValidatorPlan, AKeyIsReplacedWithinTheSet) {
  const auto plan = plan_change(SetChange::kRotate, {2, "node-2", OrgId("org-2"), true},
                                members({true, false, true, true}));
  EXPECT_EQ(plan.refusal, "");
  EXPECT_EQ(plan.then.n, 4u);
  EXPECT_EQ(plan.then.online, 4u);
}

}  // namespace
}  // namespace usance::cli
