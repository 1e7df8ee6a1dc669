// The register code that a module is translated to: an enumeration of its operations.
#pragma once

#include <cstdint>

#include "contracts/vm/ir_ops.h"

namespace usance::vm {

using CodeUnit = std::uint16_t;

enum class Ir : CodeUnit {
// clang-format off
#define USANCE_RR(name, ...) k##name##RR,
#define USANCE_RI(name, ...) k##name##RI,
#define USANCE_BRRR(name, ...) kBr##name##RR,
#define USANCE_BRRI(name, ...) kBr##name##RI,
#define USANCE_SELRR(name, ...) kSelect##name##RR,
#define USANCE_SELRI(name, ...) kSelect##name##RI,
#define USANCE_ADDBRRR(name, ...) kAddBr##name##RR,
#define USANCE_ADDBRRI(name, ...) kAddBr##name##RI,
#define USANCE_ONE(name, ...) k##name,
#define USANCE_INDEXED(name, ...) k##name##X,
#define USANCE_DISPLACED(name, ...) k##name##A,
#define USANCE_CONSTANT(name, ...) k##name##I,
#define USANCE_DISPLACED_CONSTANT(name, ...) k##name##AI,
#define USANCE_SATURATING(name, ...) k##name##Sat,
  USANCE_VM_IN_ORDER(USANCE_RR, USANCE_RI, USANCE_BRRR, USANCE_BRRI, USANCE_SELRR, USANCE_SELRI,
                     USANCE_ADDBRRR, USANCE_ADDBRRI, USANCE_ONE, USANCE_INDEXED, USANCE_DISPLACED,
                     USANCE_CONSTANT, USANCE_DISPLACED_CONSTANT, USANCE_SATURATING)
  kCount,
#undef USANCE_RR
#undef USANCE_RI
#undef USANCE_BRRR
#undef USANCE_BRRI
#undef USANCE_SELRR
#undef USANCE_SELRI
#undef USANCE_ADDBRRR
#undef USANCE_ADDBRRI
#undef USANCE_ONE
#undef USANCE_INDEXED
#undef USANCE_DISPLACED
#undef USANCE_CONSTANT
#undef USANCE_DISPLACED_CONSTANT
#undef USANCE_SATURATING
  // clang-format on
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
