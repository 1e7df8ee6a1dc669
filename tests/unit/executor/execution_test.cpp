// Receipts, authorisation, gas, events, nested calls: docs/spec/execution.md.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/result_header.h"
#include "contracts/executor/result.h"
#include "contracts/host/gas.h"
#include "puppet/puppet.usance.h"
#include "storage/object_record.h"
#include "test_chain.h"

namespace usance {
namespace {

using contract::to_wire;
using test::Call;
using test::response;
using test::TestChain;
namespace puppet = usance::puppet::v1;

struct ExecutionTest : testing::Test {
  void SetUp() override { chain.deploy("puppet", "puppet"); }

  template <class Request>
  static Call call(const std::string& method, const Request& request) {
    Call out;
    out.contract = "puppet";
    out.method = method;
    out.arguments = to_wire(request);
    return out;
  }
  template <class Request>
  Receipt run(const std::string& method, const Request& request) {
    return chain.run(call(method, request));
  }
  static puppet::PutRequest item(const std::string& name) { return {"s", name, {1}}; }

  TestChain chain;
};

std::uint32_t code(RejectCode reject) {
  return static_cast<std::uint32_t>(reject);
}
std::uint32_t code(TrapCode trap) {
  return static_cast<std::uint32_t>(trap);
}

TEST_F(ExecutionTest, ACallWritesTheStateAndPaysForIt) {
  const BlockOutcome outcome = chain.block({call("Put", item("a"))});
  ASSERT_EQ(outcome.receipts.size(), 1U);
  const Receipt& receipt = outcome.receipts[0];
  EXPECT_EQ(receipt.status, ReceiptStatus::kOk);
  EXPECT_EQ(receipt.contract, "puppet");
  EXPECT_GT(receipt.gas_used, gas::kTransaction.base + gas::kPut.base);
  EXPECT_EQ(outcome.gas_used, receipt.gas_used);
  ASSERT_EQ(outcome.changes.size(), 1U);
  EXPECT_EQ(outcome.changes[0].key.contract, "puppet");
  EXPECT_EQ(chain.value("puppet", "s", "a"), Bytes{1});
}

TEST_F(ExecutionTest, AFailedCallKeepsNothingButItsReceipt) {
  const BlockOutcome outcome = chain.block({call("PutAndFail", item("a"))});
  const Receipt& receipt = outcome.receipts[0];
  EXPECT_EQ(receipt.status, ReceiptStatus::kContractError);
  EXPECT_EQ(receipt.code, 7U);
  EXPECT_EQ(receipt.detail, "asked to fail at a");
  EXPECT_GT(receipt.gas_used, gas::kTransaction.base + gas::kPut.base);
  EXPECT_EQ(receipt.events, 0U);
  EXPECT_TRUE(outcome.events.empty());
  EXPECT_TRUE(outcome.changes.empty());
}

TEST_F(ExecutionTest, RunningOutOfGasUsesTheLimit) {
  Call spin = call("Spin", contract::Empty{});
  spin.gas = 3'000'000;
  const Receipt receipt = chain.run(spin);
  EXPECT_EQ(receipt.status, ReceiptStatus::kOutOfGas);
  EXPECT_EQ(receipt.gas_used, 3'000'000U);
  spin.gas = 10;  // less than any transaction costs
  EXPECT_EQ(chain.run(spin).status, ReceiptStatus::kOutOfGas);
}

TEST_F(ExecutionTest, RefusesWhatIsUnknownOrNotAllowed) {
  Call unknown_contract = call("Put", item("a"));
  unknown_contract.contract = "nobody";
  Call garbage = call("Put", item("a"));
  garbage.arguments = {0xff, 0xff};
  Call viewer = call("Put", item("a"));
  viewer.user = "viewer";
  Call stranger = call("Put", item("a"));
  stranger.user = "stranger";
  Call foreign = call("Put", item("a"));
  foreign.org = "bank-z";
  Call greedy = call("Put", item("a"));
  greedy.gas = chain.genesis.parameters.max_transaction_gas + 1;
  const std::vector<std::pair<Call, RejectCode>> cases = {
      {unknown_contract, RejectCode::kUnknownContract},
      {call("Nothing", item("a")), RejectCode::kUnknownMethod},
      {garbage, RejectCode::kBadArguments},
      {viewer, RejectCode::kNotPermitted},
      {stranger, RejectCode::kUnknownKey},
      {foreign, RejectCode::kUnknownKey},
      {greedy, RejectCode::kGasLimit},
  };
  for (const auto& [request, reason] : cases) {
    const BlockOutcome outcome = chain.block({request});
    EXPECT_EQ(outcome.receipts[0].status, ReceiptStatus::kRejected) << code(reason);
    EXPECT_EQ(outcome.receipts[0].code, code(reason));
    EXPECT_TRUE(outcome.changes.empty());
  }
}

TEST_F(ExecutionTest, ABlockEndsTakingGasAtItsBound) {
  chain.genesis.parameters.max_block_gas = 0;  // of the file only; the ledger's is far higher
  std::vector<Call> calls(45, call("Put", item("a")));
  for (Call& one : calls) one.gas = 100'000'000;
  // 4,000,000,000 a block: what each used is counted, and what the next may use must fit.
  const BlockOutcome outcome = chain.block(calls);
  for (const Receipt& receipt : outcome.receipts) EXPECT_EQ(receipt.status, ReceiptStatus::kOk);
  Call spin = call("Spin", contract::Empty{});
  spin.gas = 200'000'000;
  std::vector<Call> spins(20, spin);
  spins.push_back(call("Put", item("b")));
  const BlockOutcome full = chain.block(spins);
  EXPECT_EQ(full.receipts[19].status, ReceiptStatus::kOutOfGas);
  EXPECT_EQ(full.receipts[20].status, ReceiptStatus::kRejected);
  EXPECT_EQ(full.receipts[20].code, code(RejectCode::kGasLimit));
  EXPECT_EQ(full.receipts[20].gas_used, 0U);
}

TEST_F(ExecutionTest, AVoidTransactionHasAReceiptAndDoesNothing) {
  const BlockOutcome outcome =
      chain.block({call("Put", item("a")), call("Put", item("b")), call("Put", item("c"))},
                  {ReceiptStatus::kVoidExpired, ReceiptStatus::kOk, ReceiptStatus::kVoidDuplicate});
  ASSERT_EQ(outcome.receipts.size(), 3U);
  EXPECT_EQ(outcome.receipts[0].status, ReceiptStatus::kVoidExpired);
  EXPECT_EQ(outcome.receipts[0].gas_used, 0U);
  EXPECT_EQ(outcome.receipts[1].status, ReceiptStatus::kOk);
  EXPECT_EQ(outcome.receipts[2].status, ReceiptStatus::kVoidDuplicate);
  EXPECT_EQ(chain.value("puppet", "s", "a"), std::nullopt);
  EXPECT_EQ(chain.value("puppet", "s", "b"), Bytes{1});
  ASSERT_EQ(outcome.changes.size(), 1U);
  EXPECT_EQ(outcome.changes[0].action, 1U);
}

TEST_F(ExecutionTest, EventsAreCountedAndBounded) {
  const BlockOutcome outcome = chain.block(
      {call("Emit", puppet::EmitRequest{64, 10}), call("Emit", puppet::EmitRequest{2, 0})});
  EXPECT_EQ(outcome.receipts[0].events, 64U);
  EXPECT_EQ(outcome.receipts[1].events, 2U);
  ASSERT_EQ(outcome.events.size(), 66U);
  EXPECT_EQ(outcome.events[65].action, 1U);
  EXPECT_EQ(outcome.events[65].index, 1U);
  EXPECT_EQ(outcome.events[65].contract, "puppet");
  EXPECT_EQ(outcome.events[65].name, "Happened");
  EXPECT_EQ(outcome.events[65].key, to_bytes("emitted"));
  const BlockOutcome over = chain.block({call("Emit", puppet::EmitRequest{65, 10})});
  EXPECT_EQ(over.receipts[0].status, ReceiptStatus::kTrap);
  EXPECT_EQ(over.receipts[0].code, code(TrapCode::kHostLimit));
  EXPECT_TRUE(over.events.empty());
}

TEST_F(ExecutionTest, AContractSeesWhoCallsItAndWhen) {
  const Receipt receipt = run("WhoAmI", contract::Empty{});
  const auto seen = response<puppet::Surroundings>(receipt);
  EXPECT_EQ(seen.organisation, "bank-a");
  EXPECT_EQ(seen.user, "maker");
  EXPECT_EQ(seen.self, "puppet");
  EXPECT_EQ(seen.calling_contract, "");
  EXPECT_EQ(seen.invocation, 0U);
  EXPECT_EQ(seen.height, 2);
  EXPECT_EQ(seen.time, 1'700'000'001'000);
  EXPECT_TRUE(seen.is_bank);
  EXPECT_TRUE(seen.is_maker);
}

struct NestedCallTest : ExecutionTest {
  void SetUp() override {
    ExecutionTest::SetUp();
    chain.deploy("inner", "puppet");
  }
  template <class Request>
  static puppet::CallRequest inner(const std::string& method, const Request& request) {
    puppet::CallRequest out;
    out.contract = "inner";
    out.method = method;
    out.arguments = to_wire(request);
    return out;
  }
};

TEST_F(NestedCallTest, ReachesTheOtherContractsOwnState) {
  const auto out = response<puppet::CallOutcome>(run("Call", inner("Put", item("a"))));
  EXPECT_EQ(out.status, 0);
  EXPECT_EQ(chain.value("inner", "s", "a"), Bytes{1});
  EXPECT_EQ(chain.value("puppet", "s", "a"), std::nullopt);
}

TEST_F(NestedCallTest, TellsTheInnerContractWhoCallsAndWhoSigned) {
  const auto out = response<puppet::CallOutcome>(run("Call", inner("WhoAmI", contract::Empty{})));
  const auto seen = contract::from_wire<puppet::Surroundings>(out.result);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen.value->organisation, "bank-a");
  EXPECT_EQ(seen.value->self, "inner");
  EXPECT_EQ(seen.value->calling_contract, "puppet");
}

TEST_F(NestedCallTest, AFailedInnerCallIsRolledBackAlone) {
  const auto out = response<puppet::CallOutcome>(run("Call", inner("PutAndFail", item("a"))));
  EXPECT_EQ(out.status, 1);
  EXPECT_EQ(chain.value("inner", "s", "a"), std::nullopt);
  EXPECT_EQ(chain.value("puppet", "call", "before"), Bytes{1});
  EXPECT_EQ(chain.value("puppet", "call", "after"), Bytes{1});
  // u32 code, u32 length, the contract's name, the detail.
  const Bytes expected = [] {
    Encoder encoder;
    encoder(std::uint32_t{7});
    encoder(std::uint32_t{5});
    encoder.raw(as_bytes("innerasked to fail at a"));
    return std::move(encoder).take();
  }();
  EXPECT_EQ(out.result, expected);
}

TEST_F(NestedCallTest, AFailingOuterCallTakesTheInnerOneWithIt) {
  puppet::CallRequest request = inner("Put", item("a"));
  request.fail_afterwards = true;
  const BlockOutcome outcome = chain.block({call("Call", request)});
  EXPECT_EQ(outcome.receipts[0].status, ReceiptStatus::kContractError);
  EXPECT_TRUE(outcome.changes.empty());
}

TEST_F(NestedCallTest, ReEntrancyTrapsTheInnerCall) {
  puppet::CallRequest back;
  back.contract = "puppet";
  back.method = "Put";
  back.arguments = to_wire(item("a"));
  const auto out = response<puppet::CallOutcome>(run("Call", inner("Call", back)));
  ASSERT_EQ(out.status, 0);
  const auto innermost = contract::from_wire<puppet::CallOutcome>(out.result);
  ASSERT_TRUE(innermost);
  EXPECT_EQ(innermost.value->status, static_cast<std::int32_t>(ReceiptStatus::kTrap));
  EXPECT_EQ(innermost.value->result.at(0), code(TrapCode::kReentrancy));
  EXPECT_EQ(chain.value("puppet", "s", "a"), std::nullopt);
}

TEST_F(NestedCallTest, CallsNestEightDeep) {
  for (int i = 1; i <= 9; ++i) chain.deploy("p" + std::to_string(i), "puppet");
  // puppet -> p1 -> ... -> p9; p8 is the eighth nested call.
  puppet::CallRequest request;
  request.contract = "p9";
  request.method = "Put";
  request.arguments = to_wire(item("a"));
  for (int i = 8; i >= 1; --i) {
    puppet::CallRequest outer;
    outer.contract = "p" + std::to_string(i);
    outer.method = "Call";
    outer.arguments = to_wire(request);
    request = outer;
  }
  EXPECT_EQ(run("Call", request).status, ReceiptStatus::kOk);
  EXPECT_EQ(chain.value("p7", "call", "after"), Bytes{0});
  EXPECT_EQ(chain.value("p8", "call", "after"),
            Bytes{static_cast<std::uint8_t>(ReceiptStatus::kTrap)});
  EXPECT_EQ(chain.value("p9", "s", "a"), std::nullopt);
}

TEST_F(NestedCallTest, AnInnerCallThatSpinsUsesUpTheOuterGas) {
  Call request = call("Call", inner("Spin", contract::Empty{}));
  request.gas = 5'000'000;
  const BlockOutcome outcome = chain.block({request});
  EXPECT_EQ(outcome.receipts[0].status, ReceiptStatus::kOutOfGas);
  EXPECT_EQ(outcome.receipts[0].gas_used, 5'000'000U);
  EXPECT_TRUE(outcome.changes.empty());
}

TEST_F(ExecutionTest, ViewsReadAndDoNotWrite) {
  run("Put", item("a"));
  const SimulationPoint at{chain.height, chain.time};
  ViewRequest view;
  view.contract = "puppet";
  view.method = "Get";
  view.arguments = to_wire(puppet::ItemRequest{"s", "a"});
  const Simulation got = chain.executor.call_view(chain.state, at, view);
  EXPECT_EQ(response<puppet::Value>(got.receipt).value, Bytes{1});
  view.method = "Put";
  view.arguments = to_wire(item("b"));
  const Simulation refused = chain.executor.call_view(chain.state, at, view);
  EXPECT_NE(refused.receipt.status, ReceiptStatus::kOk);
  EXPECT_TRUE(refused.changes.empty());
}

TEST_F(ExecutionTest, ListsItemsInOrder) {
  for (const std::string name : {"b", "a", "ab"}) run("Put", item(name));
  const auto list = response<puppet::Values>(run("List", puppet::ListRequest{"s"}));
  EXPECT_EQ(list.items, (std::vector<std::string>{"a", "ab", "b"}));
}

TEST_F(ExecutionTest, ASimulationIsWhatTheBlockWouldDo) {
  const Call request = call("Put", item("a"));
  const BlockInput input = chain.input({request});
  const Transaction& tx = input.bundles[0]->transactions()[0];
  const Simulation tried =
      chain.executor.simulate(chain.state, {input.header.height, input.header.time}, tx);
  const BlockOutcome done = chain.execute(input);
  EXPECT_EQ(tried.receipt, done.receipts[0]);
  EXPECT_EQ(tried.changes, done.changes);
}

TEST_F(ExecutionTest, TheSameBlockHasTheSameOutcome) {
  const BlockInput input =
      chain.input({call("Put", item("a")), call("PutAndFail", item("b")),
                   call("Emit", puppet::EmitRequest{3, 5}), call("Spin", contract::Empty{})});
  Executor fresh(chain.genesis.chain_id);  // without anything cached
  const BlockOutcome first = fresh.execute_block(chain.state, input);
  const BlockOutcome again = fresh.execute_block(chain.state, input);
  const BlockOutcome warm = chain.executor.execute_block(chain.state, input);
  const auto root = [&](const BlockOutcome& outcome) {
    return result_hash(make_result_header(input.header, outcome, Hash32{}, Hash32{}));
  };
  EXPECT_EQ(root(first), root(again));
  EXPECT_EQ(root(first), root(warm));
  EXPECT_EQ(first.changes, warm.changes);
  EXPECT_EQ(first.receipts, warm.receipts);
}

// docs/spec/execution.md: otherwise one block could end every node, again at every start.
TEST(BlockBounds, GasBuysFewerChangesOfOneObjectThanARecordHolds) {
  const std::uint64_t cheapest =
      std::min({gas::kPut.base, gas::kDel.base, gas::kSchedule.base, gas::kCancel.base});
  Parameters parameters;
  // Transactions may use this much, and the timers before them as much again.
  parameters.max_block_gas =
      (storage::kMaxRecordChanges - limits::kMaxTimersPerBlock) * cheapest / 2;
  EXPECT_FALSE(validate(parameters));
}

}  // namespace
}  // namespace usance
