// docs/documents.md, "What customs compares": every flag, at its threshold and beyond it.
#include "tools/documents/misinvoicing.h"

#include <gtest/gtest.h>

namespace usance::documents {
namespace {

// Ten tonnes at 2.00 a kilogram.
CustomsLine line() {
  CustomsLine out;
  out.declared = {2'000'000, Basis::kCif};
  out.quantity = 10'000;
  out.net_weight_grams = 10'000'000;
  out.origin = "IN";
  return out;
}

std::vector<MisinvoicingFlag> flags(const CustomsLine& of) {
  const auto out = misinvoicing_flags(of);
  EXPECT_TRUE(out.has_value());
  return out.value_or(std::vector<MisinvoicingFlag>{});
}
using Flags = std::vector<MisinvoicingFlag>;

TEST(Misinvoicing, NothingToCompareWithRaisesNothing) {
  EXPECT_TRUE(flags(line()).empty());
}

TEST(Misinvoicing, AValueBelowFourFifthsIsUnderAndAboveItsReciprocalOver) {
  CustomsLine one = line();
  one.invoice = Value{2'500'000, Basis::kCif};
  EXPECT_TRUE(flags(one).empty());
  one.invoice = Value{2'500'001, Basis::kCif};
  EXPECT_EQ(flags(one), (Flags{{Misinvoicing::kUnder, "invoice"}}));
  one.invoice = Value{1'600'000, Basis::kCif};
  EXPECT_TRUE(flags(one).empty());
  one.invoice.reset();
  one.mirror = Value{1'599'999, Basis::kCif};
  EXPECT_EQ(flags(one), (Flags{{Misinvoicing::kOver, "mirror"}}));
  one.financed = Value{9'000'000, Basis::kCif};
  EXPECT_EQ(flags(one),
            (Flags{{Misinvoicing::kUnder, "financed"}, {Misinvoicing::kOver, "mirror"}}));
}

TEST(Misinvoicing, BothSidesComeToOneBasisFirst) {
  CustomsLine one = line();
  one.freight = 500'000;
  one.insurance = 20'000;
  one.mirror = Value{1'480'000, Basis::kFob};  // with freight and insurance the same
  EXPECT_TRUE(flags(one).empty());
  one.mirror = Value{1'480'000, Basis::kCif};
  EXPECT_EQ(flags(one), (Flags{{Misinvoicing::kOver, "mirror"}}));
}

TEST(Misinvoicing, PricesOfOthersCountFromEightAndFromThreeAndAHalfDeviations) {
  CustomsLine one = line();
  // Median 300, median deviation 10: the bound is 300 - 3.5 x 1.4826 x 10 = 248.1.
  one.unit_prices = {280, 290, 290, 300, 300, 310, 310};
  EXPECT_TRUE(flags(one).empty());  // seven
  one.unit_prices = {280, 290, 290, 300, 300, 310, 310, 320};
  EXPECT_EQ(flags(one), (Flags{{Misinvoicing::kUnder, "unit prices"}}));
  one.declared.amount = 2'490'000;
  EXPECT_TRUE(flags(one).empty());
  one.declared.amount = 3'520'000;
  EXPECT_EQ(flags(one), (Flags{{Misinvoicing::kOver, "unit prices"}}));
}

TEST(Misinvoicing, FactsFlagByThemselves) {
  CustomsLine one = line();
  one.transport_weight_grams = 10'500'000;  // 4.8 per cent apart
  one.shipment_events = 3;
  one.certificate_origin = "IN";
  one.invoice_share_here = 6'000;
  one.invoice_share_elsewhere = 4'000;
  EXPECT_TRUE(flags(one).empty());
  one.transport_weight_grams = 11'000'000;
  one.shipment_events = 0;
  one.certificate_origin = "LK";
  one.invoice_share_elsewhere = 4'001;
  EXPECT_EQ(flags(one), (Flags{{Misinvoicing::kQuantity, "transport document"},
                               {Misinvoicing::kPhantom, "shipment"},
                               {Misinvoicing::kMultiple, "other declarations"},
                               {Misinvoicing::kOrigin, "certificate"}}));
}

TEST(Misinvoicing, NumbersThatAreNoneAreRefused) {
  CustomsLine one = line();
  one.declared.amount = 0;
  EXPECT_FALSE(misinvoicing_flags(one).has_value());
  one = line();
  one.invoice = Value{-1, Basis::kCif};
  EXPECT_FALSE(misinvoicing_flags(one).has_value());
  one = line();
  one.unit_prices.assign(8, 100);
  one.quantity = 0;
  EXPECT_FALSE(misinvoicing_flags(one).has_value());
  one.quantity = INT64_MAX;
  EXPECT_FALSE(misinvoicing_flags(one).has_value());
  EXPECT_FALSE(misinvoicing_flags(line(), {.least_ratio = 10'001}).has_value());
}

TEST(Misinvoicing, ALineIsReadFromJson) {
  const auto read = read_customs_line(
      R"({"currency":"EUR","declared":{"value":"20000.00","basis":"FOB"},"freight":"150.5",
          "quantity":10000,"net_weight_grams":10000000,"origin":"IN","shipment_events":0,
          "invoice":{"value":"25000","basis":"CIF"},"unit_prices":["2.00","2.10"]})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->declared.amount, 2'000'000);
  EXPECT_EQ(read->declared.basis, Basis::kFob);
  EXPECT_EQ(read->freight, 15'050);
  EXPECT_EQ(read->invoice->amount, 2'500'000);
  EXPECT_EQ(read->shipment_events, 0u);
  EXPECT_EQ(read->unit_prices, (std::vector<std::int64_t>{200, 210}));
  for (const char* bad :
       {"", "[]", R"({"currency":"XYZ"})", R"({"currency":"EUR"})",
        R"({"currency":"EUR","declared":{"value":"1","basis":"EXW"}})",
        R"({"currency":"EUR","declared":{"value":"x","basis":"FOB"}})",
        R"({"currency":"EUR","declared":{"value":"1","basis":"FOB"},"unit_prices":[3]})"})
    EXPECT_FALSE(read_customs_line(bad).has_value()) << bad;
}

// A field that is passed over would be a comparison that nobody misses.
TEST(Misinvoicing, AFieldOfAnotherNameOrKindIsRefusedByName) {
  const std::string good = R"({"currency":"EUR","declared":{"value":"1","basis":"FOB"})";
  ASSERT_TRUE(read_customs_line(good + "}"));
  for (const auto& [field, named] : std::vector<std::pair<std::string, std::string>>{
           {R"("financd":{"value":"2","basis":"FOB"})", "financd"},
           {R"("invoice":{"value":"2","basis":"FOB","currency":"USD"})", "invoice: "},
           {R"("invoice":"2")", "invoice: "},
           {R"("net_weight_grams":"10000")", "net_weight_grams"},
           {R"("transport_weight_grams":1.5)", "transport_weight_grams"},
           {R"("quantity":-1)", "quantity"},
           {R"("quantity":18446744073709551615)", "quantity"},
           {R"("shipment_events":"0")", "shipment_events"},
           {R"("invoice_share_elsewhere":4294967296)", "invoice_share_elsewhere"},
           {R"("origin":356)", "origin"},
           {R"("certificate_origin":"India")", "certificate_origin"},
           {R"("unit_prices":"2.00")", "unit_prices"}}) {
    const auto read = read_customs_line(good + "," + field + "}");
    ASSERT_FALSE(read) << field;
    EXPECT_NE(read.error().message.find(named), std::string::npos) << read.error().message;
  }
}

TEST(Misinvoicing, WhatThereIsNothingToCompareWithIsSaid) {
  CustomsLine one = line();
  EXPECT_EQ(not_compared(one),
            (std::vector<std::string>{"invoice", "financed", "mirror", "unit prices (0 of 8)",
                                      "transport document", "shipment", "other declarations",
                                      "certificate"}));
  one.invoice = one.financed = one.mirror = Value{2'000'000, Basis::kCif};
  one.unit_prices.assign(7, 200);
  one.transport_weight_grams = 10'000'000;
  one.shipment_events = 0;
  one.invoice_share_elsewhere = 1;
  one.certificate_origin = "IN";
  EXPECT_EQ(not_compared(one), (std::vector<std::string>{"unit prices (7 of 8)"}));
  one.unit_prices.push_back(200);
  EXPECT_TRUE(not_compared(one).empty());
}

}  // namespace
}  // namespace usance::documents
