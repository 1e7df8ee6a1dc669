// Times of shipment in words: each word of UCP 600 Art. 3 and the ways in which messages write
// dates.
#include "tools/documents/swift/shipment_words.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tools/documents/swift/credit_import.h"

namespace usance::documents {
namespace {

std::string meanings(const std::string& text) {
  std::string out;
  for (const ShipmentWords& expression : read_shipment_words(text)) {
    if (!out.empty()) out += "; ";
    out += meaning_of(expression);
  }
  return out;
}

TEST(ShipmentWords, EachWordOfArticleThree) {
  EXPECT_EQ(meanings("on or about 15 March 2027"), "2027-03-10 to 2027-03-20");
  EXPECT_EQ(meanings("to 15 March 2027"), "not after 2027-03-15");
  EXPECT_EQ(meanings("until 15 March 2027"), "not after 2027-03-15");
  EXPECT_EQ(meanings("till 15 March 2027"), "not after 2027-03-15");
  EXPECT_EQ(meanings("from 15 March 2027"), "not before 2027-03-15");
  EXPECT_EQ(meanings("between 1 March 2027 and 15 March 2027"), "2027-03-01 to 2027-03-15");
  EXPECT_EQ(meanings("from 1 March 2027 to 15 March 2027"), "2027-03-01 to 2027-03-15");
  EXPECT_EQ(meanings("before 15 March 2027"), "not after 2027-03-14");
  EXPECT_EQ(meanings("after 15 March 2027"), "not before 2027-03-16");
  EXPECT_EQ(meanings("first half of February 2028"), "2028-02-01 to 2028-02-15");
  EXPECT_EQ(meanings("second half of February 2028"), "2028-02-16 to 2028-02-29");
  EXPECT_EQ(meanings("beginning of April 2027"), "2027-04-01 to 2027-04-10");
  EXPECT_EQ(meanings("middle of April 2027"), "2027-04-11 to 2027-04-20");
  EXPECT_EQ(meanings("end of April 2027"), "2027-04-21 to 2027-04-30");
  EXPECT_EQ(meanings("end December 2027"), "2027-12-21 to 2027-12-31");
  for (const char* vague : {"prompt", "immediately", "as soon as possible"})
    EXPECT_EQ(meanings(vague), "disregarded") << vague;
}

TEST(ShipmentWords, PlainWordsAreReadButNotExplained) {
  for (const char* latest : {"latest 15 March 2027", "not later than 15 March 2027",
                             "by 15 March 2027", "not after 15 March 2027"}) {
    const auto words = read_shipment_words(latest);
    ASSERT_EQ(words.size(), 1U) << latest;
    EXPECT_FALSE(words[0].explained);
    EXPECT_EQ(meaning_of(words[0]), "not after 2027-03-15");
  }
  EXPECT_EQ(meanings("during March 2027"), "2027-03-01 to 2027-03-31");
  EXPECT_EQ(meanings("not before 1 March 2027"), "not before 2027-03-01");
}

TEST(ShipmentWords, DatesInTheFormsOfMessages) {
  for (const char* date : {"15 MARCH 2027", "15 MAR 2027", "15TH OF MARCH, 2027", "MARCH 15, 2027",
                           "2027-03-15", "15.03.2027", "270315", "the 15 March 2027"})
    EXPECT_EQ(meanings(std::string("UNTIL ") + date), "not after 2027-03-15") << date;
  for (const char* no_date : {"15/03/2027", "05/03/2027", "31 FEBRUARY 2027", "MARCH 2027",
                              "15 MARCH", "15 MARCH 27", "999999", "2027-13-01"})
    EXPECT_EQ(meanings(std::string("UNTIL ") + no_date), "") << no_date;
}

TEST(ShipmentWords, ASentenceIsReadWhereItSaysDays) {
  const std::string text =
      "SHIPMENT TO BE EFFECTED NOT BEFORE 1 MARCH 2027 AND\nNOT LATER THAN 20 MARCH 2027 BY SEA";
  const auto words = read_shipment_words(text);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[1].words, "NOT LATER THAN 20 MARCH 2027");
  EXPECT_EQ(together(words), letter_of_credit::v1::between(contract::Date::of(2027, 3, 1),
                                                           contract::Date::of(2027, 3, 20)));
  EXPECT_EQ(meanings("GOODS FROM MOMBASA TO HAMBURG IN ONE LOT"), "");
  EXPECT_EQ(meanings("BETWEEN 20 MARCH 2027 AND 1 MARCH 2027"), "");
  EXPECT_EQ(meanings(""), "");
  EXPECT_EQ(meanings("ON OR ABOUT"), "");
}

std::string with_periods(const std::string& field) {
  std::ifstream in(std::string(USANCE_SOURCE_DIR) + "/tests/fixtures/documents/swift/mt700.fin",
                   std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  std::string out = text.str();
  const std::string latest = ":44C:261215\r\n";
  return out.replace(out.find(latest), latest.size(), field);
}

Json terms_of(const std::string& field, std::vector<std::string>& remarks,
              MtReading reading = MtReading::kStrict) {
  const auto out = import_credit_file(with_periods(field), reading, "", Directory());
  EXPECT_TRUE(out.has_value()) << out.error().message;
  if (!out) return {};
  remarks = out->remarks;
  return out->request["terms"];
}

bool told(const std::vector<std::string>& remarks, const std::string& what) {
  for (const std::string& remark : remarks)
    if (remark.find(what) != std::string::npos) return true;
  return false;
}

TEST(ShipmentWords, AMessagesPeriodBecomesTerms) {
  std::vector<std::string> remarks;
  Json terms = terms_of(":44D:ON OR ABOUT 10 DECEMBER 2026\r\n", remarks);
  EXPECT_EQ(terms["shipment_periods"], Json::parse(R"([{"from":"2026-12-05","to":"2026-12-15"}])"));
  EXPECT_EQ(terms["shipment_period"], "ON OR ABOUT 10 DECEMBER 2026");
  EXPECT_TRUE(told(remarks,
                   "line 23, field 44D: 'ON OR ABOUT 10 DECEMBER 2026' is 2026-12-05 to "
                   "2026-12-15 (UCP 600 Art. 3)"));
  terms = terms_of(":44D:SHIPMENT BEFORE 15 DECEMBER 2026\r\n", remarks);
  EXPECT_EQ(terms["latest_shipment"], "2026-12-14");
  EXPECT_FALSE(terms.contains("shipment_periods"));
  terms = terms_of(":44D:AFTER 1 DECEMBER 2026\r\n", remarks);  // up to the expiry
  EXPECT_EQ(terms["shipment_periods"], Json::parse(R"([{"from":"2026-12-02","to":"2027-01-15"}])"));
  terms = terms_of(":44D:FIRST HALF OF DECEMBER 2026\r\nSECOND HALF OF DECEMBER 2026\r\n", remarks);
  EXPECT_EQ(terms["shipment_periods"], Json::parse(R"([{"from":"2026-12-01","to":"2026-12-15"},
                            {"from":"2026-12-16","to":"2026-12-31"}])"));
  terms = terms_of(":44D:PROMPT SHIPMENT\r\n", remarks);
  EXPECT_FALSE(terms.contains("shipment_periods") || terms.contains("latest_shipment"));
  EXPECT_TRUE(told(remarks, "'PROMPT' is disregarded (UCP 600 Art. 3)"));
  EXPECT_TRUE(told(remarks, "fill shipment_periods or latest_shipment"));
}

TEST(ShipmentWords, WordsInPlaceOfTheLatestDateAreReadLeniently) {
  std::vector<std::string> remarks;
  const Json terms = terms_of(":44C:END OF DECEMBER 2026\r\n", remarks, MtReading::kLenient);
  EXPECT_EQ(terms["shipment_periods"], Json::parse(R"([{"from":"2026-12-21","to":"2026-12-31"}])"));
  EXPECT_TRUE(told(remarks, "'END OF DECEMBER 2026' is 2026-12-21 to 2026-12-31"));
  EXPECT_FALSE(import_credit_file(with_periods(":44C:END OF DECEMBER 2026\r\n"), MtReading::kStrict,
                                  "", Directory())
                   .has_value());
  EXPECT_FALSE(
      import_credit_file(with_periods(":44C:SOON\r\n"), MtReading::kLenient, "", Directory())
          .has_value());
}

TEST(ShipmentWords, AboutInTheGoodsIsForAPersonToPlace) {
  std::vector<std::string> remarks;
  std::string text = with_periods(":44C:261215\r\n");
  const std::string bags = "320 BAGS";
  text.replace(text.find(bags), bags.size(), "ABOUT 320 BAGS");
  const auto out = import_credit_file(text, MtReading::kLenient, "", Directory());
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_TRUE(told(out->remarks, "Art. 30(a)"));
}

}  // namespace
}  // namespace usance::documents
