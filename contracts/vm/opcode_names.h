// Names of instructions, for messages.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace usance::vm {

// "f64.add"; "opcode" for what has no name here.
[[nodiscard]] std::string_view opcode_name(std::uint8_t opcode);

namespace detail {
constexpr std::array<bool, 256> float_opcodes() {
  std::array<bool, 256> is_float{};
  for (const int op : {0x2a, 0x2b, 0x38, 0x39, 0x43, 0x44}) is_float[op] = true;
  for (int op = 0x5b; op <= 0x66; ++op) is_float[op] = true;
  for (int op = 0x8b; op <= 0xa6; ++op) is_float[op] = true;
  for (int op = 0xa8; op <= 0xbf; ++op) is_float[op] = op != 0xac && op != 0xad;
  return is_float;
}
}  // namespace detail
// Whether the one-byte opcode takes or makes floating-point values.
inline constexpr std::array<bool, 256> kIsFloatOpcode = detail::float_opcodes();

}  // namespace usance::vm
