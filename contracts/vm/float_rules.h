// WebAssembly's rules for floating point where C++'s differ, and canonical NaNs: the sign and
// payload of a computed NaN may not depend on the machine.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace usance::vm {

template <class F>
struct FloatBits;
template <>
struct FloatBits<float> {
  using type = std::uint32_t;
  static constexpr type kCanonicalNan = 0x7fc00000u;
};
template <>
struct FloatBits<double> {
  using type = std::uint64_t;
  static constexpr type kCanonicalNan = 0x7ff8000000000000u;
};

template <class F>
[[nodiscard]] inline F from_slot(std::uint64_t slot) {
  return std::bit_cast<F>(static_cast<typename FloatBits<F>::type>(slot));
}
template <class F>
[[nodiscard]] inline std::uint64_t canonical_slot(F value) {
  if (std::isnan(value)) return FloatBits<F>::kCanonicalNan;
  return std::bit_cast<typename FloatBits<F>::type>(value);
}

// NaN wins, and -0 is less than +0.
template <class F>
[[nodiscard]] inline F wasm_min(F a, F b) {
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<F>::quiet_NaN();
  if (a == b) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
template <class F>
[[nodiscard]] inline F wasm_max(F a, F b) {
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<F>::quiet_NaN();
  if (a == b) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

}  // namespace usance::vm
