#include "contracts/letter_of_credit/date_words.h"

#include <gtest/gtest.h>

#include "coffee.h"

namespace usance::letter_of_credit::v1::test {
namespace {

const Date kMid = day(2027, 3, 15);

// UCP 600 Art. 3, word by word.
TEST(DateWords, OnOrAboutIsFiveDaysEitherWayIncluded) {
  EXPECT_EQ(on_or_about(kMid), (DateSpan{day(2027, 3, 10), day(2027, 3, 20)}));
  EXPECT_FALSE(on_or_about(kMid).contains(day(2027, 3, 9)));
  EXPECT_TRUE(on_or_about(kMid).contains(day(2027, 3, 10)));
  EXPECT_TRUE(on_or_about(kMid).contains(day(2027, 3, 20)));
  EXPECT_FALSE(on_or_about(kMid).contains(day(2027, 3, 21)));
}

TEST(DateWords, ToUntilTillFromAndBetweenInclude) {
  EXPECT_TRUE(until(kMid).contains(kMid));
  EXPECT_FALSE(until(kMid).contains(kMid.plus_days(1)));
  EXPECT_TRUE(from(kMid).contains(kMid));
  EXPECT_FALSE(from(kMid).contains(kMid.plus_days(-1)));
  const DateSpan both = between(kMid, kMid.plus_days(2));
  EXPECT_TRUE(both.contains(kMid));
  EXPECT_TRUE(both.contains(kMid.plus_days(2)));
  EXPECT_FALSE(both.contains(kMid.plus_days(3)));
}

TEST(DateWords, BeforeAndAfterExclude) {
  EXPECT_FALSE(before(kMid).contains(kMid));
  EXPECT_TRUE(before(kMid).contains(kMid.plus_days(-1)));
  EXPECT_FALSE(after(kMid).contains(kMid));
  EXPECT_TRUE(after(kMid).contains(kMid.plus_days(1)));
}

TEST(DateWords, PartsOfAMonth) {
  EXPECT_EQ(first_half(2027, 3), (DateSpan{day(2027, 3, 1), day(2027, 3, 15)}));
  EXPECT_EQ(second_half(2027, 3), (DateSpan{day(2027, 3, 16), day(2027, 3, 31)}));
  EXPECT_EQ(second_half(2028, 2), (DateSpan{day(2028, 2, 16), day(2028, 2, 29)}));
  EXPECT_EQ(beginning(2027, 3), (DateSpan{day(2027, 3, 1), day(2027, 3, 10)}));
  EXPECT_EQ(middle(2027, 3), (DateSpan{day(2027, 3, 11), day(2027, 3, 20)}));
  EXPECT_EQ(end(2027, 3), (DateSpan{day(2027, 3, 21), day(2027, 3, 31)}));
  EXPECT_EQ(end(2027, 12), (DateSpan{day(2027, 12, 21), day(2027, 12, 31)}));
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
