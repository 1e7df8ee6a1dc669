#include "node/byte_budget.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace usance::node {
namespace {

using Budget = ByteBudget<std::string>;
constexpr std::size_t kKiB = 1'024;

TEST(ByteBudget, WhatWaitsCountsUntilItIsGone) {
  Budget budget(10 * kKiB);
  ByteCharge first = budget.take("bank", 5 * kKiB);
  ASSERT_TRUE(first);
  EXPECT_FALSE(budget.take("bank", 4 * kKiB)) << "with the overhead of each it is too much";
  const ByteCharge second = budget.take("bank", 3 * kKiB);
  EXPECT_TRUE(second) << "exactly full";
  EXPECT_FALSE(budget.take("bank", 0));
  ByteCharge copy = first;
  first.reset();
  EXPECT_FALSE(budget.take("bank", 0)) << "somebody still has it";
  copy.reset();
  EXPECT_TRUE(budget.take("bank", 5 * kKiB));
  EXPECT_EQ(budget.refused(), 3U);
}

TEST(ByteBudget, OneSenderDoesNotTakeAnothersShare) {
  Budget budget(2 * kKiB);
  const ByteCharge noisy = budget.take("bank", kKiB);
  ASSERT_TRUE(noisy);
  EXPECT_FALSE(budget.take("bank", 0));
  EXPECT_TRUE(budget.take("carrier", kKiB));
}

TEST(ByteBudget, WhoHasNothingWaitingMaySendAnything) {
  Budget budget(2 * kKiB);
  const ByteCharge large = budget.take("bank", 100 * kKiB);
  ASSERT_TRUE(large);
  EXPECT_FALSE(budget.take("bank", 0));
}

TEST(ByteBudget, MessagesWithoutBytesAreNotFree) {
  Budget budget(8 * kKiB);
  std::vector<ByteCharge> held;
  while (ByteCharge one = budget.take("bank", 0)) held.push_back(std::move(one));
  EXPECT_EQ(held.size(), 8U);
  held.clear();
  EXPECT_TRUE(budget.take("bank", 0, 8)) << "eight in one";
}

TEST(ByteBudget, NothingAtAllCountsAsAMessage) {
  Budget budget(2 * kKiB);
  ByteCharge one = budget.take("bank", 0, 0);
  ByteCharge other = budget.take("bank", 0, 0);
  EXPECT_FALSE(budget.take("bank", 0, 0));
  one.reset();
  other.reset();
  EXPECT_TRUE(budget.take("bank", kKiB));
}

TEST(ByteBudget, AChargeMayOutliveItsBudget) {
  ByteCharge left;
  {
    Budget budget(kKiB);
    left = budget.take("bank", 0);
  }
  ASSERT_TRUE(left);
  left.reset();
}

}  // namespace
}  // namespace usance::node
