// Instants in the texts of errors. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "contracts/sdk/date.h"

namespace usance::letter_of_credit::v1 {

// "2027-03-05 16:00 UTC", to the minute. `time_ms` is not negative.
[[nodiscard]] inline std::string instant_text(std::int64_t time_ms) {
  const std::int64_t minute = time_ms / 60'000 % 1'440;
  std::string text = to_text(contract::Date::from_ms(time_ms)) + " 00:00 UTC";
  const auto digit = [](std::int64_t value) { return static_cast<char>('0' + value % 10); };
  text[11] = digit(minute / 600);
  text[12] = digit(minute / 60 % 10);
  text[14] = digit(minute % 60 / 10);
  text[15] = digit(minute);
  return text;
}

}  // namespace usance::letter_of_credit::v1
