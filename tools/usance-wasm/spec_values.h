// The values and texts of converted test files: as wabt writes them, and the forms that newer
// converters use for the same things.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "base/receipt.h"
#include "contracts/vm/types.h"

namespace usance::tools {

// The trap that the suite means by its text; either may be the longer one.
[[nodiscard]] bool is_expected_trap(TrapCode trap, std::string_view text);

// Numbers are decimal bit patterns (of integers also with a sign), as text or as JSON numbers;
// references are "null" or a host's number. Nothing when the type is none of core 2.0 without SIMD.
[[nodiscard]] std::optional<vm::Slot> spec_argument(const nlohmann::json& value);

// Whether the slot is what the suite expects of a result: a value, a class of NaNs, any reference
// that is not null, or one of several.
[[nodiscard]] bool is_expected(vm::Slot slot, const nlohmann::json& expected);

}  // namespace usance::tools
