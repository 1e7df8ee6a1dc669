// The terms of WebAssembly that the engine's interfaces use.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/types.h"

namespace usance::vm {

// Which modules are accepted. The engine behind both is the same.
enum class Profile : std::uint8_t {
  kContract,  // what a ledger accepts: integers only, imports are functions, tight limits
  kFull,      // WebAssembly core 2.0 without SIMD; for tools and the conformance tests
};

// The numbers are the binary format's. kUnknown is the validator's "any type" in dead code.
enum class ValueType : std::uint8_t {
  kUnknown = 0,
  kI32 = 0x7f,
  kI64 = 0x7e,
  kF32 = 0x7d,
  kF64 = 0x7c,
  kFuncRef = 0x70,
  kExternRef = 0x6f,
};
[[nodiscard]] std::string_view to_string(ValueType type);
[[nodiscard]] constexpr bool is_reference(ValueType t) {
  return t == ValueType::kFuncRef || t == ValueType::kExternRef;
}
[[nodiscard]] constexpr bool is_float(ValueType t) {
  return t == ValueType::kF32 || t == ValueType::kF64;
}

struct FunctionType {
  std::vector<ValueType> params;
  std::vector<ValueType> results;
  friend bool operator==(const FunctionType&, const FunctionType&) = default;
};
// "[i32 i64] -> [i32]"
[[nodiscard]] std::string to_string(const FunctionType& type);

// Sizes of memories count pages of 64 KiB, sizes of tables count elements.
struct Limits {
  std::uint64_t min = 0;
  std::uint64_t max = 0;  // meaningful when has_max
  bool has_max = false;
};
inline constexpr std::size_t kPageBytes = 64 * 1024;

struct TableType {
  ValueType element = ValueType::kFuncRef;
  Limits limits;
};
struct GlobalType {
  ValueType type = ValueType::kI32;
  bool is_mutable = false;
};

enum class ExternKind : std::uint8_t { kFunction = 0, kTable = 1, kMemory = 2, kGlobal = 3 };

// Values travel as 64-bit slots: an i32 zero-extended, f32 and f64 as their bits, a null reference
// as 0, and an external reference n as n + 1.
using Slot = std::uint64_t;

}  // namespace usance::vm
