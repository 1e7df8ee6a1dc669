#include "contracts/vm/opcode_names.h"

#include <array>

namespace usance::vm {

namespace {

// From 0x8b.
constexpr std::array<std::string_view, 28> kArithmetic = {
    "f32.abs", "f32.neg", "f32.ceil", "f32.floor", "f32.trunc", "f32.nearest", "f32.sqrt",
    "f32.add", "f32.sub", "f32.mul",  "f32.div",   "f32.min",   "f32.max",     "f32.copysign",
    "f64.abs", "f64.neg", "f64.ceil", "f64.floor", "f64.trunc", "f64.nearest", "f64.sqrt",
    "f64.add", "f64.sub", "f64.mul",  "f64.div",   "f64.min",   "f64.max",     "f64.copysign"};
// From 0x5b.
constexpr std::array<std::string_view, 12> kComparison = {"f32.eq", "f32.ne", "f32.lt", "f32.gt",
                                                          "f32.le", "f32.ge", "f64.eq", "f64.ne",
                                                          "f64.lt", "f64.gt", "f64.le", "f64.ge"};
// From 0xa8.
constexpr std::array<std::string_view, 24> kConversion = {
    "i32.trunc_f32_s",     "i32.trunc_f32_u",     "i32.trunc_f64_s",     "i32.trunc_f64_u",
    "i64.extend_i32_s",    "i64.extend_i32_u",    "i64.trunc_f32_s",     "i64.trunc_f32_u",
    "i64.trunc_f64_s",     "i64.trunc_f64_u",     "f32.convert_i32_s",   "f32.convert_i32_u",
    "f32.convert_i64_s",   "f32.convert_i64_u",   "f32.demote_f64",      "f64.convert_i32_s",
    "f64.convert_i32_u",   "f64.convert_i64_s",   "f64.convert_i64_u",   "f64.promote_f32",
    "i32.reinterpret_f32", "i64.reinterpret_f64", "f32.reinterpret_i32", "f64.reinterpret_i64"};

}  // namespace

std::string_view opcode_name(std::uint8_t op) {
  switch (op) {
    case 0x2a: return "f32.load";
    case 0x2b: return "f64.load";
    case 0x38: return "f32.store";
    case 0x39: return "f64.store";
    case 0x43: return "f32.const";
    case 0x44: return "f64.const";
    default: break;
  }
  if (op >= 0x5b && op <= 0x66) return kComparison[op - 0x5bu];
  if (op >= 0x8b && op <= 0xa6) return kArithmetic[op - 0x8bu];
  if (op >= 0xa8 && op <= 0xbf) return kConversion[op - 0xa8u];
  return "opcode";
}

}  // namespace usance::vm
