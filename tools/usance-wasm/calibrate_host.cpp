// What the host functions cost in time for what they charge: over the store on disk, from the
// block's execution to its commit, with everything the process spends on it.
#include <algorithm>

#include "tools/usance-wasm/calibrate.h"
#include "tools/usance-wasm/calibration_ledger.h"
#include "tools/usance-wasm/host_programs.h"

namespace usance::tools {

namespace {

constexpr int kRuns = 3;

// The best of several runs, each with keys of its own.
Result<double> measure(CalibrationLedger& ledger, std::uint32_t number,
                       const HostProgram& program) {
  double best = 1e300;
  std::uint64_t start = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<Bytes> transactions;
    for (std::uint32_t i = 0; i < program.transactions; ++i) {
      transactions.push_back(program_arguments(number, program.count, start, program.payload));
      start += program.count;
    }
    // Nothing is held in the store's memory then; the system's own cache holds the files.
    USANCE_TRY(ledger.reopen());
    USANCE_TRY(ledger.block(kWorstContract, "Warm", {program_arguments(0, 1, 0, {})}));
    const auto cost = ledger.block(kWorstContract, "Run", transactions);
    if (!cost) return fail(cost.error().code, program.name + ": " + cost.error().message);
    best = std::min(best, cost->nanoseconds_per_gas());
  }
  return best;
}

}  // namespace

Result<std::vector<Calibrated>> calibrate_host() {
  std::vector<HostProgram> programs = storage_programs();
  for (HostProgram& program : other_programs()) programs.push_back(std::move(program));
  USANCE_ASSIGN(const auto ledger, CalibrationLedger::create(prepared_items()));
  const Bytes module = program_module(programs);
  USANCE_TRY(ledger->deploy(kWorstContract, module));
  USANCE_TRY(ledger->deploy(kCalledContract, module));
  std::vector<Calibrated> all;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    USANCE_ASSIGN(const double cost,
                  measure(*ledger, static_cast<std::uint32_t>(i + 1), programs[i]));
    all.push_back({programs[i].name, cost});
  }
  return all;
}

}  // namespace usance::tools
