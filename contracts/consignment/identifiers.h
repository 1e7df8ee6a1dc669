// Check digits of identifiers that third parties' documents carry. In such documents they are often
// wrong, so whoever imports them warns and goes on.
//
// Pure: no host access.
#pragma once

#include <cstdint>
#include <string_view>

namespace usance::consignment::v1 {

// ISO 6346: four letters, six digits, check digit; the fourth letter is the equipment category.
// Letters count 10 to 38 without the multiples of 11; position i weighs 2^i; the sum modulo 11,
// modulo 10, is the check digit.
[[nodiscard]] constexpr bool is_container_number(std::string_view text) {
  if (text.size() != 11) return false;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    std::uint32_t value = 0;
    if (i < 4) {
      if (text[i] < 'A' || text[i] > 'Z') return false;
      const auto letter = static_cast<std::uint32_t>(text[i] - 'A');
      value = 10 + letter + (letter + 9) / 10;  // skips 11, 22 and 33
    } else {
      if (text[i] < '0' || text[i] > '9') return false;
      value = static_cast<std::uint32_t>(text[i] - '0');
    }
    sum += value << i;
  }
  return text[10] == static_cast<char>('0' + sum % 11 % 10);
}

// IMO ship number: seven digits; the first six weighed 7 to 2 give the last one.
[[nodiscard]] constexpr bool is_imo_number(std::string_view text) {
  if (text.size() != 7) return false;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    if (i < 6) sum += static_cast<std::uint32_t>(text[i] - '0') * static_cast<std::uint32_t>(7 - i);
  }
  return text[6] == static_cast<char>('0' + sum % 10);
}

}  // namespace usance::consignment::v1
