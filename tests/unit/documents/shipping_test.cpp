// Bills of lading into presentations, sensor events into oracle reports.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/documents/samples.h"
#include "tools/documents/shipping/presented_document.h"
#include "tools/documents/shipping/sensor_events.h"

namespace usance::documents {
namespace {

// Of the project, or anywhere if the path is absolute.
std::string file(const std::filesystem::path& path) {
  std::ifstream in(std::filesystem::path(USANCE_SOURCE_DIR) / path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

bool remarked(const PresentedDocument& document, const std::string& text) {
  for (const std::string& remark : document.remarks)
    if (remark.find(text) != std::string::npos) return true;
  return false;
}

TEST(Presented, ADcsaBillOfLadingIsADocumentWithItsData) {
  const auto out = read_presented(file("tests/fixtures/story/bill-of-lading.json"), "");
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(nlohmann::json(out->document), nlohmann::json::parse(R"json({
    "title": "Bill of lading", "kind": "BILL_OF_LADING", "number": "BLUMBA2601234",
    "issuer": "Blue Line Shipping", "date": "2026-12-04", "originals": 3,
    "sha256": "5b8c0784a34ec8d7b4821d4e96337360c07f209bc325b325a6721a08ac523076",
    "transport": {"carrier": "Blue Line Shipping", "signed_by": "CARRIER",
      "on_board": "2026-12-04", "port_of_loading": "Mombasa", "port_of_discharge": "Hamburg",
      "vessel": "Zambezi Trader", "containers": ["BLUU4026176"]}})json"));
  EXPECT_TRUE(out->remarks.empty()) << out->remarks.front();
}

TEST(Presented, WhatABillDoesNotSayIsRemarkedOn) {
  const auto out = read_presented(R"json({"document": {"transportDocumentTypeCode": "SWB",
      "isElectronic": true, "isShippedOnBoardType": false,
      "carrierClauses": ["Goods loaded on deck at shipper's risk"],
      "documentParties": {"issuingParty": {"partyName": "Harbour Agencies as agents for the carrier"}},
      "transports": {"vesselVoyages": [{"vesselName": "V", "vesselIMONumber": "9714382"}]},
      "utilizedTransportEquipments": [{"equipmentReference": "CSQU3054384"}]}})json",
                                  "Waybill of the credit");
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(out->document["title"], "Waybill of the credit");
  EXPECT_EQ(out->document["kind"], "SEA_WAYBILL");
  EXPECT_EQ(out->document["originals"], 1);
  EXPECT_EQ(out->document["issuer"], "Harbour Agencies");
  EXPECT_EQ(out->document["transport"]["signed_by"], "AGENT_OF_CARRIER");
  EXPECT_EQ(out->document["transport"]["on_deck"], true);
  for (const char* what : {"no number", "no date of shipment", "received for shipment",
                           "fill carrier", "no port of loading", "no port of discharge",
                           "is no IMO number", "is no container number", "is it clean"})
    EXPECT_TRUE(remarked(*out, what)) << what;
}

TEST(Presented, AnInvoiceAndAnyOtherFile) {
  const auto invoice = read_presented(file("tests/fixtures/documents/invoices/tools-cii.xml"), "");
  ASSERT_TRUE(invoice.has_value());
  EXPECT_EQ(invoice->document["invoice"]["issued_to"], "Atelier Ciel");
  EXPECT_EQ(invoice->document["invoice"]["total"]["minor_units"], 476'000);
  EXPECT_EQ(invoice->document["date"], "2026-02-11");
  const auto other = read_presented("%PDF-1.7", "Quality certificate");
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(other->document["kind"], "OTHER_DOCUMENT");
  EXPECT_EQ(other->document["title"], "Quality certificate");
  EXPECT_TRUE(remarked(*other, "only its hash"));
  EXPECT_FALSE(
      read_presented("{\"transportDocumentTypeCode\": \"BOL\", \"issueDate\": \"soon\"}", "")
          .has_value());
  EXPECT_FALSE(read_presented("{", "").has_value());
}

TEST(SensorEvents, TrackAndTraceGivesWhatWasMeasuredAndNothingPlanned) {
  const auto out = read_sensor_events(file("tests/fixtures/documents/events/reefer.json"));
  ASSERT_TRUE(out.has_value()) << out.error().message;
  const auto reading = [](const char* quantity, const char* source, const char* value,
                          const char* unit, const char* time) {
    return SensorReading{"BLUU4026176", quantity, source, value, unit, time, "EGPSD"};
  };
  const char* six = "2026-12-09T06:00:00Z";
  EXPECT_EQ(*out, (std::vector<SensorReading>{
                      reading("temperature", "probe 1", "4.2", "CEL", six),
                      reading("temperature", "probe 2", "-0.5", "CEL", six),
                      reading("temperature", "ambientMeasuredTemperature", "31.25", "CEL", six),
                      reading("door", "DRO", "1", "", "2026-12-09T07:10:00Z")}));
}

TEST(SensorEvents, EpcisSaysTheSameInJsonAndXml) {
  const auto json = read_sensor_events(file("tests/fixtures/documents/events/epcis.json"));
  const auto xml = read_sensor_events(file("tests/fixtures/documents/events/epcis.xml"));
  ASSERT_TRUE(json.has_value() && xml.has_value());
  EXPECT_EQ(*json, *xml);
  ASSERT_EQ(json->size(), 2u) << "bounds alone are no reading";
  EXPECT_EQ(json->front(),
            (SensorReading{"https://id.gs1.org/8003/04012345000054987", "temperature",
                           "urn:epc:id:giai:4000001.111", "4.2", "CEL", "2026-12-09T05:58:00.000Z",
                           "urn:epc:id:sgln:4012345.00001.0"}));
  EXPECT_EQ(json->back().quantity, "humidity");
  EXPECT_EQ(json->back().value, "81.5");
}

TEST(SensorEvents, OtherFilesAreRefused) {
  for (const char* bad :
       {"", "{}", "[]", "{\"events\": []}", "<a/>", "x", "[1", "<!DOCTYPE a []><EPCISDocument/>"})
    EXPECT_FALSE(read_sensor_events(bad).has_value()) << bad;
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "[";
  EXPECT_EQ(read_sensor_events(deep).error().message, "the JSON is nested too deep");
}

TEST(SensorEvents, ValuesAreScaledWithoutFloatingPoint) {
  EXPECT_EQ(scaled("-18.2", 1), -182);
  EXPECT_EQ(scaled("4", 2), 400);
  EXPECT_EQ(scaled("-18.25", 1), -183);
  EXPECT_EQ(scaled("18.24", 1), 182);
  EXPECT_EQ(scaled("0.1", 3), 100);
  EXPECT_EQ(scaled("-0.04", 1), 0);
  for (const char* bad : {"", "-", ".", "1e5", "1,5", "99999999999999999999", "0x1"})
    EXPECT_FALSE(scaled(bad, 1).has_value()) << bad;
}

TEST(ShippingSamples, PublicMessagesAreRead) {
  const std::string folder = (samples_folder() / "dcsa").string() + "/";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << kNoSamples;
  const auto readings = read_sensor_events(file(folder + "tnt-300-request-reefer.json"));
  ASSERT_TRUE(readings.has_value());
  EXPECT_EQ(readings->size(), 3u);
  for (const char* name : {"ebl-api-3.0.0-negotiable-bl.json", "ebl-api-3.0.0-straight-bl.json",
                           "eblissuance-v3.0.0-request.json"}) {
    const auto bill = read_presented(file(folder + name), "");
    ASSERT_TRUE(bill.has_value()) << name;
    EXPECT_EQ(bill->document["kind"], "BILL_OF_LADING") << name;
  }
}

}  // namespace
}  // namespace usance::documents
