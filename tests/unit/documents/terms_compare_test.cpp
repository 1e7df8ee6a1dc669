#include "tools/documents/terms_compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/documents/swift/tenor_text.h"

namespace usance::documents {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Json kDraft = Json::parse(R"({"number": "A1", "amount": "USD:100.00",
  "documents": [{"title": "Invoice", "originals": 1}, {"title": "Bill of lading", "originals": 3}],
  "payment": [{"tenor": {"from": "AFTER_SIGHT", "days": 60}}]})");

TEST(TermsCompare, EqualTermsHaveNoRedline) {
  EXPECT_THAT(compare_terms(kDraft, kDraft), IsEmpty());
}

TEST(TermsCompare, ChangedAddedAndTakenOutAreNamed) {
  Json next = kDraft;
  next["amount"] = "USD:90.00";
  next["latest_shipment"] = "2027-03-15";
  next["payment"][0]["tenor"]["days"] = 90;
  EXPECT_THAT(compare_terms(kDraft, next),
              ElementsAre(TermDifference{"amount", "USD:100.00", "USD:90.00"},
                          TermDifference{"latest_shipment", "", "2027-03-15"},
                          TermDifference{"payment[1].tenor.days", "60", "90"}));
}

TEST(TermsCompare, ADocumentPutInBetweenMovesNoOther) {
  Json next = kDraft;
  next["documents"].insert(next["documents"].begin(), Json{{"title", "Packing list"}});
  EXPECT_THAT(compare_terms(kDraft, next),
              ElementsAre(TermDifference{"documents[Packing list].title", "", "Packing list"}));
}

TEST(TenorText, CommonWordsAreRead) {
  EXPECT_EQ(read_tenor("AT SIGHT"), Json::object());
  EXPECT_EQ(read_tenor("90 days after date of shipment"),
            (Json{{"from", "AFTER_SHIPMENT"}, {"days", 90}}));
  EXPECT_EQ(read_tenor("AT 60 DAYS FROM THE BILL OF LADING DATE."),
            (Json{{"from", "AFTER_SHIPMENT"}, {"days", 60}}));
  EXPECT_EQ(read_tenor("30 DAYS\nSIGHT"), (Json{{"from", "AFTER_SIGHT"}, {"days", 30}}));
  EXPECT_EQ(read_tenor("45 DAYS AFTER INVOICE DATE"),
            (Json{{"from", "AFTER_INVOICE_DATE"}, {"days", 45}}));
}

TEST(TenorText, OtherWordsAreLeftToAPerson) {
  for (const char* text : {"", "50 PCT AT SIGHT AND 50 PCT 90 DAYS AFTER SHIPMENT", "0 DAYS SIGHT",
                           "90 DAYS AFTER CUSTOMS CLEARANCE", "99999 DAYS SIGHT"})
    EXPECT_EQ(read_tenor(text), std::nullopt) << text;
}

TEST(TenorText, WhatIsWrittenIsReadAgain) {
  for (const char* from : {"AFTER_SHIPMENT", "AFTER_INVOICE_DATE", "AFTER_SIGHT"}) {
    const Json tenor{{"from", from}, {"days", 90}};
    EXPECT_EQ(read_tenor(tenor_words(tenor)), tenor);
  }
  EXPECT_EQ(tenor_words(Json::object()), "");
}

}  // namespace
}  // namespace usance::documents
