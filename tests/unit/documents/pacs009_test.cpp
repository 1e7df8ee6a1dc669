// The structure of pacs.009.001.08 as its schema orders it.
#include "tools/documents/iso20022/pacs009.h"

#include <pugixml.hpp>

#include <gtest/gtest.h>

namespace usance::documents {
namespace {

BankTransfer transfer() {
  return {"HB20261215-1",   "HB-2026-0417",
          "HB-2026-0417/2", "2026-12-15T09:30:00Z",
          20261215,         "USD",
          9'312'050,        "HRBKDEHH",
          "NLBKUGKA",       "LC HB-2026-0417, presentation 2 & last"};
}

std::vector<std::string> children(const pugi::xml_node& node) {
  std::vector<std::string> out;
  for (const pugi::xml_node& child : node.children()) out.emplace_back(child.name());
  return out;
}

TEST(Pacs009, HasTheSchemasElementsInTheirOrder) {
  const auto xml = write_pacs009(transfer());
  ASSERT_TRUE(xml.has_value()) << xml.error().message;
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(xml->c_str()));
  const pugi::xml_node root = document.document_element();
  EXPECT_STREQ(root.name(), "Document");
  EXPECT_STREQ(root.attribute("xmlns").value(), "urn:iso:std:iso:20022:tech:xsd:pacs.009.001.08");
  const pugi::xml_node body = root.child("FICdtTrf");
  using Names = std::vector<std::string>;
  EXPECT_EQ(children(body), (Names{"GrpHdr", "CdtTrfTxInf"}));
  EXPECT_EQ(children(body.child("GrpHdr")),
            (Names{"MsgId", "CreDtTm", "NbOfTxs", "SttlmInf", "InstgAgt", "InstdAgt"}));
  const pugi::xml_node payment = body.child("CdtTrfTxInf");
  EXPECT_EQ(children(payment),
            (Names{"PmtId", "IntrBkSttlmAmt", "IntrBkSttlmDt", "Dbtr", "Cdtr", "RmtInf"}));
  EXPECT_EQ(children(payment.child("PmtId")), (Names{"InstrId", "EndToEndId", "UETR"}));
  EXPECT_STREQ(payment.child_value("IntrBkSttlmAmt"), "93120.50");
  EXPECT_STREQ(payment.child("IntrBkSttlmAmt").attribute("Ccy").value(), "USD");
  EXPECT_STREQ(payment.child_value("IntrBkSttlmDt"), "2026-12-15");
  EXPECT_STREQ(payment.child("Cdtr").child("FinInstnId").child_value("BICFI"), "NLBKUGKA");
  EXPECT_STREQ(payment.child("RmtInf").child_value("Ustrd"),
               "LC HB-2026-0417, presentation 2 + last");
  const std::string uetr = payment.child("PmtId").child_value("UETR");
  ASSERT_EQ(uetr.size(), 36u);
  EXPECT_EQ(uetr[14], '4');
  EXPECT_NE(std::string("89ab").find(uetr[19]), std::string::npos);
}

TEST(Pacs009, OneTransferHasOneUetr) {
  BankTransfer again = transfer();
  again.message_id = "HB20261216-9";
  again.created = "2026-12-16T00:00:00Z";
  BankTransfer other = transfer();
  other.minor_units += 1;
  const auto uetr = [](const BankTransfer& one) {
    const std::string xml = write_pacs009(one).value();
    return xml.substr(xml.find("<UETR>"), 42);
  };
  EXPECT_EQ(uetr(transfer()), uetr(again));
  EXPECT_NE(uetr(transfer()), uetr(other));
}

TEST(Pacs009, WhatIsMissingIsNamed) {
  const auto error = [](auto change) {
    BankTransfer bad = transfer();
    change(bad);
    const auto out = write_pacs009(bad);
    return out ? std::string() : out.error().message;
  };
  EXPECT_EQ(error([](auto& t) { t.message_id.clear(); }), "message_id: 1 to 35 characters");
  EXPECT_EQ(error([](auto& t) { t.minor_units = 0; }), "minor_units: a positive amount");
  EXPECT_EQ(error([](auto& t) { t.currency = "XXX"; }), "currency: an ISO 4217 currency");
  EXPECT_NE(error([](auto& t) { t.creditor_bic = "NLBK"; }).find("is no BIC"), std::string::npos);
}

}  // namespace
}  // namespace usance::documents
