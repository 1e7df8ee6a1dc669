// OASIS UBL 2.x. EN 16931 names the fields in brackets.
#include "tools/documents/invoice_fields.h"
#include "tools/documents/xml_reader.h"

namespace usance::documents {

namespace {

InvoiceParty read_ubl_party(const pugi::xml_node& holder) {
  const pugi::xml_node party = child(holder, "Party");
  InvoiceParty out;
  const auto consider_name = [&](std::string name) {
    if (out.name.empty()) out.name = std::move(name);
  };
  const auto consider_lei = [&](const pugi::xml_node& id) {
    if (out.lei.empty() && is_lei_scheme(id.attribute("schemeID").value())) out.lei = text_of(id);
  };
  consider_name(text_of(child(party, "PartyLegalEntity", "RegistrationName")));  // BT-27, BT-44
  consider_name(text_of(child(party, "PartyName", "Name")));                     // BT-28, BT-45
  for (const pugi::xml_node& node : party.children()) {
    const std::string_view name = local_name(node);
    if (name == "PartyIdentification") consider_lei(child(node, "ID"));
    if (name == "PartyLegalEntity") consider_lei(child(node, "CompanyID"));
    if (name == "EndpointID") consider_lei(node);
    if (name != "PartyTaxScheme") continue;
    consider_name(text_of(child(node, "RegistrationName")));  // before UBL 2.1
    const std::string scheme = text_of(child(node, "TaxScheme", "ID"));
    if (out.tax_id.empty() && is_tax_scheme(scheme)) out.tax_id = text_of(child(node, "CompanyID"));
  }
  const pugi::xml_node person = child(party, "Person");
  if (out.name.empty() && person) {
    const std::string first = text_of(child(person, "FirstName"));
    const std::string family = text_of(child(person, "FamilyName"));
    out.name = first.empty() || family.empty() ? first + family : first + " " + family;
  }
  return out;
}

// Every kind of document that UBL lets a billing reference name (BG-3).
std::vector<std::string> read_ubl_preceding(const pugi::xml_node& root) {
  std::vector<std::string> out;
  for (const pugi::xml_node& reference : root.children()) {
    if (local_name(reference) != "BillingReference") continue;
    for (const pugi::xml_node& document : reference.children()) {
      if (!local_name(document).ends_with("DocumentReference")) continue;
      std::string number = text_of(child(document, "ID"));
      if (!number.empty()) out.push_back(std::move(number));
    }
  }
  return out;
}

}  // namespace

bool is_ubl_invoice(const pugi::xml_node& root) {
  const std::string_view name = local_name(root);
  return name == "Invoice" || name == "CreditNote" || name == "SelfBilledInvoice" ||
         name == "SelfBilledCreditNote";
}

InvoiceFields read_ubl_invoice(const pugi::xml_node& root) {
  const std::string_view kind = local_name(root);
  InvoiceFields out;
  out.document_class = text_of(child(root, "InvoiceTypeCode"));
  if (out.document_class.empty()) out.document_class = text_of(child(root, "CreditNoteTypeCode"));
  // UBL makes the code optional and leaves its list open ("SalesInvoice"): without one of UNTDID
  // 1001 the document's own name says what it is.
  if (out.document_class.find_first_not_of("0123456789") != std::string::npos ||
      out.document_class.empty())
    out.document_class = kind == "CreditNote"             ? "381"
                         : kind == "SelfBilledInvoice"    ? "389"
                         : kind == "SelfBilledCreditNote" ? "261"
                                                          : "380";
  out.number = text_of(child(root, "ID"));
  out.issue_date = text_of(child(root, "IssueDate"));
  out.currency = text_of(child(root, "DocumentCurrencyCode"));
  out.seller = read_ubl_party(child(root, "AccountingSupplierParty"));
  out.buyer = read_ubl_party(child(root, "AccountingCustomerParty"));
  out.preceding = read_ubl_preceding(root);
  // With tax and before what was paid in advance (BT-112): a prepayment makes no other invoice.
  const pugi::xml_node total = child(root, "LegalMonetaryTotal");
  pugi::xml_node amount = child(total, "TaxInclusiveAmount");
  if (!amount) amount = child(total, "PayableAmount");
  out.amount = text_of(amount);
  if (out.currency.empty()) out.currency = amount.attribute("currencyID").value();
  return out;
}

}  // namespace usance::documents
