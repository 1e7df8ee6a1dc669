// The words for dates that UCP 600 Art. 3 gives a meaning, as the days that they stand for. Of
// shipment; for a maturity "from" and "after" leave the date out (tenor.h).
//
// Pure: no host access. Dates are valid ones of the years 1 to 9998.
#pragma once

#include "contracts/sdk/date.h"

namespace usance::letter_of_credit::v1 {

// Days from the first to the last, both included; one that is not set leaves that side open.
struct DateSpan {
  contract::Date first;
  contract::Date last;

  friend bool operator==(const DateSpan&, const DateSpan&) = default;

  [[nodiscard]] bool contains(contract::Date date) const {
    return date >= first && (!last.is_set() || date <= last);
  }
};

// "on or about" a date: five calendar days before it to five after it, these included.
[[nodiscard]] inline DateSpan on_or_about(contract::Date date) {
  return {date.plus_days(-5), date.plus_days(5)};
}

// "to", "until", "till", "from" and "between" include the date or dates that they name.
[[nodiscard]] inline DateSpan until(contract::Date date) {
  return {{}, date};
}
[[nodiscard]] inline DateSpan from(contract::Date date) {
  return {date, {}};
}
[[nodiscard]] inline DateSpan between(contract::Date first, contract::Date last) {
  return {first, last};
}

// "before" and "after" leave it out.
[[nodiscard]] inline DateSpan before(contract::Date date) {
  return {{}, date.plus_days(-1)};
}
[[nodiscard]] inline DateSpan after(contract::Date date) {
  return {date.plus_days(1), {}};
}

[[nodiscard]] inline contract::Date last_of_month(int year, int month) {
  const contract::Date next =
      month == 12 ? contract::Date::of(year + 1, 1, 1) : contract::Date::of(year, month + 1, 1);
  return next.plus_days(-1);
}

// "first half" and "second half" of a month: the 1st to the 15th, the 16th to its last day.
[[nodiscard]] inline DateSpan first_half(int year, int month) {
  return {contract::Date::of(year, month, 1), contract::Date::of(year, month, 15)};
}
[[nodiscard]] inline DateSpan second_half(int year, int month) {
  return {contract::Date::of(year, month, 16), last_of_month(year, month)};
}

// "beginning", "middle" and "end" of a month: 1st to 10th, 11th to 20th, 21st to its last day.
[[nodiscard]] inline DateSpan beginning(int year, int month) {
  return {contract::Date::of(year, month, 1), contract::Date::of(year, month, 10)};
}
[[nodiscard]] inline DateSpan middle(int year, int month) {
  return {contract::Date::of(year, month, 11), contract::Date::of(year, month, 20)};
}
[[nodiscard]] inline DateSpan end(int year, int month) {
  return {contract::Date::of(year, month, 21), last_of_month(year, month)};
}

}  // namespace usance::letter_of_credit::v1
