#include "tools/render/money.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tools/render/suggest.h"

namespace usance::render {

namespace {

struct Currency {
  std::string_view code;
  unsigned decimals;
};

// ISO 4217 active codes with a minor unit (list one), ascending.
constexpr std::array kCurrencies = std::to_array<Currency>({
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2},
    {"AWG", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0},
    {"BMD", 2}, {"BND", 2}, {"BOB", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2},
    {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHF", 2}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"CRC", 2},
    {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2},
    {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2},
    {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HTG", 2},
    {"HUF", 2}, {"IDR", 2}, {"ILS", 2}, {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2},
    {"JOD", 3}, {"JPY", 0}, {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0},
    {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2}, {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2},
    {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2},
    {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MYR", 2}, {"MZN", 2}, {"NAD", 2},
    {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2}, {"OMR", 3}, {"PAB", 2}, {"PEN", 2},
    {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2},
    {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2}, {"SGD", 2},
    {"SHP", 2}, {"SLE", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2},
    {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2},
    {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"UYU", 2}, {"UZS", 2}, {"VES", 2},
    {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAF", 0}, {"XCD", 2}, {"XOF", 0}, {"XPF", 0}, {"YER", 2},
    {"ZAR", 2}, {"ZMW", 2},
});
static_assert(std::is_sorted(kCurrencies.begin(), kCurrencies.end(),
                             [](const Currency& a, const Currency& b) { return a.code < b.code; }));

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

tl::unexpected<Error> refuse(std::string_view text, const std::string& why) {
  return fail(ErrorCode::kInvalidArgument, "'" + std::string(text) + "': " + why);
}

}  // namespace

std::optional<unsigned> currency_decimals(std::string_view code) {
  const auto found = std::lower_bound(
      kCurrencies.begin(), kCurrencies.end(), code,
      [](const Currency& currency, std::string_view wanted) { return currency.code < wanted; });
  if (found == kCurrencies.end() || found->code != code) return std::nullopt;
  return found->decimals;
}

Result<MoneyAmount> parse_money(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    return refuse(text, "an amount is written as CURRENCY:AMOUNT, for example USD:1000.00");
  const std::string code(text.substr(0, colon));
  const std::optional<unsigned> decimals = currency_decimals(code);
  if (!decimals) {
    std::vector<std::string> codes;
    for (const Currency& currency : kCurrencies) codes.emplace_back(currency.code);
    return refuse(text, "'" + code + "' is no ISO 4217 currency" + did_you_mean(code, codes));
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
    return refuse(text, "write the amount with digits and one decimal point, as in USD:1000.00");
  if (part.size() > *decimals)
    return refuse(text, code + " has " + std::to_string(*decimals) + " decimals, not " +
                            std::to_string(part.size()));
  std::string digits(whole);
  digits.append(part).append(*decimals - part.size(), '0');
  std::int64_t units = 0;
  for (const char c : digits) {
    const std::int64_t digit = c - '0';
    const bool overflow = __builtin_mul_overflow(units, std::int64_t{10}, &units) ||
                          __builtin_add_overflow(units, negative ? -digit : digit, &units);
    if (overflow) return refuse(text, "the amount is too large");
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
