// Amounts: whole minor units of an ISO 4217 currency. Every operation is checked; one that would
// overflow, or mix currencies, ends the call with a standard error. No rounding is implicit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "contracts/sdk/currency.h"
#include "contracts/sdk/host_api.h"
#include "usance/contract/types.usance.h"

namespace usance::contract {

// a * b / c through 128 bits. False when c is 0 or the result does not fit.
[[nodiscard]] bool muldiv(std::int64_t a, std::int64_t b, std::int64_t c, Rounding rounding,
                          std::int64_t& out);

[[nodiscard]] Money money(std::string_view currency, std::int64_t minor_units);
// CURRENCY_MISMATCH unless both are in the same currency; AMOUNT_OUT_OF_RANGE on overflow.
[[nodiscard]] Money add(const Money& a, const Money& b);
[[nodiscard]] Money subtract(const Money& a, const Money& b);
// Negative, zero or positive as a is less than, equal to or greater than b.
[[nodiscard]] int compare(const Money& a, const Money& b);
// amount * numerator / denominator.
[[nodiscard]] Money scale(const Money& amount, std::int64_t numerator, std::int64_t denominator,
                          Rounding rounding);
// A share in hundredths of a percent: 250 is 2.5 %.
[[nodiscard]] Money share(const Money& amount, std::int64_t basis_points, Rounding rounding);

// "USD 1000.00", "JPY 1000".
[[nodiscard]] std::string to_text(const Money& amount);

}  // namespace usance::contract
