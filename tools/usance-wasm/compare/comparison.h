// Runs a generated module in every way in which this engine can run it and demands the same of all.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "tools/usance-wasm/compare/module_generator.h"

namespace usance::tools {

// What a module did, in the words of `wasm-interp --run-all-exports --dummy-import-func`:
//   called host env.h0(i32:5) => i32:0
//   run_0() => i32:7, i64:9
//   digest_0() => error: integer overflow
// with traps by the name they have in the official tests.
struct Transcript {
  std::vector<std::string> lines;
  std::vector<std::uint64_t> gas;  // of each export
  // Equal where lines and gas are: 16 hexadecimal digits.
  [[nodiscard]] std::string digest() const;
};

// The transcript, the same for computed goto and switch, on new, reset and cached instances, for
// one gas limit and the next: exactly what a call used is enough, one unit less runs out with the
// whole limit used, and running out anywhere leaves the same memory. The error says what differed.
[[nodiscard]] Result<Transcript> compare_module(const GeneratedModule& module);

// Nothing when wabt's interpreter saw the same; else the first difference. `program` is its path.
[[nodiscard]] Result<void> compare_with_peer(const GeneratedModule& module,
                                             const Transcript& transcript,
                                             const std::string& program);

}  // namespace usance::tools
