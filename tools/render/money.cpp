#include "tools/render/money.h"

#include <algorithm>
#include <vector>

#include "contracts/sdk/currency.h"
#include "tools/render/suggest.h"

namespace usance::render {

namespace {

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string group_thousands(std::string digits) {
  for (std::size_t i = digits.size(); i > 3;) {
    i -= 3;
    digits.insert(i, 1, ',');
  }
  return digits;
}

tl::unexpected<Error> refuse_amount(std::string_view text, const std::string& why) {
  return fail(ErrorCode::kInvalidArgument, "'" + std::string(text) + "': " + why);
}

}  // namespace

std::optional<unsigned> currency_decimals(std::string_view code) {
  const int exponent = contract::currency_exponent(code);
  if (exponent < 0) return std::nullopt;
  return static_cast<unsigned>(exponent);
}

Result<MoneyAmount> parse_money(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    return refuse_amount(text, "an amount is written as CURRENCY:AMOUNT, for example USD:1000.00");
  const std::string code(text.substr(0, colon));
  const std::optional<unsigned> decimals = currency_decimals(code);
  if (!decimals) {
    std::vector<std::string> codes;
    for (const std::string_view list : contract::currency_codes())
      for (std::size_t at = 0; at < list.size(); at += 4) codes.emplace_back(list.substr(at, 3));
    return refuse_amount(text,
                         "'" + code + "' is no ISO 4217 currency" + did_you_mean(code, codes));
  }
  std::string_view number = text.substr(colon + 1);
  const bool negative = !number.empty() && number.front() == '-';
  if (negative) number.remove_prefix(1);
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  const std::string_view part =
      point == std::string_view::npos ? std::string_view{} : number.substr(point + 1);
  if (whole.empty() || !is_digits(whole) || !is_digits(part) ||
      (point != std::string_view::npos && part.empty()))
    return refuse_amount(text,
                         "write the amount with digits and one decimal point, as in USD:1000.00");
  if (part.size() > *decimals)
    return refuse_amount(text, code + " has " + std::to_string(*decimals) + " decimals, not " +
                                   std::to_string(part.size()));
  std::string digits(whole);
  digits.append(part).append(*decimals - part.size(), '0');
  std::int64_t units = 0;
  for (const char c : digits) {
    const std::int64_t digit = c - '0';
    const bool overflow = __builtin_mul_overflow(units, std::int64_t{10}, &units) ||
                          __builtin_add_overflow(units, negative ? -digit : digit, &units);
    if (overflow) return refuse_amount(text, "the amount is too large");
  }
  return MoneyAmount{code, units};
}

std::string format_money(const MoneyAmount& amount) {
  const std::optional<unsigned> decimals = currency_decimals(amount.currency);
  if (!decimals)
    return std::to_string(amount.minor_units) + " minor units of '" + amount.currency + "'";
  const bool negative = amount.minor_units < 0;
  const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.minor_units)
                                           : static_cast<std::uint64_t>(amount.minor_units);
  std::string digits = std::to_string(magnitude);
  if (digits.size() <= *decimals) digits.insert(0, *decimals + 1 - digits.size(), '0');
  const std::string whole = digits.substr(0, digits.size() - *decimals);
  std::string out = amount.currency + " " + (negative ? "-" : "") + group_thousands(whole);
  if (*decimals > 0) out += "." + digits.substr(digits.size() - *decimals);
  return out;
}

}  // namespace usance::render
