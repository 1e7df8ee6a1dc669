// The register code that a module is translated to: an enumeration of its operations.
#pragma once

#include <cstdint>

#include "contracts/vm/ir_ops.h"

namespace usance::vm {

using CodeUnit = std::uint16_t;

enum class Ir : CodeUnit {
#define USANCE_RR(name, ...) k##name##RR,
#define USANCE_RI(name, ...) k##name##RI,
#define USANCE_BRRR(name, ...) kBr##name##RR,
#define USANCE_BRRI(name, ...) kBr##name##RI,
#define USANCE_ONE(name, ...) k##name,
#define USANCE_INDEXED(name, ...) k##name##X,
#define USANCE_CONSTANT(name, ...) k##name##I,
#define USANCE_SATURATING(name, ...) k##name##Sat,
  USANCE_VM_I32_BINARY(USANCE_RR) USANCE_VM_I32_BINARY(USANCE_RI)           //
  USANCE_VM_I64_BINARY(USANCE_RR) USANCE_VM_I64_BINARY(USANCE_RI)           //
  USANCE_VM_DIVISION(USANCE_RR) USANCE_VM_DIVISION(USANCE_RI)               //
  USANCE_VM_I32_COMPARE(USANCE_RR) USANCE_VM_I32_COMPARE(USANCE_RI)         //
  USANCE_VM_I32_COMPARE(USANCE_BRRR) USANCE_VM_I32_COMPARE(USANCE_BRRI)     //
  USANCE_VM_I64_COMPARE(USANCE_RR) USANCE_VM_I64_COMPARE(USANCE_RI)         //
  USANCE_VM_I64_COMPARE(USANCE_BRRR) USANCE_VM_I64_COMPARE(USANCE_BRRI)     //
  USANCE_VM_INTEGER_UNARY(USANCE_ONE)                                       //
  USANCE_VM_LOADS(USANCE_ONE) USANCE_VM_LOADS(USANCE_INDEXED)               //
  USANCE_VM_STORES(USANCE_ONE) USANCE_VM_STORES(USANCE_INDEXED)             //
  USANCE_VM_STORES(USANCE_CONSTANT)                                         //
  USANCE_VM_FLOAT_BINARY(USANCE_ONE) USANCE_VM_FLOAT_COMPARE(USANCE_ONE)    //
  USANCE_VM_FLOAT_UNARY(USANCE_ONE) USANCE_VM_FLOAT_SIGN_UNARY(USANCE_ONE)  //
  USANCE_VM_FLOAT_SIGN_BINARY(USANCE_ONE)                                   //
  USANCE_VM_TRUNCATE(USANCE_ONE) USANCE_VM_TRUNCATE(USANCE_SATURATING)      //
  USANCE_VM_OTHER(USANCE_ONE)                                               //
  kCount,
#undef USANCE_RR
#undef USANCE_RI
#undef USANCE_BRRR
#undef USANCE_BRRI
#undef USANCE_ONE
#undef USANCE_INDEXED
#undef USANCE_CONSTANT
#undef USANCE_SATURATING
};

[[nodiscard]] constexpr Ir offset(Ir base, unsigned by) {
  return static_cast<Ir>(static_cast<unsigned>(base) + by);
}
// How far `op` lies behind `base`; at least the size of any list when it lies before.
[[nodiscard]] constexpr unsigned distance(Ir base, Ir op) {
  return static_cast<unsigned>(op) - static_cast<unsigned>(base);
}

// Comparisons by position in their list: eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u.
inline constexpr unsigned kComparisons = 10;
[[nodiscard]] constexpr unsigned inverted_comparison(unsigned i) {
  constexpr unsigned inverse[kComparisons] = {1, 0, 8, 9, 6, 7, 4, 5, 2, 3};
  return inverse[i];
}
[[nodiscard]] constexpr unsigned swapped_comparison(unsigned i) {
  constexpr unsigned swapped[kComparisons] = {0, 1, 4, 5, 2, 3, 8, 9, 6, 7};
  return swapped[i];
}

}  // namespace usance::vm
