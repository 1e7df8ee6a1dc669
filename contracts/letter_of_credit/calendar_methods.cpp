// A bank's own calendars. They are append-only for the future: what has begun to run keeps its
// days.
#include <algorithm>

#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/open_credit.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::Date;
using contract::fail;

namespace {

constexpr std::size_t kMaxDays = 4'000;  // of each list in the record

std::string scope_of(Context& ctx, const std::string& place) {
  return "@calendar/" + ctx.organisation() + "/" + place;
}

void insert(std::vector<Date>& days, Date day) {
  const auto at = std::lower_bound(days.begin(), days.end(), day);
  if (at != days.end() && *at == day) return;
  if (days.size() == kMaxDays) fail(errors::too_many(kMaxDays, "days of one kind in a calendar"));
  days.insert(at, day);
}

// A bank cannot move a deadline by rewriting its calendar: it may only add offsets to come.
void require_continuation(const Calendar& existing, const SetCalendarRequest& request,
                          std::int64_t now_ms) {
  if (request.closes_at_minute != existing.closes_at_minute ||
      request.weekend != existing.weekend) {
    fail(errors::bad_calendar("hours and weekend stay as they were first set"));
  }
  const bool kept =
      request.offsets.size() >= existing.offsets.size() &&
      std::equal(existing.offsets.begin(), existing.offsets.end(), request.offsets.begin());
  if (!kept) fail(errors::bad_calendar("offsets are added, never changed"));
  const Date today = local_date(existing, now_ms);
  for (std::size_t i = existing.offsets.size(); i < request.offsets.size(); ++i) {
    if (request.offsets[i].from <= today) {
      fail(errors::bad_calendar("an added offset lies in the future"));
    }
  }
}

}  // namespace

contract::Empty Contract::set_calendar(Context& ctx, const SetCalendarRequest& request) {
  if (request.closes_at_minute > 24 * 60) {
    fail(errors::bad_calendar("it closes at a minute of the day, at most 1440"));
  }
  if (request.offsets.empty()) fail(errors::bad_calendar("its distance from UTC is missing"));
  for (std::size_t i = 0; i < request.offsets.size(); ++i) {
    const UtcOffset& offset = request.offsets[i];
    if (!offset.from.is_set()) fail(errors::bad_calendar("an offset holds from a date on"));
    if (offset.minutes < -14 * 60 || offset.minutes > 14 * 60) {
      fail(errors::bad_calendar("an offset is at most 14 hours"));
    }
    if (i > 0 && offset.from <= request.offsets[i - 1].from) {
      fail(errors::bad_calendar("offsets ascend by date"));
    }
  }
  for (const std::uint32_t day : request.weekend) {
    if (day < 1 || day > 7) fail(errors::bad_calendar("weekdays are 1 (Monday) to 7 (Sunday)"));
  }
  contract::Record<Calendar> record(ctx, scope_of(ctx, request.place));
  const std::optional<Calendar> existing = record.find();
  if (existing) require_continuation(*existing, request, ctx.now_ms());
  Calendar calendar = existing.value_or(Calendar{});
  calendar.offsets = request.offsets;
  calendar.closes_at_minute = request.closes_at_minute;
  calendar.weekend = request.weekend;
  record.put(calendar);
  return {};
}

contract::Empty Contract::add_holidays(Context& ctx, const AddHolidaysRequest& request) {
  Calendar calendar = calendar_of(ctx, ctx.organisation(), request.place);
  const Date today = local_date(calendar, ctx.now_ms());
  for (const Date day : request.dates) {
    if (day <= today) fail(errors::bad_calendar("a holiday is announced before its day"));
    insert(calendar.holidays, day);
  }
  contract::Record<Calendar>(ctx, scope_of(ctx, request.place)).put(calendar);
  return {};
}

contract::Empty Contract::declare_interruption(Context& ctx,
                                               const DeclareInterruptionRequest& request) {
  constexpr std::int32_t kLongest = 90;  // days in one declaration
  Calendar calendar = calendar_of(ctx, ctx.organisation(), request.place);
  if (request.from < local_date(calendar, ctx.now_ms())) {
    fail(errors::bad_calendar("an interruption is declared from today on, not for the past"));
  }
  if (request.to < request.from || contract::days_between(request.from, request.to) >= kLongest) {
    fail(errors::bad_calendar("an interruption lasts 1 to 90 days"));
  }
  for (Date day = request.from; day <= request.to; day = day.plus_days(1)) {
    insert(calendar.interruptions, day);
  }
  contract::Record<Calendar>(ctx, scope_of(ctx, request.place)).put(calendar);
  return {};
}

}  // namespace usance::letter_of_credit::v1
