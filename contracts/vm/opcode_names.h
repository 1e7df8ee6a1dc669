// Names of instructions, for messages.
#pragma once

#include <cstdint>
#include <string_view>

namespace usance::vm {

// "f64.add"; "opcode" for what has no name here.
[[nodiscard]] std::string_view opcode_name(std::uint8_t opcode);
// Whether the one-byte opcode takes or makes floating-point values.
[[nodiscard]] bool is_float_opcode(std::uint8_t opcode);

}  // namespace usance::vm
