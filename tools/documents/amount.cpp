#include <cctype>

#include "tools/documents/invoice.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

Result<std::int64_t> parse_amount(std::string_view text, int exponent) {
  const auto refuse = [&](const char* why) {
    return fail(ErrorCode::kInvalidArgument, "'" + cut(text, 40) + "' is not an amount: " + why);
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
