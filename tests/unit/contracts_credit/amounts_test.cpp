#include "contracts/letter_of_credit/amounts.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace usance::letter_of_credit::v1 {
namespace {

// A.8 case 7.
TEST(Amounts, AboutIsTenPercentEitherWay) {
  const Tolerance about = amount_tolerance(true, {});
  EXPECT_EQ(ceiling_of(100'000'00, about), 110'000'00);
  EXPECT_EQ(floor_of(100'000'00, about), 90'000'00);
}

TEST(Amounts, AStatedToleranceReplacesAbout) {
  EXPECT_EQ(ceiling_of(100'000'00, amount_tolerance(true, {500, 500})), 105'000'00);
  EXPECT_EQ(ceiling_of(100'000'00, amount_tolerance(false, {})), 100'000'00);
}

// A.8 case 8, and the usual 5 % of goods in bulk.
TEST(Amounts, PackingUnitsHaveNoFivePercent) {
  EXPECT_EQ(quantity_tolerance(false, true).plus_bp, 0U);
  EXPECT_EQ(quantity_tolerance(false, false).plus_bp, 500U);
  EXPECT_EQ(quantity_tolerance(true, true).plus_bp, 1'000U);
  EXPECT_EQ(share_ceil(2'000'000, 9'500), 1'900'000);
  EXPECT_EQ(share_floor(2'000'000, 10'500), 2'100'000);
}

TEST(Amounts, RoundingGoesAgainstTheClaimant) {
  EXPECT_EQ(ceiling_of(33, {1'000, 1'000}), 36);  // 36.3
  EXPECT_EQ(floor_of(33, {1'000, 1'000}), 30);    // 29.7
}

TEST(Amounts, WithoutToleranceADrawingMayFallShortByFivePercent) {
  EXPECT_EQ(floor_of(100'000'00, {}), 95'000'00);
  EXPECT_EQ(floor_of(100'000'00, {500, 0}), 100'000'00);
}

TEST(Amounts, AnAboutElsewhereTakesTheFivePercentAwayAndGivesItsOwnTen) {
  EXPECT_EQ(floor_of(100'000'00, {}, {true, false}), 90'000'00);
  EXPECT_EQ(floor_of(100'000'00, {}, {false, true}), 90'000'00);
  EXPECT_EQ(floor_of(100'000'00, {}, {true, true}), 81'000'00);
  EXPECT_EQ(floor_of(100'000'00, {300, 300}, {true, true}), 97'000'00);  // stated for the amount
}

TEST(Amounts, OnlyAboutLetsAUnitPriceDepart) {
  EXPECT_EQ(unit_price_tolerance(true).plus_bp, 1'000U);
  EXPECT_EQ(unit_price_tolerance(true).minus_bp, 1'000U);
  EXPECT_EQ(unit_price_tolerance(false).plus_bp, 0U);
  EXPECT_EQ(unit_price_tolerance(false).minus_bp, 0U);
}

TEST(Amounts, UnitPricesAreDecimalsWithSixPlaces) {
  EXPECT_EQ(parse_unit_price("4.85"), 4'850'000);
  EXPECT_EQ(parse_unit_price("0.000001"), 1);
  EXPECT_EQ(parse_unit_price("999999.999999"), 999'999'999'999);
  EXPECT_EQ(parse_unit_price("999999999999"), 999'999'999'999'000'000);
  for (const char* bad : {"", "1.2345678", "9999999999999", "-1", "4,85"}) {
    EXPECT_EQ(parse_unit_price(bad), std::nullopt) << bad;
  }
}

TEST(Amounts, WhatDoesNotFitIsNothing) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(ceiling_of(kMost, {1, 0}), std::nullopt);
  EXPECT_EQ(ceiling_of(kMost, {}), kMost);
  EXPECT_EQ(share_floor(-1, 10'000), std::nullopt);
}

TEST(Amounts, QuantitiesAreDecimalsWithThreePlaces) {
  EXPECT_EQ(parse_thousandths("19200"), 19'200'000);
  EXPECT_EQ(parse_thousandths("19.2"), 19'200);
  EXPECT_EQ(parse_thousandths("0.001"), 1);
  for (const char* bad :
       {"", ".", "1.", ".5", "1.2345", "-1", "1,5", "1e3", "1.2.3", "9999999999999999"}) {
    EXPECT_EQ(parse_thousandths(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace usance::letter_of_credit::v1
