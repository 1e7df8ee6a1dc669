#include "node/rate_limit.h"

#include <gtest/gtest.h>

namespace usance::node {
namespace {

using std::chrono::milliseconds;

const OrgId kBank("bank");
const OrgId kCarrier("carrier");

class RateLimitTest : public testing::Test {
 protected:
  int taken(RateLimit& limit, const OrgId& org, int tries) {
    int out = 0;
    for (int i = 0; i < tries; ++i) out += limit.take(org, 1, now_) ? 0 : 1;
    return out;
  }
  RateLimit::Clock::time_point now_ = RateLimit::Clock::now();
};

TEST_F(RateLimitTest, AllowsABurstAndThenTheRate) {
  RateLimit limit(10);
  EXPECT_EQ(taken(limit, kBank, 50), 20);
  now_ += milliseconds(1'000);
  EXPECT_EQ(taken(limit, kBank, 50), 10);
  now_ += std::chrono::hours(1);
  EXPECT_EQ(taken(limit, kBank, 50), 20) << "no more is saved up";
}

TEST_F(RateLimitTest, SaysWhenToComeBack) {
  RateLimit limit(10);
  EXPECT_EQ(taken(limit, kBank, 20), 20);
  const auto wait = limit.take(kBank, 1, now_);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, milliseconds(100));
  now_ += *wait;
  EXPECT_FALSE(limit.take(kBank, 1, now_));
}

TEST_F(RateLimitTest, OneOrganisationDoesNotSlowAnother) {
  RateLimit limit(10);
  EXPECT_EQ(taken(limit, kBank, 100), 20);
  EXPECT_EQ(taken(limit, kCarrier, 100), 20);
}

TEST_F(RateLimitTest, ALargeRequestIsServedAndPaidOff) {
  RateLimit limit(10);
  EXPECT_FALSE(limit.take(kBank, 1'000, now_));
  const auto wait = limit.take(kBank, 1, now_);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, milliseconds(98'100));
}

TEST_F(RateLimitTest, NoLimitAndAChangedOne) {
  RateLimit limit(0);
  EXPECT_EQ(taken(limit, kBank, 1'000), 1'000);
  limit.set(5);
  EXPECT_EQ(taken(limit, kBank, 1'000), 10);
}

}  // namespace
}  // namespace usance::node
