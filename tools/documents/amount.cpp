#include <algorithm>
#include <array>
#include <cctype>

#include "tools/documents/invoice.h"

namespace usance::documents {

namespace {

// ISO 4217, active codes whose exponent is not 2; then the active codes with 2.
constexpr std::array<std::string_view, 16> kNoDecimals = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                          "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                                          "VND", "VUV", "XAF", "XOF"};
constexpr std::array<std::string_view, 7> kThreeDecimals = {"BHD", "IQD", "JOD", "KWD",
                                                            "LYD", "OMR", "TND"};
constexpr std::string_view kTwoDecimals =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG ";

}  // namespace

std::optional<int> currency_exponent(std::string_view code) {
  const auto is_code = [&](std::string_view other) { return other == code; };
  if (code.size() != 3) return std::nullopt;
  if (code == "XPF" || std::any_of(kNoDecimals.begin(), kNoDecimals.end(), is_code)) return 0;
  if (std::any_of(kThreeDecimals.begin(), kThreeDecimals.end(), is_code)) return 3;
  for (std::size_t at = 0; at + 4 <= kTwoDecimals.size(); at += 4)
    if (kTwoDecimals.substr(at, 3) == code) return 2;
  return std::nullopt;
}

Result<std::int64_t> parse_amount(std::string_view text, int exponent) {
  const auto refuse = [&](const char* why) {
    return fail(ErrorCode::kInvalidArgument,
                "'" + std::string(text.substr(0, 40)) + "' is not an amount: " + why);
  };
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  const std::size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  const std::string_view decimals =
      point == std::string_view::npos ? std::string_view{} : rest.substr(point + 1);
  if (whole.empty() && decimals.empty()) return refuse("it has no digits");
  std::int64_t value = 0;
  const auto push = [&](char c) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return false;
    return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
           !__builtin_add_overflow(value, std::int64_t{c - '0'}, &value);
  };
  for (const char c : whole)
    if (!push(c)) return refuse("a character is no digit, or it does not fit");
  for (std::size_t i = 0; i < decimals.size() || i < static_cast<std::size_t>(exponent); ++i) {
    const char c = i < decimals.size() ? decimals[i] : '0';
    if (i < static_cast<std::size_t>(exponent)) {
      if (!push(c)) return refuse("a character is no digit, or it does not fit");
    } else if (c != '0') {
      return refuse("the currency has fewer decimals");
    }
  }
  return negative ? -value : value;
}

}  // namespace usance::documents
