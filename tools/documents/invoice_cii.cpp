// UN/CEFACT Cross Industry Invoice, D10 to D23, and ZUGFeRD 1. EN 16931 names the fields in
// brackets.
#include "tools/documents/invoice_fields.h"
#include "tools/documents/xml_reader.h"

namespace usance::documents {

namespace {

// The first of these children that is there: releases of the schema renamed the same thing.
pugi::xml_node any_child(const pugi::xml_node& parent,
                         std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const pugi::xml_node node = child(parent, name)) return node;
  return {};
}

InvoiceParty read_cii_party(const pugi::xml_node& party) {
  InvoiceParty out;
  out.name = text_of(child(party, "Name"));  // BT-27, BT-44
  if (out.name.empty())
    out.name = text_of(child(party, "SpecifiedLegalOrganization", "TradingBusinessName"));
  for (const pugi::xml_node& node : party.children()) {
    const std::string_view name = local_name(node);
    const pugi::xml_node id = child(node, "ID");
    const auto consider_lei = [&](const pugi::xml_node& given) {
      if (out.lei.empty() && is_lei_scheme(given.attribute("schemeID").value()))
        out.lei = text_of(given);
    };
    if (name == "GlobalID" || name == "ID") consider_lei(node);
    if (name == "SpecifiedLegalOrganization") consider_lei(id);
    if (name == "SpecifiedTaxRegistration" && out.tax_id.empty() &&
        is_tax_scheme(id.attribute("schemeID").value()))
      out.tax_id = text_of(id);
  }
  return out;
}

// BG-3. ZUGFeRD 1 has no such element in the header; releases before D16B call the number ID.
std::vector<std::string> read_cii_preceding(const pugi::xml_node& settlement) {
  std::vector<std::string> out;
  for (const pugi::xml_node& reference : settlement.children()) {
    const std::string_view name = local_name(reference);
    if (name != "InvoiceReferencedDocument" && name != "InvoiceCIReferencedDocument") continue;
    std::string number = text_of(any_child(reference, {"IssuerAssignedID", "ID"}));
    if (!number.empty()) out.push_back(std::move(number));
  }
  return out;
}

}  // namespace

bool is_cii_invoice(const pugi::xml_node& root) {
  const std::string_view name = local_name(root);
  return name == "CrossIndustryInvoice" || name == "CrossIndustryDocument";
}

InvoiceFields read_cii_invoice(const pugi::xml_node& root) {
  const pugi::xml_node document =
      any_child(root, {"ExchangedDocument", "HeaderExchangedDocument", "CIExchangedDocument"});
  const pugi::xml_node transaction =
      any_child(root, {"SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction",
                       "CIIHSupplyChainTradeTransaction"});
  const pugi::xml_node agreement = any_child(
      transaction, {"ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement",
                    "ApplicableCIIHSupplyChainTradeAgreement"});
  const pugi::xml_node settlement = any_child(
      transaction, {"ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement",
                    "ApplicableCIIHSupplyChainTradeSettlement"});
  InvoiceFields out;
  out.document_class = text_of(child(document, "TypeCode"));
  out.number = text_of(child(document, "ID"));
  const pugi::xml_node issue = child(document, "IssueDateTime");
  out.issue_date = text_of(any_child(issue, {"DateTimeString", "DateTime"}));
  out.currency = text_of(child(settlement, "InvoiceCurrencyCode"));
  out.seller = read_cii_party(any_child(agreement, {"SellerTradeParty", "SellerCITradeParty"}));
  out.buyer = read_cii_party(any_child(agreement, {"BuyerTradeParty", "BuyerCITradeParty"}));
  out.preceding = read_cii_preceding(settlement);
  const pugi::xml_node sums =
      any_child(settlement, {"SpecifiedTradeSettlementHeaderMonetarySummation",
                             "SpecifiedTradeSettlementMonetarySummation",
                             "SpecifiedCIIHTradeSettlementMonetarySummation"});
  // With tax and before what was paid in advance (BT-112). It may stand in a second currency too;
  // the invoice's own counts.
  pugi::xml_node amount;
  for (const char* name : {"GrandTotalAmount", "DuePayableAmount"}) {
    for (const pugi::xml_node& node : sums.children()) {
      if (amount || local_name(node) != name) continue;
      const std::string_view currency = node.attribute("currencyID").value();
      if (currency.empty() || out.currency.empty() || currency == out.currency) amount = node;
    }
  }
  out.amount = text_of(amount);
  if (out.currency.empty()) out.currency = amount.attribute("currencyID").value();
  return out;
}

}  // namespace usance::documents
