// Characters as the formats of trade mean them: of ASCII, whatever the locale.
#pragma once

namespace usance::documents {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_alphanumeric(char c) {  // small letters are not
  return is_digit(c) || is_capital(c);
}

}  // namespace usance::documents
