#include "tools/render/calendar.h"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace usance::render {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

bool number(std::string_view text, std::int64_t& out) {
  if (text.empty() || text.front() == '-' || text.front() == '+') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

tl::unexpected<Error> refuse(std::string_view text, std::string_view expected) {
  return fail(ErrorCode::kInvalidArgument,
              "'" + std::string(text) + "' is not " + std::string(expected));
}

}  // namespace

Result<std::int32_t> parse_date(std::string_view text) {
  constexpr std::string_view kExpected = "a date, written as in 2026-11-21";
  std::string digits(text);
  if (digits.size() == 10 && digits[4] == '-' && digits[7] == '-') {
    digits.erase(7, 1);
    digits.erase(4, 1);
  }
  std::int64_t value = 0;
  if (digits.size() != 8 || !number(digits, value)) return refuse(text, kExpected);
  const std::chrono::year_month_day day{
      std::chrono::year(static_cast<int>(value / 10'000)),
      std::chrono::month(static_cast<unsigned>(value / 100 % 100)),
      std::chrono::day(static_cast<unsigned>(value % 100))};
  if (!day.ok()) return refuse(text, "a day of the calendar");
  return static_cast<std::int32_t>(value);
}

std::string format_date(std::int32_t date) {
  if (date == 0) return "no date";
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02d-%02d", date / 10'000, date / 100 % 100, date % 100);
  return out;
}

Result<std::int64_t> parse_time(std::string_view text) {
  constexpr std::string_view kExpected = "an instant in UTC, written as in 2026-11-21T10:30:00Z";
  // YYYY-MM-DDTHH:MM:SS[.mmm]Z
  if (text.size() < 20 || text[10] != 'T' || text.back() != 'Z' || text[13] != ':' ||
      text[16] != ':')
    return refuse(text, kExpected);
  const Result<std::int32_t> date = parse_date(text.substr(0, 10));
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  std::int64_t ms = 0;
  const bool clock = number(text.substr(11, 2), hours) && number(text.substr(14, 2), minutes) &&
                     number(text.substr(17, 2), seconds) && hours < 24 && minutes < 60 &&
                     seconds < 60;
  const bool fraction =
      text.size() == 20 || (text.size() == 24 && text[19] == '.' && number(text.substr(20, 3), ms));
  if (!date || !clock || !fraction) return refuse(text, kExpected);
  const std::chrono::sys_days day{
      std::chrono::year_month_day{std::chrono::year(*date / 10'000),
                                  std::chrono::month(static_cast<unsigned>(*date / 100 % 100)),
                                  std::chrono::day(static_cast<unsigned>(*date % 100))}};
  return day.time_since_epoch().count() * kDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 +
         ms;
}

std::string format_time(std::int64_t ms) {
  std::int64_t days = ms / kDayMs;
  std::int64_t rest = ms % kDayMs;
  if (rest < 0) {
    rest += kDayMs;
    --days;
  }
  // Beyond the calendar's years (what only a forged number can hold) the number itself is shown.
  if (days < -700'000 || days > 2'900'000) return std::to_string(ms) + " ms";
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{days}}};
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()), static_cast<int>(rest / 3'600'000),
                static_cast<int>(rest / 60'000 % 60), static_cast<int>(rest / 1000 % 60),
                static_cast<int>(rest % 1000));
  return out;
}

Result<std::int64_t> parse_duration(std::string_view text) {
  constexpr std::string_view kExpected = "a duration, written as in 6d, 36h, 90m, 30s or 500ms";
  if (text.empty()) return refuse(text, kExpected);
  std::int64_t total = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    std::int64_t count = 0;
    if (digits > 12 || !number(rest.substr(0, digits), count)) return refuse(text, kExpected);
    rest.remove_prefix(digits);
    const std::size_t letters = std::min(rest.find_first_of("0123456789"), rest.size());
    const std::string_view unit = rest.substr(0, letters);
    rest.remove_prefix(letters);
    std::int64_t scale = 0;
    if (unit == "d") scale = kDayMs;
    if (unit == "h") scale = 3'600'000;
    if (unit == "m") scale = 60'000;
    if (unit == "s") scale = 1'000;
    if (unit == "ms") scale = 1;
    std::int64_t part = 0;
    if (scale == 0 || __builtin_mul_overflow(count, scale, &part) ||
        __builtin_add_overflow(total, part, &total))
      return refuse(text, kExpected);
  }
  return total;
}

}  // namespace usance::render
