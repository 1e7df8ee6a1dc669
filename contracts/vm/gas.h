// The gas table, version 1. Gas is a property of the WebAssembly code, never of its translation:
// every instruction that can be reached has a fixed cost here, the costs of a straight run of
// instructions are charged together where the run is entered (docs/spec/vm.md), and what depends on
// sizes is charged when it is known, before it is done.
#pragma once

#include <array>
#include <cstdint>

namespace usance::vm::gas {

inline constexpr std::uint32_t kTableVersion = 1;

// What one unit stands for on the machine of docs/performance-vm.md; `usance-wasm calibrate` checks
// that no program takes more than five times that.
inline constexpr double kNanosecondsPerGas = 1.0;

// Instructions.
inline constexpr std::uint8_t kPlain = 1;   // arithmetic, constants, locals, globals, branches
inline constexpr std::uint8_t kDivide = 8;  // integer division and remainder
inline constexpr std::uint8_t kLoad = 32;   // may miss every cache
inline constexpr std::uint8_t kStore = 6;
inline constexpr std::uint8_t kCall = 6;
inline constexpr std::uint8_t kCallIndirect = 12;
inline constexpr std::uint8_t kBrTable = 4;
inline constexpr std::uint8_t kTableAccess = 4;
inline constexpr std::uint8_t kFloat = 3;
inline constexpr std::uint8_t kFloatDivide = 8;
inline constexpr std::uint8_t kBulk = 20;  // memory and table instructions, before the sizes

// Locals of a function beyond its parameters are zeroed at entry.
inline constexpr std::uint32_t kLocalsPerGas = 2;
// Bulk instructions.
inline constexpr std::uint64_t kBytesPerGas = 8;
inline constexpr std::uint64_t kTableElement = 1;
// Growing by a page costs the system's work for its first use, too.
inline constexpr std::uint64_t kMemoryPage = 10'000;
// The least a host function should cost, beside the call instruction.
inline constexpr std::uint64_t kHostCall = 10;
// Instantiation, charged with the first call of an instance whatever a cache holds.
inline constexpr std::uint64_t kInstance = 1'000;

[[nodiscard]] constexpr std::uint64_t bulk_bytes(std::uint64_t bytes) {
  return bytes / kBytesPerGas;
}

namespace detail {
constexpr std::array<std::uint8_t, 256> opcode_table() {
  std::array<std::uint8_t, 256> cost{};
  for (auto& c : cost) c = kPlain;
  cost[0x01] = 0;                                         // nop
  cost[0x02] = cost[0x03] = cost[0x05] = cost[0x0b] = 0;  // block, loop, else, end
  cost[0x0e] = kBrTable;
  cost[0x10] = kCall;
  cost[0x11] = kCallIndirect;
  cost[0x25] = cost[0x26] = kTableAccess;
  for (int op = 0x28; op <= 0x35; ++op) cost[op] = kLoad;
  for (int op = 0x36; op <= 0x3e; ++op) cost[op] = kStore;
  cost[0x40] = kBulk;                                        // memory.grow
  for (int op = 0x6d; op <= 0x70; ++op) cost[op] = kDivide;  // i32
  for (int op = 0x7f; op <= 0x82; ++op) cost[op] = kDivide;  // i64
  for (int op = 0x5b; op <= 0x66; ++op) cost[op] = kFloat;   // comparisons
  for (int op = 0x8b; op <= 0xa6; ++op) cost[op] = kFloat;
  cost[0x91] = cost[0x95] = cost[0x9f] = cost[0xa3] = kFloatDivide;  // sqrt, div
  for (int op = 0xa8; op <= 0xbb; ++op) cost[op] = kFloat;           // conversions
  cost[0xac] = cost[0xad] = kPlain;                                  // i64.extend_i32
  return cost;
}
}  // namespace detail

// By the binary format's opcode; the instructions behind the prefix 0xfc are prefixed().
inline constexpr std::array<std::uint8_t, 256> kOpcode = detail::opcode_table();
[[nodiscard]] constexpr std::uint8_t prefixed(std::uint32_t opcode) {
  return opcode < 8 ? kFloat : kBulk;  // saturating truncations; bulk memory and tables
}

}  // namespace usance::vm::gas
