#include "tools/render/money.h"

#include <gtest/gtest.h>

namespace usance::render {
namespace {

TEST(Money, IsReadWithTheCurrencysDecimals) {
  EXPECT_EQ(parse_money("USD:1000.00").value(), (MoneyAmount{"USD", 100'000}));
  EXPECT_EQ(parse_money("USD:1000").value(), (MoneyAmount{"USD", 100'000}));
  EXPECT_EQ(parse_money("USD:0.5").value(), (MoneyAmount{"USD", 50}));
  EXPECT_EQ(parse_money("USD:-0.01").value(), (MoneyAmount{"USD", -1}));
  EXPECT_EQ(parse_money("JPY:1000").value(), (MoneyAmount{"JPY", 1'000}));
  EXPECT_EQ(parse_money("UGX:37000000").value(), (MoneyAmount{"UGX", 37'000'000}));
  EXPECT_EQ(parse_money("KWD:1.234").value(), (MoneyAmount{"KWD", 1'234}));
}

TEST(Money, RefusesWhatIsNoAmount) {
  for (const char* bad : {"", "1000", "USD", "USD:", "USD:1,000.00", "USD:1.", "USD:.5",
                          "USD:1.000", "USD:1e3", "USD:+1", "USD: 1", "USD:1 ", "USD:--1",
                          "USD:0x10", "usd:1", "JPY:10.5", "KWD:1.2345", "ABC:1", "USD:1:2"})
    EXPECT_FALSE(parse_money(bad)) << bad;
}

TEST(Money, SaysWhatWouldBeRight) {
  EXPECT_NE(parse_money("JPY:10.50").error().message.find("JPY has 0 decimals"), std::string::npos);
  EXPECT_NE(parse_money("UDS:1").error().message.find("did you mean 'USD'"), std::string::npos);
  EXPECT_NE(parse_money("1000").error().message.find("USD:1000.00"), std::string::npos);
}

TEST(Money, HoldsAllThatFitsAndNothingMore) {
  EXPECT_EQ(parse_money("USD:92233720368547758.07")->minor_units, INT64_MAX);
  EXPECT_EQ(parse_money("USD:-92233720368547758.08")->minor_units, INT64_MIN);
  EXPECT_FALSE(parse_money("USD:92233720368547758.08"));
  EXPECT_FALSE(parse_money("USD:-92233720368547758.09"));
  EXPECT_FALSE(parse_money("USD:99999999999999999999999999999999"));
}

TEST(Money, IsShownForPeople) {
  EXPECT_EQ(format_money({"USD", 123'456'789}), "USD 1,234,567.89");
  EXPECT_EQ(format_money({"USD", 5}), "USD 0.05");
  EXPECT_EQ(format_money({"USD", -100}), "USD -1.00");
  EXPECT_EQ(format_money({"JPY", 1'000}), "JPY 1,000");
  EXPECT_EQ(format_money({"KWD", 999}), "KWD 0.999");
  EXPECT_EQ(format_money({"USD", INT64_MIN}), "USD -92,233,720,368,547,758.08");
  EXPECT_EQ(format_money({"XXX", 7}), "7 minor units of 'XXX'");
}

}  // namespace
}  // namespace usance::render
