// Which blocks are valid (C-4) and which of their transactions are void (C-5).
#include "consensus/block_rules.h"

#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

class BlockRules : public testing::Test {
 protected:
  BlockRules() {
    keys.put(KeyGrant{OrgId("org-0"), c.user.public_key(), Height{}, {}});
    parent.height = Height(9);
    parent.time = TimeMs(kStart);
  }
  BlockJudgement body(std::vector<BundlePtr> bundles) {
    CheckedBlock block;
    block.header.height = at.height;
    block.header.time = at.time;
    block.bundles = std::move(bundles);
    return judge_body(block, context);
  }
  BlockJudgement time(std::uint64_t ms) { return judge_time(TimeMs(ms), context); }
  // One transaction, with what the test changes of it.
  template <class Change>
  BundlePtr changed(std::uint8_t nonce, Change change) {
    std::vector<Transaction> transactions = c.bundle(nonce)->transactions();
    change(transactions.front());
    return c.bundle_of(std::move(transactions));
  }
  ReceiptStatus mark(const BundlePtr& bundle) {
    return void_marks(at.height, at.time, {bundle}, recent).front();
  }

  Cluster c;
  Parameters parameters = Cluster::default_parameters();
  KeyDirectory keys;
  RecentIds recent;
  BlockHeader parent;
  ResultHeader result;
  Inclusion at{Height(10), TimeMs(kStart + 100), Height(2), parameters, keys, recent};
  BlockContext context{parent, at, TimeMs(kStart + 100), 0, Height(9), result};
};

TEST_F(BlockRules, C4_3_AKeyCountsFromItsBlockOnAndNoLongerThanItsRevocation) {
  const auto verdict = [&](Height reference) {
    at.reference = reference;
    return body({c.bundle(1)}).verdict;
  };
  keys.put(KeyGrant{OrgId("org-0"), c.user.public_key(), Height(3), Height(6)});
  EXPECT_EQ(verdict(Height(2)), Verdict::kInvalid);
  EXPECT_EQ(verdict(Height(3)), Verdict::kValid);
  EXPECT_EQ(verdict(Height(5)), Verdict::kValid);
  EXPECT_EQ(verdict(Height(6)), Verdict::kInvalid);
}

TEST_F(BlockRules, C4_4_BytesAreBounded) {
  std::vector<BundlePtr> three{c.bundle(1), c.bundle(2), c.bundle(3)};
  parameters.max_body_bytes = 16;
  for (const BundlePtr& bundle : three)
    parameters.max_body_bytes += static_cast<std::uint32_t>(bundle->raw().size() + 4);
  EXPECT_EQ(body(three).verdict, Verdict::kValid);
  parameters.max_body_bytes -= 1;
  EXPECT_EQ(body(three).verdict, Verdict::kInvalid);
}

TEST_F(BlockRules, C4_4_TransactionsAreBounded) {
  parameters.max_block_transactions = 5;
  EXPECT_EQ(body({c.bundle(1, 2), c.bundle(2, 3)}).verdict, Verdict::kValid);
  EXPECT_EQ(body({c.bundle(1, 3), c.bundle(2, 3)}).verdict, Verdict::kInvalid);
}

