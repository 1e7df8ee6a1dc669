// SWIFT messages out: credits, amendments and transfers, which import reads back.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/documents/swift_fixtures.h"
#include "tools/documents/swift/clauses.h"
#include "tools/documents/swift/credit_export.h"

namespace usance::documents {
namespace {

TEST(SwiftExport, AnIssueGoesOutAndComesBackTheSame) {
  const auto first = import(fixture("mt700.fin"));
  ASSERT_TRUE(first.has_value());
  const auto message = export_issue(first->request["terms"], {"HRBKDEHH", "NLBKUGKA", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const std::string text = write_mt(*message);
  const auto second = import(text);
  ASSERT_TRUE(second.has_value()) << second.error().message << "\n" << text;
  EXPECT_EQ(second->request, first->request);
  std::string expected = fixture("mt700.fin");
  expected = changed(expected, "{3:{108:HB20260417}}", "");
  expected = expected.substr(0, expected.find("-}{5:")) + "-}";
  expected = changed(expected, "270115HAMBURG", "270115DEHAM");
  EXPECT_EQ(text, expected);
}

TEST(SwiftExport, WhatBanksTellEachOtherIsNotLost) {
  std::string text = fixture("mt700.fin");
  text = changed(text, ":31C:", ":23:PREADV/PRE-7\r\n:31C:");
  text = changed(text, ":50:", ":51A:CNTEUGKA\r\n:50:");
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

TEST(SwiftExport, AnAmendmentOfEveryTermComesBackTheSame) {
  Json terms = import(fixture("mt700.fin"))->request["terms"];
  const auto first = import(fixture("mt707_terms.fin"));
  ASSERT_TRUE(first.has_value()) << first.error().message;
  const auto message =
      export_amendment(terms, Json{{"number", 2}, {"change", first->request["change"]}},
                       {"HRBKDEHH", "NLBKUGKA", 20261203, "NONREF", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  EXPECT_EQ(write_mt(*message), fixture("mt707_terms.fin"));
}

// As in a credit: a plus that the break puts in front of a line would begin another clause.
TEST(SwiftExport, AnAmendedClauseStaysOneWhateverTheBreakPutsInFront) {
  const Json terms = import(fixture("mt700.fin"))->request["terms"];
  const std::string text = std::string(58, 'A') + " + BBB AND THE COMMERCIAL INVOICE";
  const Json change{{"add_conditions", {{{"text", text}, {"shown_by", "Commercial invoice"}}}}};
  const auto message = export_amendment(terms, Json{{"number", 2}, {"change", change}},
                                        {"HRBKDEHH", "NLBKUGKA", 20261203, "NONREF", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const auto back = import(write_mt(*message));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->request["change"]["add_conditions"].size(), 1U) << write_mt(*message);
}

// The message has no word for "no conditions any more".
TEST(SwiftExport, ConditionsReplacedByNoneAreDeletedOneByOne) {
  Json terms = import(fixture("mt700.fin"))->request["terms"];
  terms["conditions"] = Json::parse(R"json([{"text": "ONE"}, {"text": "TWO"}])json");
  const auto message = export_amendment(
      terms,
      Json{{"number", 2}, {"change", {{"replace_conditions", true}, {"minus_tolerance", 0}}}},
      {"HRBKDEHH", "NLBKUGKA", 20261203, "NONREF", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  EXPECT_EQ(message->find("47B")->lines,
            (std::vector<std::string>{"/DELETE/+ONE", "/DELETE/+TWO"}));
  EXPECT_EQ(message->find("39A")->text(), "05/00") << "the other percentage stays";
}

TEST(SwiftExport, AnAmendmentOfThePeriodsComesBackTheSame) {
  const Json terms = import(fixture("mt700.fin"))->request["terms"];
  const Json change{{"shipment_periods", Json::parse(R"json([
    {"from": "2026-12-01", "to": "2026-12-10", "minor_units": 4000000},
    {"from": "2026-12-11", "to": "2026-12-20"}])json")}};
  const auto message = export_amendment(terms, Json{{"number", 3}, {"change", change}},
                                        {"HRBKDEHH", "NLBKUGKA", 20261201, "NONREF", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  const auto back = import(write_mt(*message));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->request["change"], change);
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

TEST(SwiftExport, AnAddressBeyondTheFieldIsSaidAndNotCutInSilence) {
  Json terms = import(fixture("mt700.fin"))->request["terms"];
  EXPECT_TRUE(export_issue(terms, {"HRBKDEHH", "NLBKUGKA", 20261121})->remarks.empty());
  terms["applicant"]["address"] =
      "ALSTERTERRASSE 1, GEBAEUDE C, AUFGANG 12, DRITTES OBERGESCHOSS LINKS, 20354 HAMBURG, "
      "FREIE UND HANSESTADT HAMBURG, DEUTSCHLAND";
  const auto message = export_issue(terms, {"HRBKDEHH", "NLBKUGKA", 20261121});
  ASSERT_TRUE(message.has_value()) << message.error().message;
  ASSERT_EQ(message->remarks.size(), 1U);
  EXPECT_EQ(message->remarks[0].find("field 50: its four lines have no room for '"), 0U);
  EXPECT_NE(message->remarks[0].find("DEUTSCHLAND"), std::string::npos) << message->remarks[0];
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

}  // namespace
}  // namespace usance::documents
