// Amounts as people write them, USD:1000.00, and as the ledger keeps them: whole minor units and
// an ISO 4217 code. The currency's number of decimals is checked, so that nobody signs JPY:10.50.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace usance::render {

struct MoneyAmount {
  std::string currency;
  std::int64_t minor_units = 0;

  friend bool operator==(const MoneyAmount&, const MoneyAmount&) = default;
};

// Decimals of an ISO 4217 currency (0 for JPY, 2 for USD, 3 for KWD); nothing for other codes.
[[nodiscard]] std::optional<unsigned> currency_decimals(std::string_view code);

// "USD:1000.00", "USD:1000", "JPY:5000", "KWD:-1.250". At most the currency's decimals; no
// exponents and no thousands separators. Errors (kInvalidArgument) say what would be right.
[[nodiscard]] Result<MoneyAmount> parse_money(std::string_view text);

// "USD 1,000.00", all decimals written; an unknown currency shows its minor units.
[[nodiscard]] std::string format_money(const MoneyAmount& amount);

}  // namespace usance::render
