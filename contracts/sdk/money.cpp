#include "contracts/sdk/money.h"

namespace usance::contract {
namespace {

void require_same_currency(const Money& a, const Money& b) {
  if (a.currency != b.currency) fail(errors::currency_mismatch(b.currency, a.currency));
}

}  // namespace

bool muldiv(std::int64_t a, std::int64_t b, std::int64_t c, Rounding rounding, std::int64_t& out) {
#ifdef __wasm__
  return imports::usance1_muldiv(a, b, c, static_cast<std::int32_t>(rounding), &out) != 0;
#else
  __extension__ using Wide = __int128;
  if (c == 0) return false;
  const Wide product = Wide{a} * b;
  Wide quotient = product / c;
  const Wide rest = product % c;
  if (rest != 0) {
    const bool negative = (rest < 0) != (c < 0);  // of the exact quotient
    const Wide twice = 2 * (rest < 0 ? -rest : rest);
    const Wide size = c < 0 ? -Wide{c} : Wide{c};
    bool away = false;
    switch (rounding) {
      case Rounding::kTowardZero: break;
      case Rounding::kFloor: away = negative; break;
      case Rounding::kCeiling: away = !negative; break;
      case Rounding::kHalfEven: away = twice > size || (twice == size && quotient % 2 != 0); break;
    }
    if (away) quotient += negative ? -1 : 1;
  }
  out = static_cast<std::int64_t>(quotient);
  return out == quotient;
#endif
}

Money money(std::string_view currency, std::int64_t minor_units) {
  return Money{std::string(currency), minor_units};
}

Money add(const Money& a, const Money& b) {
  require_same_currency(a, b);
  Money out = a;
  if (__builtin_add_overflow(a.minor_units, b.minor_units, &out.minor_units))
    fail(errors::amount_out_of_range("a sum"));
  return out;
}

Money subtract(const Money& a, const Money& b) {
  require_same_currency(a, b);
  Money out = a;
  if (__builtin_sub_overflow(a.minor_units, b.minor_units, &out.minor_units))
    fail(errors::amount_out_of_range("a difference"));
  return out;
}

int compare(const Money& a, const Money& b) {
  require_same_currency(a, b);
  if (a.minor_units == b.minor_units) return 0;
  return a.minor_units < b.minor_units ? -1 : 1;
}

Money scale(const Money& amount, std::int64_t numerator, std::int64_t denominator,
            Rounding rounding) {
  Money out = amount;
  if (!muldiv(amount.minor_units, numerator, denominator, rounding, out.minor_units))
    fail(errors::amount_out_of_range("a product"));
  return out;
}

Money share(const Money& amount, std::int64_t basis_points, Rounding rounding) {
  return scale(amount, basis_points, 10'000, rounding);
}

std::string to_text(const Money& amount) {
  const int exponent = currency_exponent(amount.currency);
  const auto decimals = static_cast<std::size_t>(exponent < 0 ? 0 : exponent);
  const bool negative = amount.minor_units < 0;
  std::string digits = decimal(amount.minor_units).substr(negative ? 1 : 0);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals != 0) digits.insert(digits.size() - decimals, 1, '.');
  return amount.currency + (negative ? " -" : " ") + digits;
}

}  // namespace usance::contract
