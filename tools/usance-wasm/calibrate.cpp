// What programs cost in time for the gas they pay. The programs are the worst that each price has
// to cover: nothing a contract can do may take more than kMostTimes of what its gas stands for.
#include "tools/usance-wasm/calibrate.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "contracts/vm/gas.h"
#include "tools/usance-wasm/commands.h"
#include "tools/usance-wasm/measure.h"
#include "tools/usance-wasm/module_writer.h"

namespace usance::tools {

namespace {

constexpr double kMostTimes = 5.0;

struct Program {
  std::string name;
  Bytes module;
  std::uint32_t argument = 0;  // rounds
  bool fresh = false;          // measured with an instance of its own, creation included
};

class EmptyHost : public vm::HostInterface {
 public:
  vm::HostResult call(std::uint32_t, vm::HostFrame&) override { return vm::HostResult::proceed(); }
};

// Advances local 1 by a linear congruence and leaves an address below 16 MiB, in steps of 8.
BodyWriter random_address() {
  BodyWriter b;
  b.get(1).i64(6364136223846793005).op({0x7e}).i64(1442695040888963407).op({0x7c}).tee(1);
  return b.i64(40).op({0x88}).op({0xa7}).i32(0xfffff8).op({0x71});
}

Program loop(const std::string& name, std::uint32_t rounds, const BodyWriter& body,
             std::uint32_t pages = 1) {
  ModuleWriter m(pages);
  BodyWriter whole;
  whole.countdown(body).get(0);
  m.function(whole);
  return {name, m.module(), rounds};
}

Program division(const std::string& name, int opcode) {
  BodyWriter step;
  step.get(1).i64(-0x123456789abcdef).op({0x7c}).get(2).op({opcode}).i64(0x7edcba9876543210);
  step.op({0x85}).set(1);
  BodyWriter whole;
  whole.i64(3).set(2).repeat(32, step);
  return loop(name, 20'000, whole);
}

Program missing_loads() {
  // Memory is written first: untouched pages would all be one page of zeros. The next address
  // depends on what was loaded.
  ModuleWriter m(256);
  BodyWriter step = random_address();
  step.memory(0x29).get(1).op({0x85}).set(1);
  BodyWriter whole;
  whole.i32(0).i32(1).i32(256 * 65536).op({0xfc, 11, 0});
  BodyWriter unrolled;
  unrolled.repeat(16, step);
  whole.countdown(unrolled).get(0);
  m.function(whole);
  return {"loads that miss the caches", m.module(), 60'000};
}

Program missing_stores() {
  ModuleWriter m(256);
  BodyWriter step = random_address();
  step.get(1).memory(0x37);
  BodyWriter whole;
  whole.i32(0).i32(1).i32(256 * 65536).op({0xfc, 11, 0});
  BodyWriter unrolled;
  unrolled.repeat(16, step);
  whole.countdown(unrolled).get(0);
  m.function(whole);
  return {"stores that miss the caches", m.module(), 60'000};
}

// One load straight after the other, each address what the load before it gave: the least gas that
// a miss can cost. The chain is built first.
Program chased_loads() {
  ModuleWriter m(256);
  BodyWriter fill;
  // memory[8i] = (8i * 40503 + 8 * 12345) mod 16 MiB, for all i: a permutation far from local.
  fill.get(3).op({0xa7}).get(3).i64(40501).op({0x7e}).i64(8 * 12345).op({0x7c}).i64(0xfffff8);
  fill.op({0x83}).memory(0x37).get(3).i64(8).op({0x7c}).set(3);
  BodyWriter chase;
  chase.get(2).op({0xa7});
  for (int i = 0; i < 64; ++i) chase.memory(0x28);
  chase.op({0xad}).set(2);
  BodyWriter whole;
  whole.get(0).op({0xad}).set(4).i32(1 << 21).set(0).countdown(fill);
  whole.get(4).op({0xa7}).set(0).countdown(chase).get(0);
  m.function(whole);
  return {"a chain of loads", m.module(), 60'000};
}

Program touched_pages() {
  // The first use of every 4 KiB block of a fresh memory.
  ModuleWriter m(256);
  BodyWriter step;
  step.get(1).op({0xa7}).i32(1).memory(0x36).get(1).i64(4096).op({0x7c}).set(1);
  BodyWriter whole;
  whole.i32(4096).set(0).countdown(step).get(0);
  m.function(whole);
  return {"first use of memory", m.module(), 0, true};
}

Program grown_pages() {
  ModuleWriter m(1);
  BodyWriter step;
  step.i32(1).op({0x40, 0, 0x1a});
  for (int block = 0; block < 16; ++block) {
    step.get(1).i64(4096 * (block + 16)).op({0x7c, 0xa7}).i32(1).memory(0x36);
  }
  step.get(1).i64(65536).op({0x7c}).set(1);
  BodyWriter whole;
  whole.i32(255).set(0).countdown(step).get(0);
  m.function(whole);
  return {"memory.grow and first use", m.module(), 0, true};
}

Program calls(const std::string& name, std::uint32_t locals, bool indirect) {
  ModuleWriter m(1);
  const std::uint32_t callee = m.function(BodyWriter().get(0), locals);
  BodyWriter call;
  call.i32(1);
  if (indirect) {
    call.i32(static_cast<std::int32_t>(callee) - 1).op({0x11, 0, 0});
  } else {
    call.index(0x10, callee);
  }
  call.op({0x1a});
  BodyWriter unrolled;
  unrolled.repeat(16, call);
  BodyWriter whole;
  whole.countdown(unrolled).get(0);
  m.function(whole);
  return {name, m.module(), locals > 100 ? 20'000u : 60'000u};
}

// Two functions that call each other, a hundred deep and back.
Program ping_pong() {
  ModuleWriter m(1);
  const auto half = [](std::uint32_t other) {
    BodyWriter b;
    b.get(0).op({0x04, 0x7f}).get(0).i32(1).op({0x6b}).index(0x10, other);
    return b.op({0x05}).get(0).op({0x0b});
  };
  m.function(half(2));
  m.function(half(1));
  BodyWriter call;
  call.i32(100).index(0x10, 1).op({0x1a});
  BodyWriter whole;
  whole.countdown(call).get(0);
  m.function(whole);
  return {"calls there and back, a hundred deep", m.module(), 10'000};
}

// Sixteen functions called through the table at random: each call is mispredicted.
Program random_indirect_calls() {
  ModuleWriter m(1);
  for (int i = 0; i < 16; ++i) m.function(BodyWriter().get(0).i32(i).op({0x6a}));
  BodyWriter step;
  step.i32(1).append(random_address()).i32(10).op({0x76}).i32(15).op({0x71, 0x11, 0, 0, 0x1a});
  BodyWriter unrolled;
  unrolled.repeat(8, step);
  BodyWriter whole;
  whole.countdown(unrolled).get(0);
  m.function(whole);
  return {"indirect calls at random", m.module(), 60'000};
}

Program switches() {
  // Sixteen targets chosen at random: each br_table is mispredicted.
  BodyWriter b;
  constexpr int kTargets = 16;
  for (int i = 0; i < kTargets; ++i) b.op({0x02, 0x40});
  b.append(random_address()).i32(10).op({0x76}).i32(15).op({0x71});
  b.op({0x0e}).unsigned_number(kTargets - 1);
  for (int i = 0; i < kTargets; ++i) b.unsigned_number(static_cast<std::uint64_t>(i));
  for (int i = 0; i < kTargets; ++i) {
    b.op({0x0b}).get(2).i64(i).op({0x7c}).set(2);
  }
  return loop("br_table at random", 600'000, b);
}

Program unpredictable_branches() {
  BodyWriter step;
  step.append(random_address()).i32(1 << 20).op({0x71, 0x04, 0x40});
  step.get(2).i64(1).op({0x7c}).set(2).op({0x0b});
  BodyWriter unrolled;
  unrolled.repeat(8, step);
  return loop("branches at random", 100'000, unrolled);
}

Program plain(const std::string& name, int opcode) {
  BodyWriter step;
  step.get(1).get(2).op({opcode}).set(1);
  BodyWriter whole;
  whole.i64(0x123456789).set(2).repeat(32, step);
  return loop(name, 100'000, whole);
}

Program unary(const std::string& name, int opcode) {
  BodyWriter step;
  step.get(1).op({opcode}).get(1).op({0x85}).set(1);
  BodyWriter whole;
  whole.i64(0x123456789).set(1).repeat(32, step);
  return loop(name, 100'000, whole);
}

Program bulk(const std::string& name, std::int32_t bytes, bool copy, std::uint32_t rounds) {
  BodyWriter b;
  if (copy) {
    b.i32(0).i32(8 * 1024 * 1024).i32(bytes).op({0xfc, 10, 0, 0});
  } else {
    b.i32(0).i32(1).i32(bytes).op({0xfc, 11, 0});
  }
  return loop(name, rounds, b, 256);
}

Program host_calls() {
  BodyWriter b;
  b.repeat(16, BodyWriter().index(0x10, 0));
  return loop("empty host calls", 60'000, b);
}

Program table_fill() {
  // Function references are not needed: null.
  BodyWriter b;
  b.i32(0).op({0xd0, 0x70}).i32(1).op({0xfc, 17, 0});
  return loop("table.fill", 300'000, b);
}

Program creation() {
  ModuleWriter m(1);
  m.function(BodyWriter().get(0));
  return {"a fresh instance", m.module(), 0, true};
}

std::vector<Program> programs() {
  std::vector<Program> all;
  all.push_back(plain("64-bit additions", 0x7c));
  all.push_back(plain("64-bit multiplications", 0x7e));
  all.push_back(unary("population counts", 0x7b));
  all.push_back(division("64-bit signed divisions", 0x7f));
  all.push_back(division("64-bit unsigned remainders", 0x82));
  all.push_back(missing_loads());
  all.push_back(chased_loads());
  all.push_back(missing_stores());
  all.push_back(touched_pages());
  all.push_back(grown_pages());
  all.push_back(calls("calls", 0, false));
  all.push_back(calls("calls of functions with 2000 locals", 2'000, false));
  all.push_back(calls("indirect calls", 0, true));
  all.push_back(random_indirect_calls());
  all.push_back(ping_pong());
  all.push_back(switches());
  all.push_back(unpredictable_branches());
  all.push_back(bulk("memory.fill of one byte", 1, false, 300'000));
  all.push_back(bulk("memory.fill of 8 MiB", 8 << 20, false, 20));
  all.push_back(bulk("memory.copy of 8 MiB", 8 << 20, true, 20));
  all.push_back(bulk("memory.copy of 256 bytes", 256, true, 300'000));
  all.push_back(table_fill());
  all.push_back(host_calls());
  all.push_back(creation());
  return all;
}

// Nanoseconds per unit of gas, the best of several runs.
Result<double> measure(const Program& program) {
  const std::vector<vm::HostDefinition> definitions = {
      {"env", "host", {}, {}, 0, vm::gas::kHostCall}};
  USANCE_ASSIGN(auto module, vm::compile(program.module, vm::Profile::kContract));
  EmptyHost host;
  const vm::Slot args[] = {program.argument};
  double best = 1e300;
  for (int run = 0; run < 3; ++run) {
    const double before = cpu_milliseconds();
    USANCE_ASSIGN(auto instance, vm::Instance::create(module, definitions));
    const double made = cpu_milliseconds();
    const vm::Outcome outcome = instance->call("run", args, kUnlimited, host);
    const double after = cpu_milliseconds();
    if (!outcome.ok()) {
      return fail(ErrorCode::kInternal,
                  program.name + " trapped: " + std::string(to_string(outcome.trap)));
    }
    const double took = after - (program.fresh ? before : made);
    const std::uint64_t gas = outcome.gas_used - (program.fresh ? 0 : module->instantiation_gas());
    best = std::min(best, took * 1e6 / static_cast<double>(gas));
  }
  return best;
}

Result<std::vector<Calibrated>> calibrate_instructions() {
  std::vector<Calibrated> all;
  for (const Program& program : programs()) {
    USANCE_ASSIGN(const double cost, measure(program));
    all.push_back({program.name, cost});
  }
  return all;
}

}  // namespace

int calibrate_command(const Arguments& arguments) {
  const std::vector<std::pair<std::string, Result<std::vector<Calibrated>> (*)()>> topics = {
      {"instructions", calibrate_instructions},
      {"deployments", calibrate_deployments},
      {"host", calibrate_host},
  };
  for (const std::string& topic : arguments) {
    if (std::ranges::none_of(topics, [&](const auto& known) { return known.first == topic; })) {
      std::cerr << "usage: usance-wasm calibrate [instructions] [deployments] [host]\n";
      return 2;
    }
  }
  std::vector<Calibrated> all;
  for (const auto& [topic, calibrate] : topics) {
    if (!arguments.empty() && std::ranges::find(arguments, topic) == arguments.end()) continue;
    const auto costs = calibrate();
    if (!costs) {
      std::cerr << "usance-wasm: " << costs.error().message << "\n";
      return 1;
    }
    all.insert(all.end(), costs->begin(), costs->end());
  }

  double worst = 0;
  std::string worst_name;
  std::printf("%-45s %10s %10s\n", "program", "ns/gas", "times");
  for (const auto& [name, cost] : all) {
    const double times = cost / vm::gas::kNanosecondsPerGas;
    std::printf("%-45s %10.2f %10.2f\n", name.c_str(), cost, times);
    if (times > worst) {
      worst = times;
      worst_name = name;
    }
  }
  std::printf("worst: %s, %.2f times what its gas stands for (at most %.1f)\n", worst_name.c_str(),
              worst, kMostTimes);
  return worst <= kMostTimes ? 0 : 1;
}

}  // namespace usance::tools
