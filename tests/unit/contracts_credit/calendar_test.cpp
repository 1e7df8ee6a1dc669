#include "contracts/letter_of_credit/calendar.h"

#include <gtest/gtest.h>

#include "coffee.h"
#include "contracts/letter_of_credit/instant.h"

namespace usance::letter_of_credit::v1::test {
namespace {

constexpr std::int64_t kHour = 3'600'000;

TEST(Calendar, WeekendsAndHolidaysAreNoBankingDays) {
  Calendar calendar = hamburg();
  calendar.holidays = {day(2027, 3, 26), day(2027, 3, 29)};  // Good Friday, Easter Monday
  EXPECT_TRUE(is_banking_day(calendar, day(2027, 3, 25)));
  EXPECT_FALSE(is_banking_day(calendar, day(2027, 3, 26)));
  EXPECT_FALSE(is_banking_day(calendar, day(2027, 3, 27)));  // Saturday
  EXPECT_FALSE(is_banking_day(calendar, day(2027, 3, 28)));  // Sunday
  EXPECT_EQ(banking_day_on_or_after(calendar, day(2027, 3, 26)), day(2027, 3, 30));
}

// A.8 case 4: presented on a Thursday, the weekend closed, Monday a holiday.
TEST(Calendar, FiveBankingDaysSkipTheWeekendAndAHoliday) {
  Calendar calendar = hamburg();
  calendar.holidays = {day(2027, 3, 8)};  // Monday
  const Date thursday = day(2027, 3, 4);
  EXPECT_EQ(examination_ends_on(calendar, thursday), day(2027, 3, 12));  // the second Friday
  EXPECT_EQ(examination_ends_on(hamburg(), thursday), day(2027, 3, 11));
}

TEST(Calendar, LocalDateFollowsTheOffsetInForce) {
  const Calendar calendar = hamburg();
  EXPECT_EQ(local_date(calendar, day(2027, 3, 10).start_ms() + 22 * kHour), day(2027, 3, 10));
  EXPECT_EQ(local_date(calendar, day(2027, 3, 10).start_ms() + 23 * kHour), day(2027, 3, 11));
  EXPECT_EQ(close_of_business(calendar, day(2027, 3, 10)),
            day(2027, 3, 10).start_ms() + 16 * kHour);
  EXPECT_EQ(close_of_business(calendar, day(2027, 3, 30)),
            day(2027, 3, 30).start_ms() + 15 * kHour);  // summer time
}

TEST(Calendar, APresentationOutsideHoursCountsOnTheNextBankingDay) {
  const Calendar calendar = hamburg();
  const std::int64_t closing = close_of_business(calendar, day(2027, 3, 5));  // Friday
  EXPECT_EQ(received_on(calendar, closing - 1), day(2027, 3, 5));
  EXPECT_EQ(received_on(calendar, closing), day(2027, 3, 8));
  EXPECT_EQ(received_on(calendar, day(2027, 3, 6).start_ms() + 10 * kHour), day(2027, 3, 8));
}

TEST(Calendar, AClosedLastDayMovesToTheNextBankingDayButForceMajeureDoesNot) {
  Calendar calendar = hamburg();
  EXPECT_EQ(extended_if_closed(calendar, day(2027, 3, 14)), day(2027, 3, 15));  // Sunday
  EXPECT_EQ(extended_if_closed(calendar, day(2027, 3, 15)), day(2027, 3, 15));
  calendar.interruptions = {day(2027, 3, 17), day(2027, 3, 18)};
  EXPECT_EQ(extended_if_closed(calendar, day(2027, 3, 17)), day(2027, 3, 17));
  EXPECT_EQ(received_on(calendar, day(2027, 3, 17).start_ms() + 10 * kHour), day(2027, 3, 19));
}

TEST(Calendar, TheDaysOfAWorkListAreBankingDays) {
  const Calendar calendar = hamburg();
  EXPECT_EQ(banking_days_left(calendar, day(2027, 3, 4), day(2027, 3, 11)), 5U);
  EXPECT_EQ(banking_days_left(calendar, day(2027, 3, 11), day(2027, 3, 11)), 0U);
  EXPECT_EQ(banking_days_left(calendar, day(2027, 3, 12), day(2027, 3, 11)), 0U);
}

TEST(Calendar, ABankThatIsNeverOpenDoesNotLoopForEver) {
  Calendar calendar = hamburg();
  calendar.weekend = {1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(examination_ends_on(calendar, day(2027, 3, 1)),
            day(2027, 3, 1).plus_days(kExaminationBankingDays * (kLongestClosure + 1)));
}

TEST(Calendar, InstantsAreWrittenToTheMinute) {
  EXPECT_EQ(instant_text(day(2027, 3, 5).start_ms() + 16 * kHour + 7 * 60'000),
            "2027-03-05 16:07 UTC");
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