TEST_F(BlockRules, C4_4_GasIsBoundedForEachAndForAllWithoutOverflow) {
  parameters.max_transaction_gas = 1'000;
  parameters.max_block_gas = 2'000;
  EXPECT_EQ(body({c.bundle(1), c.bundle(2)}).verdict, Verdict::kValid);
  EXPECT_EQ(body({c.bundle(1), c.bundle(2), c.bundle(3)}).verdict, Verdict::kInvalid);
  const auto greedy = changed(4, [](Transaction& tx) { tx.gas_limit = 1'001; });
  EXPECT_EQ(body({greedy}).verdict, Verdict::kInvalid);
  parameters.max_transaction_gas = UINT64_MAX;
  const auto endless = changed(5, [](Transaction& tx) { tx.gas_limit = UINT64_MAX; });
  EXPECT_EQ(body({c.bundle(1), endless}).verdict, Verdict::kInvalid);
}

TEST_F(BlockRules, C4_5_ABundleMayBeVoidInPartAndNotInAll) {
  const BundlePtr two = c.bundle(1, 2);
  recent.add(Height(9), {two->ids()[0]});
  EXPECT_EQ(body({two}).verdict, Verdict::kValid);
  recent.add(Height(9), {two->ids()[1]});
  EXPECT_EQ(body({two}).verdict, Verdict::kInvalid);
  EXPECT_EQ(body({c.bundle(2), two}).verdict, Verdict::kInvalid);
}

TEST_F(BlockRules, C4_6_TheTimePassesTheParentsAndLiesNearTheClock) {
  parameters.clock_ahead_ms = 500;
  context.now = TimeMs(kStart + 10'000);
  context.delay_ms = 4'000;
  EXPECT_EQ(time(kStart).verdict, Verdict::kInvalid);
  EXPECT_EQ(time(kStart + 10'500).verdict, Verdict::kValid);
  EXPECT_EQ(time(kStart + 10'501).verdict, Verdict::kWait);
  EXPECT_EQ(time(kStart + 6'000).verdict, Verdict::kValid);
  EXPECT_EQ(time(kStart + 5'999).verdict, Verdict::kInvalid);
  // However wrong the clock is, one time is always allowed: a millisecond after the parent.
  EXPECT_EQ(time(kStart + 1).verdict, Verdict::kValid);
  context.now = TimeMs(kStart - 3'600'000);
  EXPECT_EQ(time(kStart + 1).verdict, Verdict::kValid);
  EXPECT_EQ(time(kStart + 2).verdict, Verdict::kWait);
}

TEST_F(BlockRules, C4_7_AnEmptyBlockWaitsForTheResultThatItNames) {
  context.executed = Height(8);
  CheckedBlock block;
  block.header.time = at.time;
  block.header.certified.height = Height(9);
  EXPECT_EQ(judge_body(block, context).verdict, Verdict::kWait);
  context.executed = Height(9);
  EXPECT_EQ(judge_body(block, context).verdict, Verdict::kInvalid);
  result.height = Height(9);
  result.next_timer_due = at.time;
  EXPECT_EQ(judge_body(block, context).verdict, Verdict::kValid);
}

TEST_F(BlockRules, C5_1_ValidityIncludesItsLastHeightAndInstant) {
  const auto until_height = [&](Height height) {
    return mark(changed(1, [&](Transaction& tx) { tx.valid_until_height = height; }));
  };
  EXPECT_EQ(until_height(Height(10)), ReceiptStatus::kOk);
  EXPECT_EQ(until_height(Height(9)), ReceiptStatus::kVoidExpired);
  const auto until_time = [&](std::uint64_t ms) {
    return mark(changed(1, [&](Transaction& tx) { tx.valid_until_time = TimeMs(ms); }));
  };
  EXPECT_EQ(until_time(0), ReceiptStatus::kOk);
  EXPECT_EQ(until_time(at.time.value), ReceiptStatus::kOk);
  EXPECT_EQ(until_time(at.time.value - 1), ReceiptStatus::kVoidExpired);
}

TEST_F(BlockRules, C5_2_ValidityEndsWithinTheReplayHorizon) {
  const auto ahead = [&](std::uint64_t blocks) {
    return mark(changed(
        1, [&](Transaction& tx) { tx.valid_until_height = Height(at.height.value + blocks); }));
  };
  EXPECT_EQ(ahead(limits::kReplayHorizon), ReceiptStatus::kOk);
  EXPECT_EQ(ahead(limits::kReplayHorizon + 1), ReceiptStatus::kVoidHorizon);
}

TEST_F(BlockRules, C5_3_AnIdCountsOnceWithinABlockAndAcrossThem) {
  const BundlePtr two = c.bundle(1, 2);
  const BundlePtr again = c.bundle_of({two->transactions()[1], c.bundle(2)->transactions()[0]});
  EXPECT_EQ(void_marks(at.height, at.time, {two, again}, recent),
            (std::vector{ReceiptStatus::kOk, ReceiptStatus::kOk, ReceiptStatus::kVoidDuplicate,
                         ReceiptStatus::kOk}));
  recent.add(Height(3), {two->ids()[0]});
  EXPECT_EQ(void_marks(at.height, at.time, {two}, recent).front(), ReceiptStatus::kVoidDuplicate);
}

// What was void did not happen: it is no duplicate of what comes later.
TEST_F(BlockRules, C5_3_WhatWasVoidIsNotRemembered) {
  const BundlePtr late = changed(1, [](Transaction& tx) { tx.valid_until_height = Height(9); });
  const auto marks = void_marks(at.height, at.time, {late, c.bundle(2)}, recent);
  EXPECT_EQ(ordered_ids({late, c.bundle(2)}, marks), c.bundle(2)->ids());
}

// A transaction is valid at most D blocks ahead, so what lies D blocks back cannot come again.
TEST_F(BlockRules, C5_4_IdsAreForgottenAfterTheReplayHorizonAndNoEarlier) {
  const auto first = c.bundle(1)->ids().front(), second = c.bundle(2)->ids().front();
  recent.add(Height(10), {first});
  recent.add(Height(11), {second});
  recent.add(Height(10 + limits::kReplayHorizon - 1), {});
  EXPECT_TRUE(recent.contains(first));
  recent.add(Height(10 + limits::kReplayHorizon), {});
  EXPECT_FALSE(recent.contains(first));
  EXPECT_TRUE(recent.contains(second));
  EXPECT_EQ(recent.size(), 1u);
}

TEST(RecentIds, C5_4_ARestartRemembersWhatWasOrdered) {
  Cluster c;
  c.start();
  const BundlePtr once = c.bundle(1);
  c.submit(0, once);
  c.settle();
  ASSERT_EQ(c.committed(0), Height(1));
  for (std::size_t i = 0; i < 4; ++i) {
    c.crash(i);
    c.start(i);
  }
  c.settle();
  c.nodes[0].admissions.clear();
  c.submit(0, once);
  ASSERT_EQ(c.nodes[0].admissions.size(), 1u);
  ASSERT_TRUE(c.nodes[0].admissions[0].error);
  EXPECT_EQ(c.nodes[0].admissions[0].error->code, ErrorCode::kAlreadyExists);
  c.deliver(1, 0, [&] {
    const auto& head = c.nodes[0].disk.ledger.at(Height(1));
    Proposal p = c.first_proposal(0, View{}, {once});
    p.header.height = Height(2);
    p.header.parent = head.block->hash;
    p.header.time = TimeMs(head.block->header.time.value + 1);
    p.parent = head.commit;
    c.sign(p, 0);
    return p;
  }());
  for (const Vote& vote : c.votes(1, VoteKind::kPrepare)) EXPECT_NE(vote.content.height, Height(2));
}

}  // namespace
}  // namespace usance::consensus
