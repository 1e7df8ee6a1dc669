// What the bodies of a generated module may refer to, decided before they are written.
#pragma once

#include <algorithm>
#include <vector>

#include "contracts/vm/types.h"

namespace usance::tools {

struct ModulePlan {
  // Globals that bound the work: steps left, and depth of calls.
  static constexpr std::uint32_t kSteps = 0;
  static constexpr std::uint32_t kDepth = 1;
  static constexpr std::uint32_t kMostSteps = 200;
  static constexpr std::uint32_t kMostDepth = 40;

  std::vector<vm::FunctionType> types;
  std::vector<std::uint32_t> functions;  // the type of every function, imports first
  std::uint32_t imports = 0;
  std::uint32_t generated = 0;  // a guard each behind the imports, then a body each
  std::vector<vm::GlobalType> globals;
  std::vector<std::uint32_t> table_sizes;  // of functions
  std::uint32_t pages = 1;
  std::uint32_t most_pages = 1;
  std::vector<std::uint32_t> data_sizes;             // the first is active
  std::vector<std::vector<std::uint32_t>> elements;  // the first is active, in table 0

  // Imports and guards, which may be called from anywhere: they bound the depth.
  [[nodiscard]] std::uint32_t callable() const { return imports + generated; }
  [[nodiscard]] std::uint32_t guard(std::uint32_t i) const { return imports + i; }
  [[nodiscard]] std::uint32_t body(std::uint32_t i) const { return imports + generated + i; }
  [[nodiscard]] const vm::FunctionType& type_of(std::uint32_t function) const {
    return types[functions[function]];
  }
  // The index of the type, added when it is new.
  std::uint32_t type(const vm::FunctionType& wanted) {
    const auto at = std::find(types.begin(), types.end(), wanted);
    if (at != types.end()) return static_cast<std::uint32_t>(at - types.begin());
    types.push_back(wanted);
    return static_cast<std::uint32_t>(types.size() - 1);
  }
};

}  // namespace usance::tools
