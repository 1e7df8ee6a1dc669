// The ISO 4217 table: the one table of the project.
#pragma once

#include <array>
#include <string_view>

namespace usance::contract {

// Digits after the decimal point (JPY 0, USD 2, KWD 3); -1 for a code the table does not know.
[[nodiscard]] int currency_exponent(std::string_view code);
[[nodiscard]] inline bool is_currency(std::string_view code) {
  return currency_exponent(code) >= 0;
}

// The codes with as many decimals as the element's index says, each followed by one space.
[[nodiscard]] const std::array<std::string_view, 5>& currency_codes();

}  // namespace usance::contract
