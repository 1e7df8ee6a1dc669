#include "contracts/sdk/date.h"

#include <array>

#include "usance/contract/types.usance.h"

namespace usance::contract {
namespace {

constexpr std::int32_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int32_t kLastDay = 2'932'896;  // 9999-12-31

bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int year, int month) {
  constexpr std::array<std::int8_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

void append_padded(std::string& out, int number, int digits) {
  const std::string text = decimal(std::int64_t{number});
  out.append(static_cast<std::size_t>(digits) - text.size(), '0');
  out += text;
}

}  // namespace

bool Date::is_valid() const {
  if (iso < 1'01'01 || iso > 9999'12'31) return false;
  if (month() < 1 || month() > 12) return false;
  return day() >= 1 && day() <= days_in_month(year(), month());
}

// Howard Hinnant's civil calendar: years begin in March, so that the leap day comes last.
std::int32_t Date::to_days() const {
  const int y = month() <= 2 ? year() - 1 : year();
  const int era = y / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month() + (month() > 2 ? -3 : 9)) + 2) / 5 + day() - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

Date Date::from_days(std::int32_t days) {
  const int shifted = days + 719'468;
  const int era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const int day_of_era = shifted - era * 146'097;
  const int year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = (5 * day_of_year + 2) / 153;
  const int day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const int month = month_from_march + (month_from_march < 10 ? 3 : -9);
  return of(year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

int Date::weekday() const {
  const int from_thursday = to_days() % 7;  // 1970-01-01 was one
  return (from_thursday + 11) % 7;
}

Date Date::plus_days(std::int32_t days) const {
  const std::int64_t sum = std::int64_t{to_days()} + days;
  if (sum < kFirstDay || sum > kLastDay) fail(errors::amount_out_of_range("a date"));
  return from_days(static_cast<std::int32_t>(sum));
}

Date Date::from_ms(std::int64_t utc_ms) {
  std::int64_t days = utc_ms / kDayMs;
  if (utc_ms % kDayMs < 0) --days;
  if (days < kFirstDay || days > kLastDay) fail(errors::amount_out_of_range("an instant"));
  return from_days(static_cast<std::int32_t>(days));
}

std::int32_t days_between(Date from, Date to) {
  return to.to_days() - from.to_days();
}

std::string to_text(Date date) {
  if (!date.is_set()) return "no date";
  std::string out;
  append_padded(out, date.year(), 4);
  out += '-';
  append_padded(out, date.month(), 2);
  out += '-';
  append_padded(out, date.day(), 2);
  return out;
}

}  // namespace usance::contract
