// Runs one file of the official WebAssembly test suite, as wast2json converts them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "contracts/vm/instance.h"

namespace usance::tools {

struct SpecCounts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::vector<std::string> failures;  // "file:line: what"
  std::vector<std::string> skips;     // "file:line: why"
  std::map<std::string, std::size_t> skip_reasons;
  // Over every call's trap, gas and results but references (which are addresses): equal where all
  // of them are.
  std::uint64_t outcomes = 0;
};

// Skipped are modules in text form (the binary format is what is tested), modules with SIMD, which
// the engine does not have, commands of later proposals, and, in the contract profile, modules that
// the profile refuses and the full engine accepts; and what depends on any of them. The error says
// why the file itself cannot be used.
[[nodiscard]] Result<void> run_spec_script(const std::filesystem::path& json, vm::Profile profile,
                                           vm::Dispatch dispatch, SpecCounts& counts);

}  // namespace usance::tools
