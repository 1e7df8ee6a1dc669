// Instants in the texts of errors, to the millisecond. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "contracts/sdk/date.h"
#include "contracts/sdk/failure.h"

namespace usance::contract {

// "2026-11-21T10:30:00.250Z", the form in which programs print and take instants. What lies before
// 1970 or after the year 9999 is written as a number of milliseconds.
[[nodiscard]] inline std::string exact_instant(std::int64_t utc_ms) {
  constexpr std::int64_t kEndMs = 253'402'300'800'000;  // 10000-01-01
  if (utc_ms < 0 || utc_ms >= kEndMs) return decimal(utc_ms) + " ms";
  std::string text = to_text(Date::from_ms(utc_ms)) + "T00:00:00.000Z";
  const auto put = [&text](std::size_t end, int digits, std::int64_t value) {
    for (; digits > 0; --digits, value /= 10) text[--end] = static_cast<char>('0' + value % 10);
  };
  put(13, 2, utc_ms / 3'600'000 % 24);
  put(16, 2, utc_ms / 60'000 % 60);
  put(19, 2, utc_ms / 1'000 % 60);
  put(23, 3, utc_ms % 1'000);
  return text;
}

}  // namespace usance::contract
