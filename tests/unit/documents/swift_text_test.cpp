// The form of SWIFT messages: rules of fields, amounts, dates, lines and clauses.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tools/documents/swift/clauses.h"
#include "tools/documents/swift/mt_rules.h"
#include "tools/documents/swift/mt_text.h"

namespace usance::documents {
namespace {

// Orders in which a message's last fields stand (SWIFT Standards MT, category 7).
TEST(SwiftRules, SenderToReceiverInformationStandsBeforeTheDiscrepancies) {
  for (const char* type : {"734", "750"}) {
    MtMessage message;
    message.type = type;
    const bool refusal = message.type == "734";
    message.fields = {{"20", {"A"}, 1}, {"21", {"B"}, 2}};
    if (refusal)
      message.fields.push_back({"32A", {"261207USD1,"}, 3});
    else
      message.fields.push_back({"32B", {"USD1,"}, 3});
    message.fields.push_back({"72Z", {"NOTE"}, 4});
    message.fields.push_back({"77J", {"LATE"}, 5});
    if (refusal) message.fields.push_back({"77B", {"/HOLD/"}, 6});
    std::vector<std::string> remarks;
    EXPECT_TRUE(check_mt(message, MtReading::kStrict, remarks).has_value()) << type;
    std::swap(message.fields[3], message.fields[4]);
    EXPECT_FALSE(check_mt(message, MtReading::kStrict, remarks).has_value()) << type;
  }
}

TEST(SwiftText, AmountsAndDatesGoBothWays) {
  EXPECT_EQ(write_mt_amount("USD", 9'312'000), "USD93120,");
  EXPECT_EQ(write_mt_amount("JPY", 5), "JPY5,");
  EXPECT_EQ(write_mt_amount("KWD", 1), "KWD0,001");
  for (const auto& [currency, units] :
       {std::pair<std::string, std::int64_t>{"USD", 1}, {"JPY", 70}, {"KWD", 1'230}}) {
    const auto back = parse_mt_amount(write_mt_amount(currency, units));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->minor_units, units);
  }
  for (const char* bad : {"", "USD", "USD,", "USD1.00", "USD1", "USD-1,", "USD1,001", "JPY1,5",
                          "USD12345678901234,5"})
    EXPECT_FALSE(parse_mt_amount(bad).has_value()) << bad;
  EXPECT_EQ(parse_mt_date("991231"), 19991231);
  EXPECT_EQ(write_mt_date(20261215), "261215");
}

TEST(SwiftText, LinesBreakAtBlanksAndKeepTheSet) {
  EXPECT_EQ(wrap("AAAA BBBB CCCC", 9, false), (std::vector<std::string>{"AAAA BBBB", "CCCC"}));
  EXPECT_EQ(wrap("ABCDEFGH", 3, false), (std::vector<std::string>{"ABC", "DEF", "GH"}));
  EXPECT_EQ(wrap("-A", 5, false), (std::vector<std::string>{".-A"}));
  EXPECT_EQ(wrap("", 5, false), std::vector<std::string>{});
  EXPECT_EQ(to_charset("Müller & Söhne \"x\"", false), "Muller + Sohne .x.");
  for (std::size_t width = 2; width < 30; ++width)
    for (const std::string& line :
         wrap("to be: or not -to be, that :is - the question", width, true)) {
      EXPECT_LE(line.size(), width);
      EXPECT_FALSE(line.empty() || line[0] == ':' || line[0] == '-') << line;
    }
}

TEST(SwiftClauses, AreReadByTheirWords) {
  EXPECT_EQ(split_clauses({"+ONE", "STILL ONE", "+TWO"}),
            (std::vector<std::string>{"ONE STILL ONE", "TWO"}));
  EXPECT_EQ(split_clauses({"1. ONE", "2) TWO"}), (std::vector<std::string>{"ONE", "TWO"}));
  EXPECT_EQ(split_clauses({"+THE LOT HAS", "20. 30 AND", "+TWO"}),
            (std::vector<std::string>{"THE LOT HAS 20. 30 AND", "TWO"}));
  EXPECT_EQ(split_clauses({"ALL", "OF IT"}), (std::vector<std::string>{"ALL OF IT"}));
  EXPECT_EQ(read_required("CERTIFICATE OF ORIGIN CONFIRMING THE INVOICE").kind,
            "CERTIFICATE_OF_ORIGIN");
  EXPECT_EQ(read_required("PACKING LIST IN TRIPLICATE").copies, 2u);
  EXPECT_EQ(read_required("INVOICE IN FIVE-FOLD").copies, 4u);
  EXPECT_EQ(read_required("INVOICE IN 2 ORIGINALS AND 3 COPIES").originals, 2u);
  EXPECT_EQ(read_required("INVOICE IN 2 ORIGINALS AND 3 COPIES").copies, 3u);
  EXPECT_EQ(read_required("BENEFICIARY'S DECLARATION THAT ALL IS WELL").kind, "OTHER_DOCUMENT");
  for (const auto& [clause, kind] :
       {std::pair<const char*, const char*>{"CHARTER PARTY BILL OF LADING ACCEPTABLE",
                                            "CHARTER_PARTY_BILL_OF_LADING"},
        {"BILL OF LADING, CHARTER PARTY BILLS NOT ACCEPTABLE", "BILL_OF_LADING"},
        {"CMR SHOWING GOODS CONSIGNED TO APPLICANT", "ROAD_RAIL_WATERWAY_DOCUMENT"},
        {"COURIER RECEIPT IN ONE ORIGINAL", "COURIER_OR_POST_RECEIPT"},
        {"DECLARATION THAT COPIES WENT BY COURIER", "OTHER_DOCUMENT"}})
    EXPECT_EQ(read_required(clause).kind, kind) << clause;
  EXPECT_EQ(trade_term_of("CIF ROTTERDAM"), "CIF ROTTERDAM");
  EXPECT_EQ(trade_term_of("CIFX ROTTERDAM"), "");
}

}  // namespace
}  // namespace usance::documents
