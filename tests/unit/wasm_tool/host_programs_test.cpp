// The programs that the prices of host functions are measured with do what they say. How long they
// take is not asked here: `usance-wasm calibrate host` does that.
#include "tools/usance-wasm/host_programs.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "base/parameters.h"
#include "contracts/host/wasm_host.h"
#include "tools/usance-wasm/calibration_ledger.h"

namespace usance::tools {
namespace {

std::vector<HostProgram> all_programs() {
  std::vector<HostProgram> all = storage_programs();
  for (HostProgram& program : other_programs()) all.push_back(std::move(program));
  return all;
}

TEST(HostPrograms, EachEndsWellAndPaysForEveryRound) {
  const std::vector<HostProgram> programs = all_programs();
  const auto ledger = CalibrationLedger::create({}).value();
  ASSERT_TRUE(ledger->deploy(kWorstContract, program_module(programs)));
  ASSERT_TRUE(ledger->deploy(kCalledContract, program_module(programs)));
  for (std::uint32_t i = 0; i < programs.size(); ++i) {
    const auto gas_of = [&](std::uint32_t rounds) {
      const auto cost = ledger->block(kWorstContract, "Run",
                                      {program_arguments(i + 1, rounds, 0, programs[i].payload)});
      EXPECT_TRUE(cost) << programs[i].name << ": " << cost.error().message;
      return cost ? cost->gas : 0;
    };
    const std::uint64_t one = gas_of(1);
    const std::uint64_t three = gas_of(3);
    EXPECT_LT(one, three) << programs[i].name;
    // As often as it is measured it fits a transaction.
    EXPECT_LT(one + (three - one) / 2 * programs[i].count, Parameters{}.max_transaction_gas)
        << programs[i].name;
  }
}

TEST(HostPrograms, ThereIsOneForEveryFunctionButTheOneThatEndsTheCall) {
  const std::vector<HostProgram> programs = all_programs();
  for (const vm::HostDefinition& definition : host_definitions()) {
    if (definition.name == "abort") continue;
    const Bytes call = host(definition.name).code();
    EXPECT_TRUE(std::ranges::any_of(programs, [&](const HostProgram& program) {
      return !std::ranges::search(program.step.code(), call).empty();
    })) << definition.name;
  }
}

TEST(CalibrationLedger, AFailedCallIsAnError) {
  const auto ledger = CalibrationLedger::create({}).value();
  const auto cost = ledger->block("nobody", "Run", {{}});
  ASSERT_FALSE(cost);
  EXPECT_NE(cost.error().message.find("nobody.Run came to REJECTED"), std::string::npos)
      << cost.error().message;
}

}  // namespace
}  // namespace usance::tools
