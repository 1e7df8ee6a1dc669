// The ISO 4217 table.
#pragma once

#include <string_view>

namespace usance::contract {

// Digits after the decimal point (JPY 0, USD 2, KWD 3); -1 for a code the table does not know.
[[nodiscard]] int currency_exponent(std::string_view code);
[[nodiscard]] inline bool is_currency(std::string_view code) {
  return currency_exponent(code) >= 0;
}

}  // namespace usance::contract
