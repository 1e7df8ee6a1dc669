// What the execution of a deposit transfer costs: no signatures, no disk.
#include <benchmark/benchmark.h>

#include "contracts/executor/result.h"
#include "deposit/deposit.usance.h"
#include "tests/unit/executor/test_chain.h"

namespace usance {
namespace {

namespace dep = deposit::v1;

// A chain on which bank-b holds money at bank-a and may pay bank-c.
struct Bank {
  Bank() {
    chain.deploy("deposit", "deposit");
    run("bank-a", "OpenAccount", dep::OpenAccountRequest{"bank-b", "USD"});
    run("bank-a", "OpenAccount", dep::OpenAccountRequest{"bank-c", "USD"});
    run("bank-a", "Mint", dep::MintRequest{"bank-a/bank-b/USD", {"USD", 1'000'000'000'000}, "m"});
  }
  template <class Request>
  void run(const std::string& org, const std::string& method, const Request& request) {
    const Receipt receipt = chain.run_as(org, "maker", "deposit", method, request);
    if (receipt.status != ReceiptStatus::kOk) std::abort();
  }
  test::TestChain chain;
};

void transfers(benchmark::State& state) {
  Bank bank;
  test::Call transfer{"bank-b", "maker", "deposit", "Transfer",
                      contract::to_wire(dep::TransferRequest{
                          "bank-a/bank-b/USD", "bank-a/bank-c/USD", {"USD", 1}, "bench"})};
  const auto count = static_cast<std::size_t>(state.range(0));
  const BlockInput input = bank.chain.input(std::vector<test::Call>(count, transfer));
  std::uint64_t gas = 0;
  for (auto _ : state) {
    const BlockOutcome outcome = bank.chain.executor.execute_block(bank.chain.state, input);
    if (outcome.receipts.back().status != ReceiptStatus::kOk) state.SkipWithError("failed");
    gas = outcome.receipts.back().gas_used;
    benchmark::DoNotOptimize(outcome);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * count));
  state.counters["gas"] = static_cast<double>(gas);
}
BENCHMARK(transfers)->Arg(1)->Arg(100)->Arg(1000);

void result_header(benchmark::State& state) {
  Bank bank;
  test::Call transfer{"bank-b", "maker", "deposit", "Transfer",
                      contract::to_wire(dep::TransferRequest{
                          "bank-a/bank-b/USD", "bank-a/bank-c/USD", {"USD", 1}, "bench"})};
  const BlockInput input = bank.chain.input(std::vector<test::Call>(1'000, transfer));
  const BlockOutcome outcome = bank.chain.executor.execute_block(bank.chain.state, input);
  for (auto _ : state)
    benchmark::DoNotOptimize(make_result_header(input.header, outcome, Hash32{}, Hash32{}));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * 1'000));
}
BENCHMARK(result_header);

}  // namespace
}  // namespace usance

BENCHMARK_MAIN();
