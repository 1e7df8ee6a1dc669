// SWIFT messages in: MT700, 710, 720 and 707 as arguments. The fixtures are our own.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/documents/samples.h"
#include "tests/unit/documents/swift_fixtures.h"
#include "tools/documents/swift/mt_findings.h"

namespace usance::documents {
namespace {

// What the network refuses of fields that stand beside each other: an error when strict, else a
// note.
TEST(SwiftImport, FieldsThatTheNetworkDoesNotLetThroughTogether) {
  const auto both = [](const std::string& text, const std::string& part) {
    const std::string refused = import_error(text);
    EXPECT_NE(refused.find(part), std::string::npos) << refused;
    const auto lenient = import(text, MtReading::kLenient);
    if (!lenient) return;  // what the terms cannot hold is refused for that
    EXPECT_TRUE(std::ranges::any_of(lenient->remarks, [&](const std::string& remark) {
      return remark.find(part) != std::string::npos;
    })) << part;
  };
  const std::string issue = fixture("mt700.fin");
  both(changed(issue, ":43P:", ":42C:SIGHT\r\n:43P:"), "(C90)");
  both(changed(issue, ":43P:", ":42A:HRBKDEHH\r\n:43P:"), "stand together");
  both(changed(issue, ":43P:", ":42C:SIGHT\r\n:42A:HRBKDEHH\r\n:42P:AT 30 DAYS\r\n:43P:"),
       "one of them (C90)");
  both(changed(issue, ":44C:261215\r\n", ":44C:261215\r\n:44D:IN DECEMBER 2026\r\n"), "(D06)");
  EXPECT_EQ(import_error(changed(issue, ":43P:", ":42C:SIGHT\r\n:42A:HRBKDEHH\r\n:43P:")), "");
}

TEST(SwiftImport, AnIssueBecomesTerms) {
  const auto out = import(fixture("mt700.fin"));
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(out->method, "DraftIssue");
  const Json expected = Json::parse(R"json({
    "number": "HB-2026-0417", "form": "IRREVOCABLE", "rules": "UCP",
    "expiry_date": "2027-01-15", "expiry_place": "DEHAM",
    "issuing_bank": {"organisation": "harbour-bank", "name": "Harbour Bank, Hamburg",
                     "bic": "HRBKDEHH", "place": "DEHAM"},
    "advising_bank": {"organisation": "nile-bank", "name": "Nile Bank, Kampala",
                      "bic": "NLBKUGKA", "place": "UGKLA"},
    "applicant": {"name": "HAMBURG ROASTERS", "address": "SPEICHERKAI 4, 20457 HAMBURG",
                  "country": "DE", "lei": "9845ZZ8ROAST00015378", "organisation": "roaster"},
    "beneficiary": {"name": "KAMPALA COFFEE EXPORTERS", "address": "PLOT 12 MILLERS LANE, KAMPALA",
                    "country": "UG", "lei": "9845ZZ5KCEXP00062669", "organisation": "exporter",
                    "account": "UG2010005512"},
    "beneficiary_bank": "nile-bank", "amount": "USD:93120.00",
    "plus_tolerance": 500, "minus_tolerance": 500, "available_by": "SIGHT_PAYMENT",
    "available_with": {"organisation": "harbour-bank", "name": "Harbour Bank, Hamburg",
                       "bic": "HRBKDEHH", "place": "DEHAM"},
    "confirmation": "WITHOUT", "partial_shipments": "NOT_ALLOWED", "transhipment": "ALLOWED",
    "port_of_loading": "MOMBASA", "port_of_discharge": "HAMBURG", "latest_shipment": "2026-12-15",
    "trade_term": "FOB MOMBASA (INCOTERMS 2020)",
    "goods": "UGANDA WASHED ARABICA COFFEE, BUGISU AA, CROP 2026/27, 320 BAGS OF 60 KG\nFOB MOMBASA (INCOTERMS 2020)",
    "documents": [
      {"title": "Commercial invoice", "kind": "COMMERCIAL_INVOICE", "originals": 1,
       "wording": "SIGNED COMMERCIAL INVOICE IN ONE ORIGINAL"},
      {"title": "Bill of lading", "kind": "BILL_OF_LADING", "originals": 3,
       "wording": "FULL SET 3/3 ORIGINALS OF CLEAN ON BOARD OCEAN BILLS OF LADING MADE OUT TO ORDER OF THE ISSUING BANK, NOTIFY THE APPLICANT"},
      {"title": "Quality certificate", "kind": "QUALITY_CERTIFICATE", "originals": 1,
       "wording": "CERTIFICATE OF QUALITY ISSUED BY SAVANNA INSPECTION, ONE ORIGINAL, SHOWING MOISTURE OF AT MOST 12 PERCENT"}],
    "conditions": [{"text": "QUALITY CERTIFICATE TO SHOW MOISTURE OF AT MOST 12 PERCENT",
                    "shown_by": "Quality certificate"}],
    "charges": "ALL CHARGES OUTSIDE GERMANY ARE FOR BENEFICIARY'S ACCOUNT",
    "bank_instructions": "WE REMIT ACCORDING TO YOUR INSTRUCTIONS ON RECEIPT OF COMPLYING DOCUMENTS",
    "presentation_days": 21})json");
  EXPECT_EQ(nlohmann::json(out->request["terms"]), nlohmann::json(expected));
  EXPECT_TRUE(out->remarks.empty()) << out->remarks[0];
}

TEST(SwiftImport, AnAmendmentBecomesAChange) {
  const auto out = import(fixture("mt707.fin"));
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(out->method, "DraftAmendment");
  EXPECT_EQ(nlohmann::json(out->request), nlohmann::json::parse(R"json({
    "credit": "harbour-bank/HB-2026-0417",
    "change": {"increase": 500000, "expiry_date": "2027-01-31", "latest_shipment": "2026-12-20",
      "delete_documents": ["Quality certificate"],
      "add_documents": [{"title": "Phytosanitary certificate", "kind": "PHYTOSANITARY_CERTIFICATE",
        "originals": 1, "wording": "PHYTOSANITARY CERTIFICATE IN ONE ORIGINAL"}]}})json"));
}

TEST(SwiftImport, TermsAnAmendmentCannotChangeAreAnErrorAndNotLeftOut) {
  const std::string text = fixture("mt707.fin");
  for (const MtReading reading : {MtReading::kStrict, MtReading::kLenient}) {
    EXPECT_EQ(
        import_error(changed(text, ":44C:261220", ":43P:CONDITIONAL\r\n:44C:261220"), reading),
        "line 12, field 43P: the ledger's terms cannot say 'CONDITIONAL'");
    EXPECT_NE(import_error(changed(text, ":44C:", ":41D:ANY BANK\r\nBY PAYMENT\r\n:44C:"), reading)
                  .find("line 12, field 41D: another bank"),
              std::string::npos);
    EXPECT_NE(import_error(changed(text, "ISSU\r\n", "ISSU\r\n:23S:CANCEL\r\n"), reading)
                  .find("it asks to cancel"),
              std::string::npos);
  }
  EXPECT_NE(import_error(changed(text, "/DELETE/+", "/REPALL/+")).find("nothing stands beside it"),
            std::string::npos);
}

TEST(SwiftImport, AnAmendmentChangesEveryTermThatTheMessageHas) {
  const auto out = import(fixture("mt707_terms.fin"));
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(nlohmann::json(out->request["change"]), nlohmann::json::parse(R"json({
    "form": "IRREVOCABLE_TRANSFERABLE", "rules": "UCPURR",
    "applicant": {"name": "FOERDE KAFFEEROESTER GMBH", "address": "HAFENSTRASSE 2, DE/KIEL",
      "country": "DE"},
    "beneficiary": {"name": "BUGISU GROWERS LTD", "account": "UG4711",
      "address": "PLOT 7 MBALE ROAD, UG/KAMPALA", "country": "UG"},
    "plus_tolerance": 1000, "minus_tolerance": 0,
    "drafts_at": "90 DAYS AFTER SIGHT",
    "payment": [{"tenor": {"from": "AFTER_SIGHT", "days": 90}}],
    "partial_shipments": "ALLOWED", "transhipment": "NOT_ALLOWED",
    "replace_documents": true,
    "add_documents": [
      {"title": "Commercial invoice", "kind": "COMMERCIAL_INVOICE", "originals": 1,
        "wording": "COMMERCIAL INVOICE IN ONE ORIGINAL"},
      {"title": "Packing list", "kind": "PACKING_LIST", "originals": 2,
        "wording": "PACKING LIST IN TWO ORIGINALS"}],
    "delete_conditions": ["ALL DOCUMENTS IN ENGLISH"],
    "add_conditions": [{"text": "COMMERCIAL INVOICE TO STATE THE LOT",
      "shown_by": "Commercial invoice"}],
    "charges": "ALL CHARGES FOR APPLICANT", "confirmation": "MAY_ADD"})json"));
  bool taken = false;
  for (const std::string& remark : out->remarks)
    taken = taken || remark.find("shown by the credit's 'Commercial invoice'") != std::string::npos;
  EXPECT_TRUE(taken);
  const auto replaced = import(changed(fixture("mt707_terms.fin"),
                                       "/DELETE/+ALL DOCUMENTS IN ENGLISH\r\n/ADD/", "/REPALL/"));
  ASSERT_TRUE(replaced.has_value()) << replaced.error().message;
  EXPECT_EQ(replaced->request["change"]["replace_conditions"], true);
  EXPECT_FALSE(replaced->request["change"].contains("delete_conditions"));
}

TEST(SwiftImport, AnAmendedConditionThatNoDocumentShowsIsForAPerson) {
  const auto out = import(changed(fixture("mt707_terms.fin"), "COMMERCIAL INVOICE TO STATE THE LOT",
                                  "GOODS OF THE NEW CROP"));
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(out->request["change"]["add_conditions"],
            Json::parse(R"json([{"text": "GOODS OF THE NEW CROP"}])json"));
  bool asked = false;
  for (const std::string& remark : out->remarks)
    asked = asked || remark.find("name it in shown_by") != std::string::npos;
  EXPECT_TRUE(asked);
}

// What an amendment says of the time of shipment is its days; the words are a note.
TEST(SwiftImport, AnAmendmentMovesAPeriodOfShipment) {
  const auto with = [](const std::string& field) {
    return changed(fixture("mt707.fin"), ":44C:261220\r\n", field);
  };
  const auto periods = import(with(
      ":44D:FROM 2026-12-01 TO 2026-12-10 FOR USD40000,\r\nFROM 2026-12-11 TO 2026-12-20\r\n"));
  ASSERT_TRUE(periods.has_value()) << periods.error().message;
  EXPECT_EQ(periods->request["change"]["shipment_periods"], Json::parse(R"json([
    {"from": "2026-12-01", "to": "2026-12-10", "minor_units": 4000000},
    {"from": "2026-12-11", "to": "2026-12-20"}])json"));
  EXPECT_FALSE(periods->request["change"].contains("latest_shipment"));
  const auto about = import(with(":44D:ON OR ABOUT 2026-12-10\r\n"));
  ASSERT_TRUE(about.has_value()) << about.error().message;
  EXPECT_EQ(about->request["change"]["shipment_periods"],
            Json::parse(R"json([{"from": "2026-12-05", "to": "2026-12-15"}])json"));
  EXPECT_EQ(import_error(with(":44D:WHEN THE RAINS END\r\n"), MtReading::kLenient),
            "line 12, field 44D: no days that the ledger knows: say from when to when, one period "
            "a line");
}

// Whatever a message says is in the terms, or is an error when strict and a note when lenient.
TEST(SwiftImport, NothingIsLeftOutInSilence) {
  std::string text = changed(fixture("mt700.fin"), ":31C:", ":23:PREADV/PRE-7\r\n:31C:");
  text = changed(text, ":50:", ":51D:ROASTERS' OWN BANK\r\nKIEL\r\n:50:");
  const auto out = import(text);
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(out->request["terms"]["further"], Json::parse(R"json([
    {"tag": "23", "text": "PREADV/PRE-7"},
    {"tag": "51D", "text": "ROASTERS' OWN BANK KIEL"}])json"));

  const std::string issue = fixture("mt700.fin");
  const std::string amendment = fixture("mt707.fin");
  const std::string long_clause = [] {
    std::string lines;
    for (int i = 0; i < 20; ++i) lines += std::string(60, 'A') + "\r\n";
    return lines;
  }();
  for (const auto& [lost, part] :
       {std::pair{
            changed(issue, ":41A:HRBKDEHH", ":41A:/DE123\r\nHRBKDEHH"),
            "field 41A: the ledger's terms have no place for an account of the nominated bank"},
        {changed(issue, ":48:21", ":48:21/AFTER THE INVOICE DATE"), "field 48: the period is"},
        {changed(issue, ":47A:", ":47A:+" + long_clause + "+"), "cut to 1024"},
        {changed(amendment, "\r\n-}", "\r\n:71N:APPL\r\n-}"), "field 71N: the ledger"},
        {changed(amendment, "\r\n-}", "\r\n:53A:HRBKDEHH\r\n-}"), "field 53A: the ledger"},
        {changed(amendment, ":32B:", ":50B:A COMPANY\r\n:32B:"), "field 50B: the ledger"}}) {
    const std::string error = import_error(lost);
    EXPECT_NE(error.find(part), std::string::npos) << error;
    const auto lenient = import(lost, MtReading::kLenient);
    ASSERT_TRUE(lenient.has_value()) << lenient.error().message;
    EXPECT_TRUE(std::ranges::any_of(lenient->remarks, [&](const std::string& remark) {
      return remark.find(part) != std::string::npos;
    })) << part;
  }
}

TEST(SwiftImport, AllErrorsAreListedByLineAndNotTheFirstAlone) {
  std::string text = changed(fixture("mt700.fin"), ":49:WITHOUT\r\n", "");
  text = changed(text, "USD93120,", "XYZ93120,");
  text = changed(text, "SPEICHERKAI 4", "SPEICHERKAI @");
  text = changed(text, ":43P:NOT ALLOWED", ":43P:CONDITIONAL");
  text = changed(text, "261215", "261315");
  EXPECT_EQ(import_error(text),
            "5 errors\n"
            "  line 8, field 50: a character outside SWIFT's set x\n"
            "  line 15, field 32B: 'XYZ' is no ISO 4217 currency\n"
            "  line 19, field 43P: the ledger's terms cannot say 'CONDITIONAL'\n"
            "  line 23, field 44C: '261315' is no date of six digits (YYMMDD)\n"
            "  an MT700 needs field 49");
  EXPECT_EQ(import_error(text, MtReading::kLenient).substr(0, 8), "3 errors");

  std::string many = "{1:F01HRBKDEHHAXXX0000000000}{2:I700NLBKUGKAXXXXN}{4:\r\n";
  for (int i = 0; i < 80; ++i) many += ":11A:X\r\n";
  const std::string listed = import_error(many + "-}");
  EXPECT_EQ(std::ranges::count(listed, '\n'), kMaxMtErrors + 1) << "and how many more";
  EXPECT_NE(listed.find(" more"), std::string::npos);
}

TEST(SwiftImport, ErrorsNameLineAndTag) {
  const std::string good = fixture("mt700.fin");
  EXPECT_EQ(import_error(changed(good, "USD93120,", "USD93120")),
            "line 15, field 32B: an amount is a currency and at most 15 characters with one comma: "
            "USD93120,00");
  EXPECT_EQ(import_error(changed(good, "USD93120,", "XYZ93120,")),
            "line 15, field 32B: 'XYZ' is no ISO 4217 currency");
  EXPECT_EQ(import_error(changed(good, "261215", "261315")),
            "line 23, field 44C: '261315' is no date of six digits (YYMMDD)");
  EXPECT_EQ(import_error(changed(good, "HRBKDEHH\r\nBY", "HRBKQQHH\r\nBY")),
            "line 17, field 41A: 'HRBKQQHH' is no BIC: its fifth and sixth letter are no country");
  EXPECT_EQ(import_error(changed(good, ":43P:NOT ALLOWED", ":43P:CONDITIONAL")),
            "line 19, field 43P: the ledger's terms cannot say 'CONDITIONAL'");
  EXPECT_EQ(import_error(changed(good, "1/1", "1/2")).substr(0, 17), "line 2, field 27:");
}

TEST(SwiftImport, StrictRefusesWhatLenientRemarksOn) {
  const std::string good = fixture("mt700.fin");
  for (const auto& [from, to, why] :
       {std::tuple<std::string, std::string, std::string>{":49:WITHOUT\r\n", "", "needs field 49"},
        {":48:21", ":39B:MAXIMUM", "line 35, field 39B: an MT700 has no such field"},
        {"SPEICHERKAI 4", "SPEICHERKAI 4 ON THE THIRD FLOOR OF IT", "at most 35"},
        {"SPEICHERKAI 4", "SPEICHERKAI @", "outside SWIFT's set x"},
        {":20:HB-2026-0417\r\n:31C:261121", ":31C:261121\r\n:20:HB-2026-0417", "wrong place"}}) {
    const std::string bad = changed(good, from, to);
    EXPECT_NE(import_error(bad).find(why), std::string::npos) << why << "\n" << import_error(bad);
    const auto lenient = import(bad, MtReading::kLenient);
    ASSERT_TRUE(lenient.has_value()) << lenient.error().message;
    bool told = false;
    for (const std::string& remark : lenient->remarks)
      told = told || remark.find(why) != std::string::npos;
    EXPECT_TRUE(told) << why;
  }
  EXPECT_EQ(import_error(without_returns(good)),
            "line 1: the line does not end with carriage return and line feed");
  EXPECT_TRUE(import(without_returns(good), MtReading::kLenient).has_value());
  EXPECT_NE(import_error(changed(good, ":49:", ":20:A\r\n:49:"), MtReading::kLenient)
                .find("it stands twice"),
            std::string::npos);
}

TEST(SwiftImport, ABareTextBlockIsReadByItsType) {
  const std::string whole = fixture("mt700.fin");
  const std::size_t from = whole.find(":27:");
  const std::string bare = whole.substr(from, whole.find("-}") - from);
  const auto out = import(bare);
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_FALSE(out->request["terms"].contains("issuing_bank"));
  EXPECT_EQ(out->request["terms"]["number"], "HB-2026-0417");
  EXPECT_EQ(import(":20:X\r\n").error().message,
            "which message it is cannot be told: name its type");
  EXPECT_FALSE(import(":20:X\r\n", MtReading::kStrict, "720").has_value());
}

TEST(SwiftImport, TransferredAndAdvisedCreditsKeepTheirIssuerAndNumber) {
  std::string text = fixture("mt700.fin");
  text =
      changed(text, "{2:I700NLBKUGKAXXXXN}", "{2:O7101200261121NLBKUGKAAXXX00000000002611211201N}");
  text = changed(text, ":40A:IRREVOCABLE\r\n:20:HB-2026-0417\r\n",
                 ":40B:IRREVOCABLE\r\nADDING OUR CONFIRMATION\r\n:20:NB-1\r\n:21:HB-2026-0417\r\n");
  text = changed(text, ":50:", ":52A:HRBKDEHH\r\n:50:");
  const auto out = import(text);
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(out->request["terms"]["number"], "HB-2026-0417");
  EXPECT_EQ(out->request["terms"]["issuing_bank"]["organisation"], "harbour-bank");
  EXPECT_EQ(out->request["terms"]["advising_bank"]["organisation"], "nile-bank");
}

TEST(SwiftImport, HostileFilesAreRefused) {
  for (const std::string& bad :
       {std::string(), std::string("{"), std::string("{1:"), std::string("{4:"),
        std::string("{4:\r\n"), std::string("{4:\r\n:20:A"), std::string("{2:I70}"),
        std::string("{1:F01AAAA}{4:\r\n-}"), std::string(kMaxMtBytes + 1, 'A'),
        std::string(100'000, '{'), std::string("{4:\r\n-}{4:\r\n-}")})
    EXPECT_NE(import_error(bad, MtReading::kLenient), "") << bad.substr(0, 20);
  std::string many = "{4:\r\n";
  for (std::size_t i = 0; i <= kMaxMtFields; ++i) many += ":20:A\r\n";
  EXPECT_NE(import_error(many + "-}").find("too many fields"), std::string::npos);
  EXPECT_EQ(
      import_error(changed(fixture("mt700.fin"), "SPEICHERKAI", "\xFF\xFE"), MtReading::kLenient),
      "the message has bytes that are no text");
}

TEST(SwiftSamples, PublicMessagesAreReadLeniently) {
  const std::filesystem::path folder = samples_folder() / "swift-mt";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << kNoSamples;
  std::ifstream in(folder / "MT720_MtSwiftMessageJsonSchemaTest_L374.fin", std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  const auto out = import_credit_file(text.str(), MtReading::kLenient, "", directory());
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(out->request["terms"]["number"], "DAE74568");
  EXPECT_EQ(out->request["terms"]["amount"], "GBP:100000.00");
  EXPECT_EQ(out->request["terms"]["documents"].size(), 4u);
  EXPECT_EQ(out->request["terms"]["trade_term"], "FCA SINGAPORE");
}

}  // namespace
}  // namespace usance::documents
