// What a leader takes from the bundles that wait (C-10).
#include "consensus/mempool.h"

#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

class Pool : public testing::Test {
 protected:
  Pool() : pool(MempoolLimits{}) {
    keys.put(KeyGrant{OrgId("org-0"), c.user.public_key(), Height{}, {}});
  }
  void admit(const BundlePtr& bundle) { ASSERT_TRUE(pool.admit(bundle, 1, at)); }
  void expect_room_for_two(Mempool& small) {
    EXPECT_TRUE(small.admit(c.bundle(1), 1, at));
    EXPECT_TRUE(small.admit(c.bundle(2), 1, at));
    const auto third = small.admit(c.bundle(3), 1, at);
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, ErrorCode::kResourceExhausted);
  }

  Cluster c;
  Parameters parameters = Cluster::default_parameters();
  KeyDirectory keys;
  RecentIds recent;
  Inclusion at{Height(1), TimeMs(kStart), Height{}, parameters, keys, recent};
  Mempool pool;
};

// A bundle whose one valid transaction another bundle holds too, beside one that is not valid yet:
// in a block behind the other all of it would be void. It must not cost those behind it the block.
TEST_F(Pool, C10_1_ABundleThatWouldBeVoidDoesNotKeepOthersOut) {
  const BundlePtr honest = c.bundle(1);
  std::vector<Transaction> twin = honest->transactions();
  Transaction far = twin.front();
  far.nonce.bytes.fill(77);
  far.valid_until_height = Height(1'000'000);
  twin.push_back(far);
  admit(honest);
  admit(c.bundle_of(twin));
  for (std::uint8_t nonce = 2; nonce < 6; ++nonce) admit(c.bundle(nonce));
  const auto picked = pool.pick(at);
  EXPECT_EQ(picked.size(), 5u);
  EXPECT_FALSE(has_wholly_void_bundle(picked, void_marks(at.height, at.time, picked, at.recent)));
}

TEST_F(Pool, C10_1_FirstInFirstOutUpToTheBlocksBounds) {
  parameters.max_block_transactions = 5;
  std::vector<BundlePtr> all;
  for (std::uint8_t nonce = 1; nonce < 6; ++nonce) {
    all.push_back(c.bundle(nonce, 2));
    admit(all.back());
  }
  const auto picked = pool.pick(at);
  ASSERT_EQ(picked.size(), 2u);
  EXPECT_EQ(picked[0]->hash(), all[0]->hash());
  EXPECT_EQ(picked[1]->hash(), all[1]->hash());
}

TEST_F(Pool, C10_1_AnOrganisationsShareLeavesRoomForOthers) {
  MempoolLimits limits;
  limits.bundles_per_org = 2;
  Mempool small(limits);
  expect_room_for_two(small);
}

TEST_F(Pool, C10_1_TheWholePoolIsBounded) {
  MempoolLimits limits;
  limits.bundles = 2;
  Mempool small(limits);
  expect_room_for_two(small);
  EXPECT_EQ(small.size(), 2u);
}

TEST_F(Pool, C10_2_WhatNoBlockCanHoldIsRefused) {
  parameters.max_block_transactions = 2;
  parameters.max_transaction_gas = 1'000;
  EXPECT_TRUE(pool.admit(c.bundle(1, 2), 1, at));
  EXPECT_EQ(pool.admit(c.bundle(2, 3), 1, at).error().code, ErrorCode::kInvalidArgument);
  parameters.max_transaction_gas = 999;
  EXPECT_EQ(pool.admit(c.bundle(3), 1, at).error().code, ErrorCode::kInvalidArgument);
  parameters.max_transaction_gas = parameters.max_block_gas = 1'000;
  EXPECT_TRUE(pool.admit(c.bundle(4), 1, at));
  EXPECT_EQ(pool.admit(c.bundle(5, 2), 1, at).error().code, ErrorCode::kInvalidArgument);
  parameters.max_body_bytes = 100;
  EXPECT_EQ(pool.admit(c.bundle(6), 1, at).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Pool, C10_2_WhatWaitsOrWasOrderedIsRefused) {
  const BundlePtr two = c.bundle(1, 2);
  admit(two);
  EXPECT_EQ(pool.admit(two, 1, at).error().code, ErrorCode::kAlreadyExists);
  const BundlePtr part = c.bundle_of({two->transactions()[1]});
  EXPECT_EQ(pool.admit(part, 1, at).error().code, ErrorCode::kAlreadyExists);
  recent.add(Height(1), two->ids());
  EXPECT_TRUE(pool.pick(at).empty());
  const auto swept = pool.sweep(at);
  ASSERT_EQ(swept.size(), 1u);
  EXPECT_EQ(swept[0].reason.code, ErrorCode::kAlreadyExists);
  EXPECT_TRUE(pool.empty());
}

}  // namespace
}  // namespace usance::consensus
