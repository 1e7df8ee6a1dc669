#include "tools/usance-wasm/spec_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace usance::tools {

using nlohmann::json;

namespace {

constexpr std::array<std::pair<std::string_view, TrapCode>, 11> kTrapTexts = {
    {{"unreachable", TrapCode::kUnreachable},
     {"out of bounds memory access", TrapCode::kMemoryOutOfBounds},
     {"out of bounds table access", TrapCode::kTableOutOfBounds},
     {"undefined element", TrapCode::kTableOutOfBounds},
     {"indirect call type mismatch", TrapCode::kIndirectCallType},
     {"uninitialized element", TrapCode::kUninitializedElement},
     {"integer divide by zero", TrapCode::kIntegerDivideByZero},
     {"integer overflow", TrapCode::kIntegerOverflow},
     {"invalid conversion to integer", TrapCode::kInvalidConversion},
     {"call stack exhausted", TrapCode::kCallDepth},
     {"call stack exhausted", TrapCode::kStackOverflow}}};

bool is_null_type(std::string_view type) {
  return type == "refnull" || type == "nullref" || type == "nullfuncref" || type == "nullexternref";
}

bool is_reference_type(std::string_view type) {
  return type == "externref" || type == "funcref";
}

std::string text_of(const json& value) {
  if (!value.contains("value") || value.at("value").is_null()) return "null";
  const json& v = value.at("value");
  return v.is_string() ? v.get<std::string>() : v.dump();
}

std::optional<std::uint64_t> bits(std::string_view text) {
  const char* end = text.data() + text.size();
  if (text.starts_with('-')) {
    std::int64_t value = 0;
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || at != end) return std::nullopt;
    return static_cast<std::uint64_t>(value);
  }
  std::uint64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || at != end) return std::nullopt;
  return value;
}

}  // namespace

bool is_expected_trap(TrapCode trap, std::string_view text) {
  return std::any_of(kTrapTexts.begin(), kTrapTexts.end(), [&](const auto& known) {
    const bool same =
        text.starts_with(known.first) || (text.size() >= 5 && known.first.starts_with(text));
    return same && known.second == trap;
  });
}

std::optional<vm::Slot> spec_argument(const json& value) {
  const std::string type = value.at("type");
  if (is_null_type(type)) return 0;
  const std::string text = text_of(value);
  if (is_reference_type(type)) {
    if (text == "null") return 0;
    if (type == "funcref") return std::nullopt;
    const auto number = bits(text);
    return number ? std::optional(*number + 1) : std::nullopt;
  }
  const auto number = bits(text);
  if (!number) return std::nullopt;
  if (type == "i32" || type == "f32") return static_cast<std::uint32_t>(*number);
  if (type == "i64" || type == "f64") return *number;
  return std::nullopt;
}

bool is_expected(vm::Slot slot, const json& expected) {
  const std::string type = expected.at("type");
  if (type == "either") {
    const json& values = expected.at("values");
    return std::any_of(values.begin(), values.end(),
                       [slot](const json& one) { return is_expected(slot, one); });
  }
  if (is_reference_type(type)) {
    // "(ref.func)" means any function: some converters write no value, wabt writes a number.
    const bool any =
        !expected.contains("value") || (type == "funcref" && text_of(expected) != "null");
    if (any) return slot != 0;
  }
  if (type == "f32" || type == "f64") {
    const std::string text = text_of(expected);
    const vm::Slot quiet = type == "f64" ? 0x7ff8000000000000u : 0x7fc00000u;
    const vm::Slot sign = type == "f64" ? 0x8000000000000000u : 0x80000000u;
    if (text == "nan:canonical") return (slot & ~sign) == quiet;
    if (text == "nan:arithmetic") return (slot & quiet) == quiet;
  }
  const auto value = spec_argument(expected);
  return value && slot == *value;
}

}  // namespace usance::tools
