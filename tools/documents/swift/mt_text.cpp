#include "tools/documents/swift/mt_text.h"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "contracts/sdk/currency.h"
#include "tools/documents/invoice.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

bool in_charset_x(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("/-?:().,'+ ").find(c) != std::string_view::npos;
}

bool in_charset_z(char c) {
  return in_charset_x(c) || std::string_view("=!\"%&*<>;@#_{").find(c) != std::string_view::npos;
}

std::string to_charset(std::string_view text, bool z) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT |
                                                      UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK);
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  const std::string plain = length < 0 ? std::string(text)
                                       : std::string(reinterpret_cast<const char*>(mapped),
                                                     static_cast<std::size_t>(length));
  std::string out;
  for (const char c : plain) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // one full stop per letter
    const bool known = z ? in_charset_z(c) : in_charset_x(c);
    if (known)
      out.push_back(c);
    else if (c == '\n' || c == '\r' || c == '\t')
      out.push_back(' ');
    else if (c == '&')
      out += "+";
    else
      out.push_back('.');
  }
  return out;
}

Result<std::int32_t> parse_mt_date(std::string_view text) {
  if (text.size() == 6) {
    const bool last_century = text[0] == '8' || text[0] == '9';
    const Result<std::int32_t> date = parse_date((last_century ? "19" : "20") + std::string(text));
    if (date) return *date;
  }
  return fail(ErrorCode::kMalformed, "'" + cut(text, 20) + "' is no date of six digits (YYMMDD)");
}

std::string write_mt_date(std::int32_t date) {
  const std::string digits = std::to_string(date);
  return digits.size() == 8 ? digits.substr(2) : "000000";
}

Result<MtAmount> parse_mt_amount(std::string_view text) {
  MtAmount out;
  out.currency = text.substr(0, 3);
  const int exponent = contract::currency_exponent(out.currency);
  if (exponent < 0)
    return fail(ErrorCode::kMalformed, "'" + out.currency + "' is no ISO 4217 currency");
  std::string number(text.substr(3));
  const std::size_t comma = number.find(',');
  if (comma == std::string::npos || comma == 0 || number.find('.') != std::string::npos ||
      number.size() > 15 || number[0] == '-' || number[0] == '+')
    return fail(ErrorCode::kMalformed,
                "an amount is a currency and at most 15 characters with one comma: USD93120,00");
  number[comma] = '.';
  USANCE_ASSIGN(out.minor_units, parse_amount(number, exponent));
  return out;
}

std::string write_mt_amount(std::string_view currency, std::int64_t minor_units) {
  const int exponent = contract::currency_exponent(currency);
  const auto places = static_cast<std::size_t>(exponent < 0 ? 0 : exponent);
  std::string digits = std::to_string(minor_units < 0 ? 0 : minor_units);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  std::string decimals = digits.substr(digits.size() - places);
  while (decimals.ends_with("0")) decimals.pop_back();
  return std::string(currency) + digits.substr(0, digits.size() - places) + "," + decimals;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, bool z) {
  const std::string plain = to_charset(text, z);
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < plain.size()) {
    if (plain[at] == ' ') {
      ++at;
      continue;
    }
    std::string line = plain.substr(at, width);
    if (line[0] == ':' || line[0] == '-') line = "." + line.substr(0, width - 1);
    const bool added = line[0] == '.' && plain[at] != '.';
    if (at + line.size() - (added ? 1 : 0) < plain.size()) {
      const std::size_t next = at + line.size() - (added ? 1 : 0);
      const std::size_t blank = line.rfind(' ');
      if (plain[next] != ' ' && blank != std::string::npos && blank > 0) line.resize(blank);
    }
    at += line.size() - (added ? 1 : 0);
    while (line.ends_with(" ")) line.pop_back();
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace usance::documents
