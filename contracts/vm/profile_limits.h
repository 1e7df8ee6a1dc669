// What a module may ask for, by profile. Those of the contract profile are protocol constants
// (docs/spec/vm.md): they bound the time and memory that compiling and running a module take.
#pragma once

#include <cstddef>

#include "contracts/vm/types.h"

namespace usance::vm {

struct ProfileLimits {
  std::size_t code_bytes;  // the module
  std::size_t body_bytes;  // one function
  std::size_t types;
  std::size_t params;  // of one type
  std::size_t results;
  std::size_t imports;
  std::size_t functions;  // with imports
  std::size_t tables;
  std::size_t table_elements;  // of one table
  std::size_t globals;
  std::size_t exports;
  std::size_t element_segments;
  std::size_t data_segments;
  std::size_t segment_items;  // all elements of all element segments
  std::size_t locals;         // of one function, with parameters
  std::size_t operands;       // values on one function's operand stack
  std::size_t nesting;        // of blocks
  std::size_t br_table;       // targets of one br_table
  std::size_t code_units;     // translated code, in units of 16 bits
  std::size_t memory_pages;
  std::size_t call_depth;   // frames of one call into an instance
  std::size_t stack_slots;  // all frames of one call together, 8 bytes each
};

inline constexpr ProfileLimits kContractLimits{
    .code_bytes = limits::kMaxCodeBytes,
    .body_bytes = 128 * 1024,
    .types = 1'024,
    .params = 64,
    .results = 16,
    .imports = 256,
    .functions = 4'096,
    .tables = 4,
    .table_elements = 8'192,
    .globals = 1'024,
    .exports = 1'024,
    .element_segments = 1'024,
    .data_segments = 1'024,
    .segment_items = 16'384,
    .locals = 2'048,
    .operands = 2'048,
    .nesting = 2'048,
    .br_table = 8'192,
    .code_units = 4 * 1024 * 1024,
    .memory_pages = limits::kMaxMemoryPages,
    .call_depth = limits::kMaxCallDepth,
    .stack_slots = 64 * 1024,
};

inline constexpr ProfileLimits kFullLimits{
    .code_bytes = 64 * 1024 * 1024,
    .body_bytes = 8 * 1024 * 1024,
    .types = 100'000,
    .params = 1'000,
    .results = 1'000,
    .imports = 60'000,
    .functions = 1'000'000,
    .tables = 1'000,
    .table_elements = 10'000'000,
    .globals = 60'000,
    .exports = 100'000,
    .element_segments = 60'000,
    .data_segments = 60'000,
    .segment_items = 10'000'000,
    .locals = 32'000,
    .operands = 32'000,
    .nesting = 100'000,
    .br_table = 1'000'000,
    .code_units = 512 * 1024 * 1024,
    .memory_pages = 65'536,
    .call_depth = 1'024,
    .stack_slots = 256 * 1024,
};

constexpr const ProfileLimits& limits_of(Profile profile) {
  return profile == Profile::kContract ? kContractLimits : kFullLimits;
}

// Operands of the translated code name slots and depths in 16 bits.
static_assert(kContractLimits.locals + kContractLimits.operands < 65'000);
static_assert(kFullLimits.locals + kFullLimits.operands < 65'000);

}  // namespace usance::vm
