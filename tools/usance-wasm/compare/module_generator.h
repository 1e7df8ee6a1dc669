// Valid modules full of what an engine can get wrong: branches that carry and drop values, operands
// that are read late, neighbours that a translator fuses, bulk memory, tables, several results,
// dead code. Integers only, so that they pass as contracts. They end by themselves, after a bounded
// number of steps, in every engine, and deep recursion stops before any engine's limit.
#pragma once

#include <cstdint>
#include <string>

#include "base/types.h"
#include "tools/usance-wasm/compare/choices.h"

namespace usance::tools {

struct GeneratedModule {
  Bytes bytes;
  // Exports run_0, digest_0, run_1, digest_1, ...: functions without parameters, in this order. A
  // run computes some i32 and i64; a digest folds memory, globals and tables into one i64.
  std::uint32_t runs = 0;
};

// Imports are functions of the module "env" with results of 0 in mind.
[[nodiscard]] GeneratedModule generate_module(Choices& choices);

}  // namespace usance::tools
