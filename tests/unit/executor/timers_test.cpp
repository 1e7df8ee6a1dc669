// Ledger timers: docs/spec/execution.md, "Timers".
#include "contracts/system/timers.h"

#include <gtest/gtest.h>

#include "puppet/puppet.usance.h"
#include "test_chain.h"

namespace usance {
namespace {

using contract::to_wire;
using test::Call;
using test::response;
using test::TestChain;
using usance::puppet::v1::ScheduleRequest;
using usance::puppet::v1::TimerNumber;
using usance::puppet::v1::TimerOrder;

struct TimersTest : testing::Test {
  void SetUp() override { chain.deploy("puppet", "puppet"); }

  std::int64_t now() const { return static_cast<std::int64_t>(chain.time.value); }
  std::int64_t schedule(std::int64_t at, const TimerOrder& order, std::int64_t gas = 5'000'000) {
    const Receipt receipt =
        chain.run("puppet", "Schedule", to_wire(ScheduleRequest{at, gas, order}));
    EXPECT_EQ(receipt.status, ReceiptStatus::kOk) << receipt.detail;
    return response<TimerNumber>(receipt).id;
  }
  static TimerOrder order(const std::string& item, bool fail = false) {
    TimerOrder out;
    out.item = item;
    out.fail = fail;
    return out;
  }
  bool ran(const std::string& item) const {
    return chain.value("puppet", "timer", item).has_value();
  }

