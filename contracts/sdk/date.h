// Calendar dates, proleptic Gregorian, without a time zone. On the wire a date is the ISO 8601
// basic form read as a number (20261121), 0 standing for no date. Years 1 to 9999.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace usance::contract {

inline constexpr std::int64_t kDayMs = 86'400'000;

struct Date {
  std::int32_t iso = 0;

  friend auto operator<=>(const Date&, const Date&) = default;

  [[nodiscard]] bool is_set() const { return iso != 0; }
  [[nodiscard]] int year() const { return iso / 10'000; }
  [[nodiscard]] int month() const { return iso / 100 % 100; }
  [[nodiscard]] int day() const { return iso % 100; }
  // A day that exists: not 0, not 20260230.
  [[nodiscard]] bool is_valid() const;
  // Days since 1970-01-01; negative before. Of a valid date only.
  [[nodiscard]] std::int32_t to_days() const;
  // 0 Sunday to 6 Saturday. Of a valid date only.
  [[nodiscard]] int weekday() const;
  // Fails with AMOUNT_OUT_OF_RANGE when it leaves the years 1 to 9999.
  [[nodiscard]] Date plus_days(std::int32_t days) const;
  // The instant at which the day begins in UTC, in milliseconds.
  [[nodiscard]] std::int64_t start_ms() const { return to_days() * kDayMs; }
  // The instant at which the next day begins: a term "until this date" has passed from here on.
  [[nodiscard]] std::int64_t end_ms() const { return start_ms() + kDayMs; }

  [[nodiscard]] static Date of(int year, int month, int day) {
    return Date{year * 10'000 + month * 100 + day};
  }
  [[nodiscard]] static Date from_days(std::int32_t days);
  // The UTC date of an instant.
  [[nodiscard]] static Date from_ms(std::int64_t utc_ms);
};

// Whole days from one valid date to another, negative when `to` is earlier.
[[nodiscard]] std::int32_t days_between(Date from, Date to);

// "2026-11-21"; "no date" for 0.
[[nodiscard]] std::string to_text(Date date);

}  // namespace usance::contract
