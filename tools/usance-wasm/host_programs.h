// Contracts that do one host function over and over, where it is at its dearest for the machine:
// what `usance-wasm calibrate` measures the prices of contracts/host/gas.h with.
#pragma once

#include <string>
#include <vector>

#include "base/state.h"
#include "tools/usance-wasm/module_writer.h"

namespace usance::tools {

// The contract of the programs, as it is registered.
inline constexpr const char* kWorstContract = "worst";
// The same code under another name, for calls between contracts.
inline constexpr const char* kCalledContract = "called";

struct HostProgram {
  std::string name;
  BodyWriter step;          // done `count` times by every transaction; uses the locals of below
  std::uint32_t count = 0;  // at least 1
  std::uint32_t transactions = 1;
  Bytes payload;  // at kPayloadAt in the contract's memory
};

// Items of the contract that are there before the programs run.
[[nodiscard]] std::vector<StateChange> prepared_items();
[[nodiscard]] std::vector<HostProgram> storage_programs();
// Events, timers, calls, hashes, signatures, and the rest.
[[nodiscard]] std::vector<HostProgram> other_programs();

// One module that holds all programs; a transaction's arguments choose (program_arguments).
[[nodiscard]] Bytes program_module(const std::vector<HostProgram>& programs);
// Program `number`, counted from 1, from counter `start` on. Number 0, as in a call without
// arguments: nothing.
[[nodiscard]] Bytes program_arguments(std::uint32_t number, std::uint32_t count,
                                      std::uint64_t start, ByteView payload);

// For writing steps. Addresses in the contract's memory:
inline constexpr std::int32_t kScopeAt = 16;  // a letter and the counter, 9 bytes
inline constexpr std::int32_t kItemAt = 32;   // likewise
inline constexpr std::int32_t kArgumentsAt = 4096;
inline constexpr std::int32_t kPayloadAt = kArgumentsAt + 16;
inline constexpr std::int32_t kOutAt = 2 * 65536;
inline constexpr std::int32_t kOutBytes = 65536 + 512;
inline constexpr std::int32_t kKeyBytes = 9;
// Locals: the number of rounds left is 0; the counter, an i64, is this one.
inline constexpr std::uint32_t kCounter = 2;

// Calls a host function by its name.
[[nodiscard]] BodyWriter host(std::string_view name);
// Pushes a pointer and a length.
[[nodiscard]] BodyWriter buffer(std::int32_t at, std::int32_t bytes);
// Writes the letter and the counter, spread over `many` numbers (a power of two; 0: over all), to
// the address.
[[nodiscard]] BodyWriter key(std::int32_t at, char letter, std::uint64_t many);

}  // namespace usance::tools
