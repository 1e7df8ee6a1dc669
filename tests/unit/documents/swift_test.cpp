// SWIFT messages in and out. The fixtures are our own.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/documents/samples.h"
#include "tools/documents/swift/clauses.h"
#include "tools/documents/swift/credit_export.h"
#include "tools/documents/swift/credit_import.h"
#include "tools/documents/swift/mt_rules.h"
#include "tools/documents/swift/mt_text.h"

namespace usance::documents {
namespace {

std::string fixture(const std::string& name) {
  std::ifstream in(std::string(USANCE_SOURCE_DIR) + "/tests/fixtures/documents/swift/" + name,
                   std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

Directory directory() {
  return Directory::parse(fixture("directory.json")).value();
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Result<CreditImport> import(const std::string& text, MtReading reading = MtReading::kStrict,
                            const std::string& type = "") {
  return import_credit_file(text, reading, type, directory());
}

std::string error_of(const std::string& text, MtReading reading = MtReading::kStrict) {
  const auto out = import(text, reading);
  return out ? "" : out.error().message;
}

std::string without_returns(std::string text) {
  std::erase(text, '\r');
  return text;
}

// What the network refuses of fields that stand beside each other: an error when strict, else a
// note.
TEST(SwiftImport, FieldsThatTheNetworkDoesNotLetThroughTogether) {
  const auto both = [](const std::string& text, const std::string& part) {
    const std::string refused = error_of(text);
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
  EXPECT_EQ(error_of(changed(issue, ":43P:", ":42C:SIGHT\r\n:42A:HRBKDEHH\r\n:43P:")), "");
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
                    "country": "UG", "lei": "9845ZZ5KCEXP00062669", "organisation": "exporter"},
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
  EXPECT_EQ(error_of(changed(fixture("mt707.fin"), ":44C:261220", ":43P:ALLOWED\r\n:44C:261220")),
            "line 12, field 43P: the ledger's amendment cannot change this term");
  EXPECT_NE(error_of(changed(fixture("mt707.fin"), "/DELETE/+", "/REPALL/+")).find("replace all"),
            std::string::npos);
  EXPECT_NE(error_of(changed(fixture("mt707.fin"), "ISSU\r\n", "ISSU\r\n:23S:CANCEL\r\n"))
                .find("it asks to cancel"),
            std::string::npos);
}

TEST(SwiftImport, ErrorsNameLineAndTag) {
  const std::string good = fixture("mt700.fin");
  EXPECT_EQ(error_of(changed(good, "USD93120,", "USD93120")),
            "line 15, field 32B: an amount is a currency and at most 15 characters with one comma: "
            "USD93120,00");
  EXPECT_EQ(error_of(changed(good, "USD93120,", "XYZ93120,")),
            "line 15, field 32B: 'XYZ' is no ISO 4217 currency");
  EXPECT_EQ(error_of(changed(good, "261215", "261315")),
            "line 23, field 44C: '261315' is no date of six digits (YYMMDD)");
  EXPECT_EQ(error_of(changed(good, "HRBKDEHH\r\nBY", "HRBKQQHH\r\nBY")),
            "line 17, field 41A: 'HRBKQQHH' is no BIC: its fifth and sixth letter are no country");
  EXPECT_EQ(error_of(changed(good, ":43P:NOT ALLOWED", ":43P:CONDITIONAL")),
            "line 19, field 43P: the ledger's terms cannot say 'CONDITIONAL'");
  EXPECT_EQ(error_of(changed(good, "1/1", "1/2")).substr(0, 17), "line 2, field 27:");
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
    EXPECT_NE(error_of(bad).find(why), std::string::npos) << why << "\n" << error_of(bad);
    const auto lenient = import(bad, MtReading::kLenient);
    ASSERT_TRUE(lenient.has_value()) << lenient.error().message;
    bool told = false;
    for (const std::string& remark : lenient->remarks)
      told = told || remark.find(why) != std::string::npos;
    EXPECT_TRUE(told) << why;
  }
  EXPECT_EQ(error_of(without_returns(good)),
            "line 1: the line does not end with carriage return and line feed");
  EXPECT_TRUE(import(without_returns(good), MtReading::kLenient).has_value());
  EXPECT_NE(
      error_of(changed(good, ":49:", ":20:A\r\n:49:"), MtReading::kLenient).find("it stands twice"),
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
    EXPECT_NE(error_of(bad, MtReading::kLenient), "") << bad.substr(0, 20);
  std::string many = "{4:\r\n";
  for (std::size_t i = 0; i <= kMaxMtFields; ++i) many += ":20:A\r\n";
  EXPECT_NE(error_of(many + "-}").find("too many fields"), std::string::npos);
  EXPECT_EQ(error_of(changed(fixture("mt700.fin"), "SPEICHERKAI", "\xFF\xFE"), MtReading::kLenient),
            "the message has bytes that are no text");
}

TEST(SwiftExport, AnIssueGoesOutAndComesBackTheSame) {
  const auto first = import(fixture("mt700.fin"));
  ASSERT_TRUE(first.has_value());
  const auto message = export_issue(first->request["terms"], {"HRBKDEHH", "NLBKUGKA", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const std::string text = write_mt(*message);
  const auto second = import(text);
  ASSERT_TRUE(second.has_value()) << second.error().message << "\n" << text;
  EXPECT_EQ(second->request, first->request);
  // All but the beneficiary's account, which is no term.
  std::string expected = fixture("mt700.fin");
  expected = changed(expected, "{3:{108:HB20260417}}", "");
  expected = changed(expected, "/UG2010005512\r\n", "");
  expected = expected.substr(0, expected.find("-}{5:")) + "-}";
  expected = changed(expected, "270115HAMBURG", "270115DEHAM");
  EXPECT_EQ(text, expected);
}

TEST(SwiftExport, WhatBanksTellEachOtherIsNotLost) {
  std::string text = fixture("mt700.fin");
  text = changed(text, "BY PAYMENT", "BY DEF PAYMENT");
  text = changed(text, ":39A:05/05\r\n", ":39A:05/05\r\n:39C:PLUS FREIGHT\r\n");
  text = changed(text, ":43P:", ":42P:90 DAYS AFTER DATE OF SHIPMENT\r\n:43P:");
  text = changed(text, ":44C:261215\r\n", ":44D:ONE LOT IN DECEMBER\r\n");
  text = changed(text, ":71D:", ":49G:NOT BEFORE ARRIVAL\r\n:49H:CHARGE US\r\n:71D:");
  text = changed(text, ":49:WITHOUT\r\n", ":49:MAY ADD\r\n:58A:NLBKUGKA\r\n");
  text = changed(text, "-}{5:", ":57A:NLBKUGKA\r\n:72Z:PLEASE ACKNOWLEDGE\r\n-}{5:");
  const auto first = import(text);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  const Json& terms = first->request["terms"];
  EXPECT_EQ(terms["additional_amounts"], "PLUS FREIGHT");
  EXPECT_EQ(terms["deferred_payment"], "90 DAYS AFTER DATE OF SHIPMENT");
  EXPECT_EQ(terms["payment"][0]["tenor"], (Json{{"from", "AFTER_SHIPMENT"}, {"days", 90}}));
  EXPECT_EQ(terms["shipment_period"], "ONE LOT IN DECEMBER");
  EXPECT_EQ(terms["payment_conditions_beneficiary"], "NOT BEFORE ARRIVAL");
  EXPECT_EQ(terms["payment_conditions_bank"], "CHARGE US");
  EXPECT_EQ(terms["requested_confirming_bank"]["organisation"], "nile-bank");
  EXPECT_EQ(terms["second_advising_bank"]["organisation"], "nile-bank");
  EXPECT_EQ(terms["sender_to_receiver"], "PLEASE ACKNOWLEDGE");
  const auto message = export_issue(terms, {"HRBKDEHH", "NLBKUGKA", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const auto second = import(write_mt(*message));
  ASSERT_TRUE(second.has_value()) << second.error().message;
  EXPECT_EQ(second->request, first->request);
}

TEST(SwiftExport, AnAmendmentGoesOutAndComesBackTheSame) {
  const auto credit = import(fixture("mt700.fin"));
  const auto first = import(fixture("mt707.fin"));
  const Json amendment{{"number", 1}, {"change", first->request["change"]}};
  const auto message = export_amendment(credit->request["terms"], amendment,
                                        {"HRBKDEHH", "NLBKUGKA", 20261201, "NONREF", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const auto second = import(write_mt(*message));
  ASSERT_TRUE(second.has_value()) << second.error().message << write_mt(*message);
  EXPECT_EQ(second->request, first->request);
  EXPECT_EQ(message->find("31C")->text(), "261121") << "of the credit";
  EXPECT_EQ(message->find("30")->text(), "261201") << "of the amendment";
}

TEST(SwiftExport, AnAmendmentOfTheQuantityStatesTheGoodsAnew) {
  const Json terms = import(fixture("mt700.fin"))->request["terms"];
  const Json change{{"quantity", {{"value", "18000"}, {"unit", "KGM"}, {"about", true}}},
                    {"unit_price", {{"value", "4.85"}, {"unit", "KGM"}}}};
  const auto message = export_amendment(terms, Json{{"number", 2}, {"change", change}},
                                        {"HRBKDEHH", "NLBKUGKA", 20261201, "NONREF", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const auto back = import(write_mt(*message));
  ASSERT_TRUE(back.has_value()) << back.error().message << write_mt(*message);
  Json expected = change;
  expected["goods"] = terms["goods"];
  EXPECT_EQ(nlohmann::json(back->request["change"]), nlohmann::json(expected));
}

TEST(SwiftExport, WhatTheTermsKnowInFieldsIsSaidInTheMessage) {
  Json terms = import(fixture("mt700.fin"))->request["terms"];
  terms["about_amount"] = true;
  terms.erase("plus_tolerance");
  terms.erase("minus_tolerance");
  terms["quantity"] = {{"value", "19200"}, {"unit", "KGM"}, {"about", true}};
  terms["unit_price"] = {{"value", "4.85"}, {"unit", "KGM"}, {"about", true}};
  terms.erase("latest_shipment");
  terms["partial_shipments"] = "ALLOWED";
  terms["shipment_periods"] = Json::parse(R"json([
    {"from": "2026-11-25", "to": "2026-12-05", "minor_units": 4656000},
    {"from": "2026-12-06", "to": "2026-12-15"}])json");
  const auto message = export_issue(terms, {"HRBKDEHH", "NLBKUGKA", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  EXPECT_EQ(message->find("39A")->text(), "10/10");
  EXPECT_EQ(message->find("44D")->lines,
            (std::vector<std::string>{"FROM 2026-11-25 TO 2026-12-05 FOR USD46560,",
                                      "FROM 2026-12-06 TO 2026-12-15"}));
  const auto back = import(write_mt(*message));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  Json read = back->request["terms"];
  EXPECT_EQ(read["plus_tolerance"], 1'000);
  EXPECT_EQ(read["minus_tolerance"], 1'000);
  EXPECT_EQ(read["shipment_periods"], terms["shipment_periods"]);
  EXPECT_EQ(nlohmann::json(read["quantity"]), nlohmann::json(terms["quantity"]));
  EXPECT_EQ(nlohmann::json(read["unit_price"]), nlohmann::json(terms["unit_price"]));
  EXPECT_EQ(read["goods"], terms["goods"]);
}

// The farmers' part of the exporter's credit, as Nile, which has confirmed, tells the farmers'
// bank.
TEST(SwiftExport, ATransferGoesOutWholeAndComesBackTheSame) {
  const Json credit =
      import(changed(fixture("mt700.fin"), ":40A:IRREVOCABLE\r", ":40A:IRREVOCABLE TRANSFERABLE\r"))
          ->request["terms"];
  Json terms = credit;
  terms["applicant"] = credit["beneficiary"];
  terms["beneficiary"] = {{"name", "BUGISU FARMERS COOPERATIVE"}, {"address", "MBALE ROAD, MBALE"}};
  terms["amount"] = "USD:80000.00";
  terms["expiry_date"] = "2027-01-05";
  terms["latest_shipment"] = "2026-12-10";
  terms["presentation_days"] = 10;
  terms["unit_price"] = {{"value", "4.16"}, {"unit", "KGM"}};
  terms["payment_conditions_beneficiary"] = "NOT BEFORE ARRIVAL";
  const Json transfer{{"number", 1}, {"state", "TRANSFERRED"}, {"terms", terms}};
  const MtAddress address{"NLBKUGKA", "CNTEUGKA", 20261125, "NONREF", 20261121};
  const auto message = export_transfer(credit, transfer, true, address);
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const std::string text = without_returns(write_mt(*message));
  EXPECT_NE(text.find("{2:I720"), std::string::npos);
  for (const char* field :
       {"\n:27:1/1\n:40B:IRREVOCABLE\nADDING OUR CONFIRMATION\n:20:HB-2026-0417-1\n"
        ":21:HB-2026-0417\n:31C:261121\n:40E:UCP LATEST VERSION\n:31D:270105DEHAM\n"
        ":52A:HRBKDEHH\n:50:KAMPALA COFFEE EXPORTERS\n",
        "\n:59:BUGISU FARMERS COOPERATIVE\nMBALE ROAD\nMBALE\n:32B:USD80000,\n",
        "\n:41A:HRBKDEHH\nBY PAYMENT\n", "\n:44C:261210\n", "\n:48:10\n:49:WITHOUT\n"})
    EXPECT_NE(text.find(field), std::string::npos) << field << text;
  EXPECT_EQ(text.find("93120"), std::string::npos) << "the credit's own amount";
  EXPECT_EQ(text.find("ROASTERS"), std::string::npos) << "the applicant, for whom another stands";

  const auto back = import(write_mt(*message));
  ASSERT_TRUE(back.has_value()) << back.error().message << text;
  Json expected = terms;
  expected["form"] = "IRREVOCABLE";
  Json read = back->request["terms"];
  for (const char* known_by_the_directory : {"beneficiary", "beneficiary_bank", "applicant"}) {
    expected.erase(known_by_the_directory);
    read.erase(known_by_the_directory);
  }
  EXPECT_EQ(nlohmann::json(read), nlohmann::json(expected));
  EXPECT_EQ(back->request["terms"]["beneficiary"]["name"], "BUGISU FARMERS COOPERATIVE");
  EXPECT_EQ(back->request["terms"]["applicant"]["name"], "KAMPALA COFFEE EXPORTERS");
}

TEST(SwiftExport, ATransferNeedsItsReferenceDateAndConsent) {
  const Json terms = import(fixture("mt700.fin"))->request["terms"];
  Json transfer{{"number", 1}, {"state", "REQUESTED"}, {"terms", terms}};
  MtAddress address{"NLBKUGKA", "CNTEUGKA", 0, "NONREF", 20261121};
  EXPECT_NE(export_transfer(terms, transfer, false, address).error().message.find("REQUESTED"),
            std::string::npos);
  transfer["state"] = "TRANSFERRED";
  const auto unconfirmed = export_transfer(terms, transfer, false, address);
  ASSERT_TRUE(unconfirmed.has_value()) << unconfirmed.error().message;
  EXPECT_EQ(unconfirmed->find("40B")->lines[1], "WITHOUT OUR CONFIRMATION");
  transfer["terms"]["number"] = "HB-2026-0417-LON";
  EXPECT_NE(export_transfer(terms, transfer, false, address).error().message.find("field 20"),
            std::string::npos);
  address.reference = "NB/TRF/77";
  const auto named = export_transfer(terms, transfer, false, address);
  ASSERT_TRUE(named.has_value()) << named.error().message;
  EXPECT_EQ(named->find("20")->text(), "NB/TRF/77");
  address.issued = 0;
  EXPECT_NE(export_transfer(terms, transfer, false, address).error().message.find("field 31C"),
            std::string::npos);
}

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

const Json kPresentation = Json::parse(R"json({
  "number": 1, "state": "REFUSED", "received_on": 20261207, "disposal": "HOLD_WAIVER",
  "claimed": {"currency": "USD", "minor_units": "9312050"},
  "findings": [{"code": "LATE_SHIPMENT", "article": "14(c)"}],
  "refused_for": [
    {"code": "GOODS_DIFFER", "article": "18(c)", "document": "Commercial invoice",
     "expected": "crop 2026/27", "found": "Zürich café"},
    {"code": "TOO_FEW_ORIGINALS", "article": "17", "document": "Bill of lading", "expected": "3",
     "found": "2"}]})json");

std::string block_4(const Result<MtMessage>& message) {
  EXPECT_TRUE(message.has_value()) << (message ? "" : message.error().message);
  if (!message) return "";
  const std::string text = without_returns(write_mt(*message));
  return text.substr(text.find("{4:\n") + 4);
}

TEST(SwiftExport, APresentationIsRefusedReportedAuthorisedAndPaid) {
  const Json terms = import(fixture("mt700.fin"))->request["terms"];
  const MtAddress address{"HRBKDEHH", "NLBKUGKA", 20261210, "NB-77"};
  EXPECT_EQ(block_4(export_refusal(terms, kPresentation, address)),
            ":20:HB-2026-0417\n:21:NB-77\n:32A:261207USD93120,5\n"
            ":77J:+GOODS DIFFER (UCP 600 ART. 18(c)), Commercial\ninvoice, EXPECTED crop 2026/27, "
            "FOUND Zurich cafe\n+TOO FEW ORIGINALS (UCP 600 ART. 17), Bill of\nlading, EXPECTED 3, "
            "FOUND 2\n:77B:/NOTIFY/\n-}");
  EXPECT_EQ(block_4(export_discrepancies(terms, kPresentation, address)),
            ":20:HB-2026-0417\n:21:NB-77\n:32B:USD93120,5\n"
            ":77J:+LATE SHIPMENT (UCP 600 ART. 14(c))\n-}");
  Json paid = kPresentation;
  paid["state"] = "HONOURED";
  paid["paid"] = "9312050";
  EXPECT_EQ(block_4(export_authorisation(terms, paid, address)),
            ":20:HB-2026-0417\n:21:NB-77\n:23:REMITTED\n:30:261210\n:32B:USD93120,5\n-}");
  EXPECT_EQ(block_4(export_payment(terms, paid, address)),
            ":20:HB-2026-0417\n:21:NB-77\n:32A:261210USD93120,5\n-}");
  Json taken = kPresentation;
  taken["state"] = "COMPLYING";
  Json other = terms;
  const auto code = [&](const char* by) {
    other["available_by"] = by;
    return export_authorisation(other, taken, address)->find("23")->text();
  };
  EXPECT_EQ(code("ACCEPTANCE"), "ACCEPT");
  EXPECT_EQ(code("NEGOTIATION"), "NEGOTIATE");
  EXPECT_EQ(code("SIGHT_PAYMENT"), "SEE72Z");
  other["reimbursing_bank"] = {{"bic", "CNTEUGKA"}};
  EXPECT_EQ(code("SIGHT_PAYMENT"), "REIMBURSE");
  EXPECT_FALSE(export_authorisation(terms, kPresentation, address).has_value());
  EXPECT_FALSE(export_payment(terms, kPresentation, address).has_value());
  paid.erase("disposal");
  EXPECT_FALSE(export_refusal(terms, paid, address).has_value());
}

TEST(SwiftExport, AnUndertakingIsAdvisedWithItsMaturity) {
  const Json terms = import(fixture("mt700.fin"))->request["terms"];
  const MtAddress address{"NLBKUGKA", "HRBKDEHH", 20261210, "HB-7"};
  Json undertaken = kPresentation;
  undertaken["state"] = "UNDERTAKEN";
  undertaken["undertakings"] = Json::parse(R"([{"amount": "9312050", "maturity": 20270308}])");
  EXPECT_EQ(block_4(export_payment(terms, undertaken, address)),
            ":20:HB-2026-0417\n:21:HB-7\n:32A:270308USD93120,5\n-}");
  undertaken["undertakings"] = Json::parse(
      R"([{"amount": "5000000", "maturity": 20270308}, {"amount": "4312050", "maturity": 20270408}])");
  EXPECT_EQ(block_4(export_payment(terms, undertaken, address)),
            ":20:HB-2026-0417\n:21:HB-7\n:32B:USD93120,5\n"
            ":77:USD50000, DUE 2027-03-08\nUSD43120,5 DUE 2027-04-08\n-}");
}

TEST(SwiftExport, APlusInAClauseBeginsNoOther) {
  Json terms = import(fixture("mt700.fin"))->request["terms"];
  terms["goods"] = std::string(62, 'A') + " +B " + std::string(70, 'C');
  const auto message = export_issue(terms, {"HRBKDEHH", "NLBKUGKA", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const auto back = import(write_mt(*message));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(split_clauses(message->find("45A")->lines).size(), 2u) << "goods and trade term";
}

TEST(SwiftExport, WhatDoesNotFitIsAnErrorWithTheField) {
  Json terms = import(fixture("mt700.fin"))->request["terms"];
  std::string long_goods;
  for (int i = 0; i < 120; ++i) long_goods += "LINE " + std::to_string(i) + "\n";
  terms["goods"] = long_goods;
  EXPECT_NE(
      export_issue(terms, {"HRBKDEHH", "NLBKUGKA", 20261121}).error().message.find("field 45A"),
      std::string::npos);
  EXPECT_NE(export_issue(Json::object(), {"HRBKDEHH", "NLBKUGKA", 20261121})
                .error()
                .message.find("needs field 40A"),
            std::string::npos);
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