  TestChain chain;
};

TEST_F(TimersTest, RunAtTheHeadOfTheFirstBlockThatIsDue) {
  const std::int64_t at = now() + 10'000;
  schedule(at, order("a"));
  BlockOutcome early = chain.block({});
  EXPECT_TRUE(early.receipts.empty());
  EXPECT_EQ(early.next_timer_due, TimeMs(static_cast<std::uint64_t>(at)));
  chain.time = TimeMs(static_cast<std::uint64_t>(at));
  Call put;
  put.contract = "puppet";
  put.method = "Put";
  const BlockOutcome due = chain.block({put});
  ASSERT_EQ(due.receipts.size(), 2U);
  EXPECT_TRUE(due.receipts[0].timer);
  EXPECT_EQ(due.receipts[0].tx, timer_action_id(chain.genesis.chain_id, 1, chain.height));
  EXPECT_EQ(due.receipts[0].events, 1U);
  EXPECT_FALSE(due.receipts[1].timer);
  EXPECT_TRUE(ran("a"));
  EXPECT_EQ(due.next_timer_due, TimeMs());
  EXPECT_TRUE(chain.block({}).receipts.empty());
}

TEST_F(TimersTest, RunInTheOrderOfTimeThenId) {
  const std::int64_t at = now() + 60'000;
  schedule(at, order("second"));
  schedule(at, order("third"));
  schedule(at - 1, order("first"));
  chain.time = TimeMs(static_cast<std::uint64_t>(at));
  const BlockOutcome outcome = chain.block({});
  ASSERT_EQ(outcome.events.size(), 3U);
  EXPECT_EQ(outcome.events[0].key, to_bytes("first"));
  EXPECT_EQ(outcome.events[1].key, to_bytes("second"));
  EXPECT_EQ(outcome.events[2].key, to_bytes("third"));
}

TEST_F(TimersTest, AnInstantThatHasPassedIsDueInTheNextBlockOnly) {
  TimerOrder again = order("a");
  again.again_at = 1;
  schedule(1, again);
  EXPECT_EQ(chain.block({}).receipts.size(), 1U);  // not its successor, made by the same block
  EXPECT_FALSE(ran("a+"));
  EXPECT_EQ(chain.block({}).receipts.size(), 1U);
  EXPECT_TRUE(ran("a+"));
}

TEST_F(TimersTest, TheGasBoundDefersAllButTheFirst) {
  const auto bound = static_cast<std::int64_t>(chain.genesis.parameters.max_timer_gas_per_block);
  const std::int64_t at = now() + 60'000;
  schedule(at, order("a"), bound);
  schedule(at, order("b"), bound / 2);
  schedule(at, order("c"), bound / 2);
  schedule(at, order("d"), 1'000'000);
  chain.time = TimeMs(static_cast<std::uint64_t>(at));
  const BlockOutcome first = chain.block({});
  EXPECT_EQ(first.receipts.size(), 1U);
  EXPECT_EQ(first.next_timer_due, TimeMs(static_cast<std::uint64_t>(at)));
  EXPECT_TRUE(ran("a"));
  EXPECT_EQ(chain.block({}).receipts.size(), 2U);
  EXPECT_TRUE(ran("c"));
  EXPECT_EQ(chain.block({}).receipts.size(), 1U);
  EXPECT_TRUE(ran("d"));
}

TEST_F(TimersTest, MoreGasThanTheBoundIsRefused) {
  const auto bound = static_cast<std::int64_t>(chain.genesis.parameters.max_timer_gas_per_block);
  const Receipt receipt =
      chain.run("puppet", "Schedule", to_wire(ScheduleRequest{now(), bound + 1, order("a")}));
  EXPECT_EQ(receipt.status, ReceiptStatus::kTrap);
  EXPECT_EQ(receipt.code, static_cast<std::uint32_t>(TrapCode::kHostLimit));
}

TEST_F(TimersTest, ARunMayCancelALaterOne) {
  const std::int64_t at = now() + 60'000;
  const std::int64_t victim = schedule(at, order("victim"));
  TimerOrder killer = order("killer");
  killer.cancel = victim;
  schedule(at - 1, killer);
  chain.time = TimeMs(static_cast<std::uint64_t>(at));
  EXPECT_EQ(chain.block({}).receipts.size(), 1U);
  EXPECT_FALSE(ran("victim"));
}

TEST_F(TimersTest, OnlyTheContractThatMadeATimerCancelsIt) {
  chain.deploy("other", "puppet");
  const std::int64_t id = schedule(now() + 60'000, order("a"));
  using usance::puppet::v1::Flag;
  EXPECT_FALSE(response<Flag>(chain.run("other", "Cancel", to_wire(TimerNumber{id}))).set);
  EXPECT_TRUE(response<Flag>(chain.run("puppet", "Cancel", to_wire(TimerNumber{id}))).set);
  EXPECT_FALSE(response<Flag>(chain.run("puppet", "Cancel", to_wire(TimerNumber{id}))).set);
  EXPECT_EQ(chain.block({}).next_timer_due, TimeMs());
}

TEST_F(TimersTest, AFailedTimerIsRetriedFiveTimesAndThenDead) {
  schedule(now(), order("a", true));
  std::uint64_t delay = 60'000;
  for (int retry = 0; retry < 5; ++retry, delay *= 4) {
    const TimeMs ran_at = chain.time;
    const BlockOutcome outcome = chain.block({});
    ASSERT_EQ(outcome.receipts.size(), 1U) << retry;
    EXPECT_EQ(outcome.receipts[0].status, ReceiptStatus::kContractError);
    EXPECT_TRUE(outcome.events.empty());
    EXPECT_EQ(outcome.next_timer_due, TimeMs(ran_at.value + delay)) << retry;
    chain.time = TimeMs(ran_at.value + delay - 1);
    EXPECT_TRUE(chain.block({}).receipts.empty());
    chain.time = TimeMs(ran_at.value + delay);
  }
  const BlockOutcome last = chain.block({});
  ASSERT_EQ(last.receipts.size(), 1U);
  EXPECT_EQ(last.next_timer_due, TimeMs());
  ASSERT_EQ(last.events.size(), 1U);
  EXPECT_EQ(last.receipts[0].events, 1U);
  EXPECT_EQ(last.events[0].contract, "system.timers");
  EXPECT_EQ(last.events[0].name, "TimerDead");
  const auto dead = contract::from_wire<timers::v1::TimerDead>(last.events[0].data);
  ASSERT_TRUE(dead);
  EXPECT_EQ(dead.value->attempts, 6U);
  EXPECT_EQ(dead.value->code, 7U);
  EXPECT_FALSE(ran("a"));
}

TEST_F(TimersTest, PendingTimersCanBeListed) {
  schedule(now() + 60'000, order("a"));
  const Receipt receipt = chain.run("system.timers", "List", to_wire(timers::v1::ListRequest{}));
  const auto list = response<timers::v1::ListResponse>(receipt);
  ASSERT_EQ(list.timers.size(), 1U);
  EXPECT_EQ(list.timers[0].contract, "puppet");
  EXPECT_EQ(list.timers[0].method, "OnTimer");
}

}  // namespace
}  // namespace usance
