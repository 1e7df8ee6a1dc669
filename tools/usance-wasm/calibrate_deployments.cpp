// What compiling costs in time for what a deployment pays, by modules made to be slow to compile.
#include <algorithm>

#include "base/limits.h"
#include "contracts/host/gas.h"
#include "contracts/vm/module.h"
#include "contracts/vm/profile_limits.h"
#include "tools/usance-wasm/calibrate.h"
#include "tools/usance-wasm/measure.h"
#include "tools/usance-wasm/module_writer.h"

namespace usance::tools {

namespace {

constexpr std::size_t kMostBody = vm::kContractLimits.body_bytes - 64;

struct Deployment {
  std::string name;
  Bytes module;
};

// A body full of the piece, of nearly the largest size.
Deployment full_of(const std::string& name, const BodyWriter& piece, const BodyWriter& before = {},
                   const BodyWriter& after = {}) {
  ModuleWriter m(1);
  const std::size_t room = kMostBody - before.code().size() - after.code().size();
  BodyWriter body;
  body.append(before);
  body.repeat(static_cast<int>(room / piece.code().size() - 1), piece).append(after).get(0);
  m.function(body);
  return {name, m.module()};
}

Deployment many_locals() {
  ModuleWriter m(1);
  for (int i = 0; i < 4'000; ++i) m.function(BodyWriter().get(0), 2'000);
  return {"functions with 2,000 locals", m.module()};
}

Deployment small_functions() {
  ModuleWriter m(1);
  for (int i = 0; i < 4'000; ++i) m.function(BodyWriter().get(0), 0);
  return {"small functions", m.module()};
}

Deployment branch_tables() {
  BodyWriter table;
  const std::size_t targets = vm::kContractLimits.br_table;
  table.op({0x02, 0x40}).get(0).op({0x0e}).unsigned_number(targets);
  for (std::size_t i = 0; i <= targets; ++i) table.op({0});
  table.op({0x0b});
  return full_of("branch tables", table);
}

Deployment blocks_over_operands() {
  // Blocks opened again and again above values that could need settling.
  BodyWriter operands;
  BodyWriter drops;
  for (int i = 0; i < 1'900; ++i) operands.get(0);
  for (int i = 0; i < 1'900; ++i) drops.op({0x1a});
  return full_of("blocks above operands", BodyWriter().op({0x02, 0x40, 0x0b}), operands, drops);
}

Deployment operands_settled() {
  // A local that many operands stand for, set once they are there.
  BodyWriter piece;
  for (int i = 0; i < 500; ++i) piece.get(0);
  piece.get(0).i32(1).op({0x6a}).set(0);
  for (int i = 0; i < 500; ++i) piece.op({0x1a});
  return full_of("operands of a local that changes", piece);
}

std::vector<Deployment> deployments() {
  std::vector<Deployment> all;
  all.push_back(full_of("additions", BodyWriter().get(1).get(2).op({0x7c}).set(1)));
  all.push_back(full_of("constants", BodyWriter().i32(7).op({0x1a})));
  all.push_back(full_of("blocks", BodyWriter().op({0x02, 0x40, 0x0b})));
  all.push_back(full_of("branches", BodyWriter().get(0).op({0x0d, 0}),
                        BodyWriter().op({0x02, 0x40}), BodyWriter().op({0x0b})));
  all.push_back(full_of("calls", BodyWriter().op({0x10, 0})));
  all.push_back(blocks_over_operands());
  all.push_back(operands_settled());
  all.push_back(branch_tables());
  all.push_back(many_locals());
  all.push_back(small_functions());
  return all;
}

}  // namespace

Result<std::vector<Calibrated>> calibrate_deployments() {
  std::vector<Calibrated> all;
  for (const Deployment& deployment : deployments()) {
    double best = 1e300;
    for (int run = 0; run < 5; ++run) {
      const double before = cpu_milliseconds();
      const auto module = vm::compile(deployment.module, vm::Profile::kContract);
      if (!module) {
        return fail(ErrorCode::kInternal, deployment.name + ": " + module.error().message);
      }
      best = std::min(best, cpu_milliseconds() - before);
    }
    const auto price = static_cast<double>(gas::kDeployCode.of(deployment.module.size()));
    all.push_back({"deploying " + deployment.name, best * 1e6 / price});
  }
  return all;
}

}  // namespace usance::tools
