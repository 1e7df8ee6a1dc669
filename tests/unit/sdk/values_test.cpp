// Dates, amounts and the texts of errors.
#include <gtest/gtest.h>

#include "contracts/sdk/instant.h"
#include "contracts/sdk/money.h"

namespace usance::contract {
namespace {

template <class Action>
std::int32_t code_of(Action action) {
  try {
    action();
  } catch (const Aborted& aborted) {
    return aborted.failure.code;
  }
  return 0;
}
std::int32_t code(StandardError error) {
  return static_cast<std::int32_t>(error);
}

TEST(Instant, IsWrittenToTheMillisecond) {
  EXPECT_EQ(exact_instant(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(exact_instant(1'795'369'785'095), "2026-11-22T17:49:45.095Z");
  EXPECT_EQ(exact_instant(253'402'300'799'999), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(exact_instant(253'402'300'800'000), "253402300800000 ms");
  EXPECT_EQ(exact_instant(-1), "-1 ms");
}

TEST(Date, CountsDaysBothWays) {
  EXPECT_EQ(Date{19700101}.to_days(), 0);
  EXPECT_EQ(Date{20000301}.to_days(), 11'017);
  EXPECT_EQ(Date{19691231}.to_days(), -1);
  for (std::int32_t days = -719'162; days <= 2'932'896; days += 97) {
    const Date date = Date::from_days(days);
    ASSERT_TRUE(date.is_valid()) << date.iso;
    ASSERT_EQ(date.to_days(), days);
  }
  EXPECT_EQ(Date::from_days(-719'162), Date{10101});  // the year 1
  EXPECT_EQ(Date::from_days(2'932'896), Date{99991231});
}

TEST(Date, KnowsTheDaysThatExist) {
  EXPECT_TRUE(Date{20240229}.is_valid());
  EXPECT_TRUE(Date{20000229}.is_valid());
  for (const int iso : {0, 20230229, 19000229, 20261301, 20260001, 20260100, 20260431, -20260101})
    EXPECT_FALSE(Date{iso}.is_valid()) << iso;
}

TEST(Date, MovesAndComparesAcrossMonths) {
  EXPECT_EQ(Date{20240228}.plus_days(2), Date{20240301});
  EXPECT_EQ(Date{20260101}.plus_days(-1), Date{20251231});
  EXPECT_EQ(days_between(Date{20261121}, Date{20261221}), 30);
  EXPECT_LT(Date{20261130}, Date{20261201});
  EXPECT_EQ(code_of([] { (void)Date{99991231}.plus_days(1); }),
            code(StandardError::kAmountOutOfRange));
}

TEST(Date, ReadsInstantsInUtc) {
  EXPECT_EQ(Date::from_ms(0), Date{19700101});
  EXPECT_EQ(Date::from_ms(-1), Date{19691231});
  EXPECT_EQ(Date::from_ms(Date{20261121}.end_ms() - 1), Date{20261121});
  EXPECT_EQ(Date::from_ms(Date{20261121}.end_ms()), Date{20261122});
  EXPECT_EQ(Date{20261121}.weekday(), 6);  // a Saturday
  EXPECT_EQ(Date{19691228}.weekday(), 0);
  EXPECT_EQ(to_text(Date{20260105}), "2026-01-05");
  EXPECT_EQ(to_text(Date{}), "no date");
}

TEST(Money, KnowsTheExponentsOfIso4217) {
  EXPECT_EQ(currency_exponent("USD"), 2);
  EXPECT_EQ(currency_exponent("JPY"), 0);
  EXPECT_EQ(currency_exponent("UGX"), 0);
  EXPECT_EQ(currency_exponent("KWD"), 3);
  EXPECT_EQ(currency_exponent("CLF"), 4);
  for (const char* code : {"", "US", "usd", "USDX", "XXX", "SD ", "D A"})
    EXPECT_EQ(currency_exponent(code), -1) << code;
}

TEST(Money, IsWrittenWithItsDecimals) {
  EXPECT_EQ(to_text(Money{"USD", 100'000}), "USD 1000.00");
  EXPECT_EQ(to_text(Money{"USD", -5}), "USD -0.05");
  EXPECT_EQ(to_text(Money{"JPY", 1'000}), "JPY 1000");
  EXPECT_EQ(to_text(Money{"KWD", 1}), "KWD 0.001");
  EXPECT_EQ(to_text(Money{"USD", INT64_MIN}), "USD -92233720368547758.08");
}

TEST(Money, AddsAndSubtractsChecked) {
  EXPECT_EQ(add({"EUR", 1}, {"EUR", 2}), (Money{"EUR", 3}));
  EXPECT_EQ(subtract({"EUR", 1}, {"EUR", 2}), (Money{"EUR", -1}));
  EXPECT_EQ(code_of([] { (void)add({"EUR", INT64_MAX}, {"EUR", 1}); }),
            code(StandardError::kAmountOutOfRange));
  EXPECT_EQ(code_of([] { (void)subtract({"EUR", INT64_MIN}, {"EUR", 1}); }),
            code(StandardError::kAmountOutOfRange));
  EXPECT_EQ(code_of([] { (void)add({"EUR", 1}, {"USD", 1}); }),
            code(StandardError::kCurrencyMismatch));
  EXPECT_EQ(code_of([] { (void)compare({"EUR", 1}, {"USD", 1}); }),
            code(StandardError::kCurrencyMismatch));
}

TEST(Money, TakesSharesWithTheRoundingThatIsAsked) {
  const Money amount{"USD", 333};
  EXPECT_EQ(share(amount, 5'000, Rounding::kFloor).minor_units, 166);
  EXPECT_EQ(share(amount, 5'000, Rounding::kCeiling).minor_units, 167);
  EXPECT_EQ(share(amount, 5'000, Rounding::kHalfEven).minor_units, 166);
  EXPECT_EQ(share({"USD", -333}, 5'000, Rounding::kFloor).minor_units, -167);
  EXPECT_EQ(share({"USD", -333}, 5'000, Rounding::kTowardZero).minor_units, -166);
  EXPECT_EQ(scale({"USD", INT64_MAX}, 3, 3, Rounding::kFloor).minor_units, INT64_MAX);
  EXPECT_EQ(code_of([] { (void)scale({"USD", INT64_MAX}, 2, 1, Rounding::kFloor); }),
            code(StandardError::kAmountOutOfRange));
  EXPECT_EQ(code_of([] { (void)scale({"USD", 1}, 1, 0, Rounding::kFloor); }),
            code(StandardError::kAmountOutOfRange));
}

TEST(Muldiv, RoundsByTheSignOfTheExactQuotient) {
  std::int64_t out = 0;
  ASSERT_TRUE(muldiv(7, 1, -2, Rounding::kFloor, out));
  EXPECT_EQ(out, -4);
  ASSERT_TRUE(muldiv(-7, 1, -2, Rounding::kCeiling, out));
  EXPECT_EQ(out, 4);
  ASSERT_TRUE(muldiv(5, 1, 2, Rounding::kHalfEven, out));
  EXPECT_EQ(out, 2);
  ASSERT_TRUE(muldiv(7, 1, 2, Rounding::kHalfEven, out));
  EXPECT_EQ(out, 4);
  ASSERT_TRUE(muldiv(INT64_MIN, INT64_MIN, INT64_MIN, Rounding::kFloor, out));
  EXPECT_EQ(out, INT64_MIN);
  EXPECT_FALSE(muldiv(INT64_MIN, -1, 1, Rounding::kFloor, out));
}

TEST(Failure, PutsParametersIntoTheirPlaces) {
  EXPECT_EQ(errors::currency_mismatch("USD", "EUR").detail, "the amount is in USD, not in EUR");
  EXPECT_EQ(decimal(std::int64_t{INT64_MIN}), "-9223372036854775808");
  EXPECT_EQ(decimal(std::uint64_t{0}), "0");
}

TEST(Failure, CutsALongTextAtACharacter) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "\xC3\xA9";
  const std::string& detail = errors::unknown_method("x" + text).detail;
  EXPECT_LE(detail.size(), 512U);
  EXPECT_GE(detail.size(), 511U);
  EXPECT_EQ(static_cast<unsigned char>(detail.back()), 0xA9U);
}

}  // namespace
}  // namespace usance::contract
