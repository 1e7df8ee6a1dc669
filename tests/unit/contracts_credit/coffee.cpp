#include "coffee.h"

namespace usance::letter_of_credit::v1::test {

contract::Money usd(std::int64_t minor_units) {
  contract::Money money;
  money.currency = "USD";
  money.minor_units = minor_units;
  return money;
}

Calendar hamburg() {
  Calendar calendar;
  calendar.offsets = {{day(2026, 10, 25), 60}, {day(2027, 3, 28), 120}};
  calendar.closes_at_minute = 17 * 60;
  calendar.weekend = {6, 7};
  return calendar;
}

Terms coffee_terms() {
  Terms terms;
  terms.number = "ELB-2027-0001";
  terms.form = Form::kIrrevocable;
  terms.rules = Rules::kUcp;
  terms.expiry_date = day(2027, 3, 31);
  terms.expiry_place = "DEHAM";
  terms.issuing_bank = {std::string(kElbe), "Elbe Handelsbank AG", "ELHBDEHH", "DEHAM"};
  terms.advising_bank = {std::string(kNile), "Nile Commerce Bank Ltd", "NICMUGKA", "UGKLA"};
  terms.applicant.name = "Alsterblick Kaffeeroesterei GmbH";
  terms.applicant.country = "DE";
  terms.applicant.organisation = kRoaster;
  terms.beneficiary.name = "Kampala Coffee Exporters Ltd";
  terms.beneficiary.country = "UG";
  terms.beneficiary.organisation = kExporter;
  terms.beneficiary_bank = kNile;
  terms.amount = usd(100'000'00);
  terms.available_with = terms.issuing_bank;
  terms.available_by = AvailableBy::kSightPayment;
  terms.partial_shipments = Allowed::kNotAllowed;
  terms.port_of_loading = "Mombasa";
  terms.port_of_discharge = "Hamburg";
  terms.latest_shipment = day(2027, 3, 15);
  terms.goods = "Uganda washed Arabica coffee, Bugisu AA, crop 2026/27";
  terms.quantity.value = "19200";
  terms.quantity.unit = "KGM";
  terms.trade_term = "FOB Mombasa (Incoterms 2020)";
  RequiredDocument required;
  required.title = "Commercial invoice";
  required.kind = DocumentKind::kCommercialInvoice;
  required.originals = 1;
  terms.documents.push_back(required);
  required.title = "Bill of lading";
  required.kind = DocumentKind::kBillOfLading;
  required.originals = 3;
  terms.documents.push_back(required);
  required.title = "Quality certificate";
  required.kind = DocumentKind::kQualityCertificate;
  required.issuer = "Great Lakes Coffee Inspection";
  required.originals = 1;
  terms.documents.push_back(required);
  return terms;
}

Document invoice() {
  Document document;
  document.title = "Commercial invoice";
  document.kind = DocumentKind::kCommercialInvoice;
  document.number = "KCE-2027-031";
  document.issuer = "Kampala Coffee Exporters Ltd.";
  document.date = day(2027, 2, 26);
  document.sha256.assign(32, 0x11);
  document.originals = 1;
  document.invoice.issued_by = "KAMPALA COFFEE EXPORTERS LTD";
  document.invoice.issued_to = "Alsterblick Kaffeeroesterei GmbH";
  document.invoice.total = usd(100'000'00);
  document.invoice.goods = "UGANDA WASHED ARABICA COFFEE, BUGISU AA, CROP 2026/27";
  document.invoice.quantity = "19200";
  document.invoice.unit = "KGM";
  return document;
}

Document bill_of_lading() {
  Document document;
  document.title = "Bill of lading";
  document.kind = DocumentKind::kBillOfLading;
  document.number = "SWLMBA2701234";
  document.issuer = "Swahili Coast Line";
  document.date = day(2027, 3, 1);
  document.sha256.assign(32, 0x22);
  document.originals = 3;
  document.transport.carrier = "Swahili Coast Line";
  document.transport.signed_by = SignedBy::kAgentOfCarrier;
  document.transport.on_board = day(2027, 3, 1);
  document.transport.port_of_loading = "MOMBASA, KENYA";
  document.transport.port_of_discharge = "HAMBURG, GERMANY";
  document.transport.vessel = "Pemba Channel";
  return document;
}

Document quality_certificate() {
  Document document;
  document.title = "Quality certificate";
  document.kind = DocumentKind::kQualityCertificate;
  document.number = "GLCI-5512";
  document.issuer = "Great Lakes Coffee Inspection";
  document.date = day(2027, 2, 25);
  document.sha256.assign(32, 0x33);
  document.originals = 1;
  return document;
}

std::vector<Document> complying_set() {
  return {invoice(), bill_of_lading(), quality_certificate()};
}

std::vector<DiscrepancyCode> codes(const std::vector<Discrepancy>& discrepancies) {
  std::vector<DiscrepancyCode> out;
  for (const Discrepancy& discrepancy : discrepancies) out.push_back(discrepancy.code);
  return out;
}

}  // namespace usance::letter_of_credit::v1::test
