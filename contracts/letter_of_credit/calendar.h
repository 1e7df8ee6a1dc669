// When a bank works at one place, and the periods of a credit that hang on it.
//
// Every bank keeps its own calendar on the ledger for each of its places; there is no other source
// of days here. Pure: instants are UTC milliseconds that the caller passes in. Dates are local to
// the place.
#pragma once

#include <algorithm>
#include <cstdint>

#include "contracts/sdk/date.h"
#include "letter_of_credit/records.usance.h"

namespace usance::letter_of_credit::v1 {

using contract::Date;

inline constexpr std::int64_t kMsPerMinute = 60'000;

inline constexpr std::int32_t kExaminationBankingDays = 5;  // UCP 600 Art. 14(b), 16(d)
inline constexpr std::int32_t kUsualPresentationDays = 21;  // UCP 600 Art. 14(c)

// Bounds every walk over days, whatever a bank wrote: after this many closed days in a row the next
// day counts as open.
inline constexpr std::int32_t kLongestClosure = 366;

[[nodiscard]] inline std::int32_t offset_minutes(const Calendar& calendar, Date date) {
  std::int32_t minutes = calendar.offsets.empty() ? 0 : calendar.offsets.front().minutes;
  for (const UtcOffset& offset : calendar.offsets) {
    if (offset.from <= date) minutes = offset.minutes;
  }
  return minutes;
}

// Closed for reasons other than force majeure: what Art. 29 extends.
[[nodiscard]] inline bool is_regularly_closed(const Calendar& calendar, Date date) {
  const int day = date.weekday();
  const std::uint32_t iso_day = day == 0 ? 7 : static_cast<std::uint32_t>(day);
  return std::find(calendar.weekend.begin(), calendar.weekend.end(), iso_day) !=
             calendar.weekend.end() ||
         std::binary_search(calendar.holidays.begin(), calendar.holidays.end(), date);
}

// Closed by force majeure (Art. 36).
[[nodiscard]] inline bool is_interrupted(const Calendar& calendar, Date date) {
  return std::binary_search(calendar.interruptions.begin(), calendar.interruptions.end(), date);
}

[[nodiscard]] inline bool is_banking_day(const Calendar& calendar, Date date) {
  return !is_regularly_closed(calendar, date) && !is_interrupted(calendar, date);
}

// The date itself when the bank works on it.
[[nodiscard]] inline Date banking_day_on_or_after(const Calendar& calendar, Date date) {
  for (std::int32_t day = 0; day < kLongestClosure && !is_banking_day(calendar, date); ++day) {
    date = date.plus_days(1);
  }
  return date;
}

// The n-th banking day after `date`, which itself does not count (UCP 600 Art. 3, "after").
[[nodiscard]] inline Date banking_day_after(const Calendar& calendar, Date date, std::int32_t n) {
  for (std::int32_t i = 0; i < n; ++i) date = banking_day_on_or_after(calendar, date.plus_days(1));
  return date;
}

// Local calendar date of an instant.
[[nodiscard]] inline Date local_date(const Calendar& calendar, std::int64_t time_ms) {
  return Date::from_ms(time_ms + offset_minutes(calendar, Date::from_ms(time_ms)) * kMsPerMinute);
}

// The instant at which a date begins there.
[[nodiscard]] inline std::int64_t start_of_day(const Calendar& calendar, Date date) {
  return date.start_ms() - offset_minutes(calendar, date) * kMsPerMinute;
}

// The instant at which the bank closes on a date; from it on, the day's business is over.
[[nodiscard]] inline std::int64_t close_of_business(const Calendar& calendar, Date date) {
  return date.start_ms() +
         (std::int64_t{calendar.closes_at_minute} - offset_minutes(calendar, date)) * kMsPerMinute;
}

// The date on which a presentation made at an instant counts as received: a bank need not accept
// one outside its hours (Art. 33), so it counts on the next banking day.
[[nodiscard]] inline Date received_on(const Calendar& calendar, std::int64_t time_ms) {
  const Date today = local_date(calendar, time_ms);
  const bool over = time_ms >= close_of_business(calendar, today);
  return banking_day_on_or_after(calendar, over ? today.plus_days(1) : today);
}

// Art. 29(a): an expiry or a last day for presentation on a regularly closed day moves to the
// first following banking day. A day lost to force majeure moves nothing (Art. 36).
[[nodiscard]] inline Date extended_if_closed(const Calendar& calendar, Date date) {
  return is_regularly_closed(calendar, date) ? banking_day_on_or_after(calendar, date) : date;
}

// Last day on which a refusal may be notified for a presentation received on a date.
[[nodiscard]] inline Date examination_ends_on(const Calendar& calendar, Date received) {
  return banking_day_after(calendar, received, kExaminationBankingDays);
}

// Last day for presentation by the credit's period after shipment, extended by Art. 29 but never
// beyond the (extended) expiry (Art. 14(c)).
[[nodiscard]] inline Date last_presentation_day(const Calendar& calendar, Date shipment,
                                                std::int32_t period_days, Date expiry) {
  const Date by_period = extended_if_closed(calendar, shipment.plus_days(period_days));
  return std::min(by_period, extended_if_closed(calendar, expiry));
}

// Banking days after today up to `last`, included; 0 when `last` is not after today. What a work
// list shows as days left.
[[nodiscard]] inline std::uint32_t banking_days_left(const Calendar& calendar, Date today,
                                                     Date last) {
  std::uint32_t left = 0;
  Date day = today;
  for (std::int32_t i = 0; i < kLongestClosure && day < last; ++i) {
    day = day.plus_days(1);
    if (is_banking_day(calendar, day)) ++left;
  }
  return left;
}

}  // namespace usance::letter_of_credit::v1
