// Reads invoices by local element names, so that namespace prefixes and order do not matter.
#include <cctype>
#include <cstring>
#include <pugixml.hpp>

#include "tools/documents/invoice.h"

namespace usance::documents {

namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& node : parent.children())
    if (local_name(node) == name) return node;
  return {};
}

template <class... Names>
pugi::xml_node child(const pugi::xml_node& parent, std::string_view name, Names... deeper) {
  return child(child(parent, name), deeper...);
}

std::string text_of(const pugi::xml_node& node) {
  std::string_view text = node.text().get();
  const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

// pugixml parses without recursion, but what walks the tree later may not; hostile files nest.
bool too_deep(const pugi::xml_document& document) {
  int depth = 0;
  pugi::xml_node node = document.first_child();
  while (node) {
    if (node.first_child()) {
      if (++depth > kMaxXmlDepth) return true;
      node = node.first_child();
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (node) node = node.next_sibling();
  }
  return false;
}

Result<std::int32_t> parse_date(std::string_view text, const char* field) {
  std::string digits;
  for (const char c : text.substr(0, 10))
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) digits.push_back(c);
  if (digits.size() > 8) digits.resize(8);
  const int value = digits.size() == 8 ? std::atoi(digits.c_str()) : 0;
  const int month = value / 100 % 100;
  const int day = value % 100;
  if (value < 1'000'01'01 || month < 1 || month > 12 || day < 1 || day > 31)
    return fail(ErrorCode::kInvalidArgument, std::string(field) + " is not a date");
  return value;
}

bool is_lei_scheme(const pugi::xml_node& id) {
  const std::string_view scheme = id.attribute("schemeID").value();
  return scheme == "0199" || scheme == "LEI";
}

InvoiceParty ubl_party(const pugi::xml_node& holder) {
  const pugi::xml_node party = child(holder, "Party");
  InvoiceParty out;
  out.name = text_of(child(party, "PartyLegalEntity", "RegistrationName"));
  if (out.name.empty()) out.name = text_of(child(party, "PartyName", "Name"));
  const auto consider_lei = [&](const pugi::xml_node& id) {
    if (out.lei.empty() && is_lei_scheme(id)) out.lei = text_of(id);
  };
  for (const pugi::xml_node& node : party.children()) {
    const std::string_view name = local_name(node);
    if (name == "PartyIdentification") consider_lei(child(node, "ID"));
    if (name == "PartyLegalEntity") consider_lei(child(node, "CompanyID"));
    if (name == "EndpointID") consider_lei(node);
    if (name == "PartyTaxScheme" && out.tax_id.empty()) {
      const std::string scheme = text_of(child(node, "TaxScheme", "ID"));
      if (scheme == "VAT" || scheme == "GST") out.tax_id = text_of(child(node, "CompanyID"));
    }
  }
  return out;
}

InvoiceParty cii_party(const pugi::xml_node& party) {
  InvoiceParty out;
  out.name = text_of(child(party, "Name"));
  if (out.name.empty())
    out.name = text_of(child(party, "SpecifiedLegalOrganization", "TradingBusinessName"));
  for (const pugi::xml_node& node : party.children()) {
    const std::string_view name = local_name(node);
    const pugi::xml_node id = child(node, "ID");
    if (name == "GlobalID" && is_lei_scheme(node)) out.lei = text_of(node);
    if (name == "SpecifiedLegalOrganization" && is_lei_scheme(id)) out.lei = text_of(id);
    if (name == "SpecifiedTaxRegistration" && out.tax_id.empty()) {
      const std::string_view scheme = id.attribute("schemeID").value();
      if (scheme == "VA" || scheme == "GST") out.tax_id = text_of(id);
    }
  }
  return out;
}

struct RawInvoice {
  std::string date;
  std::string amount;
};

Result<RawInvoice> read_ubl(const pugi::xml_node& root, Invoice& out) {
  const bool credit_note = local_name(root) == "CreditNote";
  out.document_class = text_of(child(root, credit_note ? "CreditNoteTypeCode" : "InvoiceTypeCode"));
  if (out.document_class.empty()) out.document_class = credit_note ? "381" : "380";
  out.number = text_of(child(root, "ID"));
  out.currency = text_of(child(root, "DocumentCurrencyCode"));
  out.seller = ubl_party(child(root, "AccountingSupplierParty"));
  out.buyer = ubl_party(child(root, "AccountingCustomerParty"));
  const pugi::xml_node total = child(root, "LegalMonetaryTotal");
  pugi::xml_node amount = child(total, "TaxInclusiveAmount");
  if (!amount) amount = child(total, "PayableAmount");
  if (out.currency.empty()) out.currency = amount.attribute("currencyID").value();
  return RawInvoice{text_of(child(root, "IssueDate")), text_of(amount)};
}

Result<RawInvoice> read_cii(const pugi::xml_node& root, Invoice& out) {
  const pugi::xml_node document = child(root, "ExchangedDocument");
  const pugi::xml_node transaction = child(root, "SupplyChainTradeTransaction");
  const pugi::xml_node agreement = child(transaction, "ApplicableHeaderTradeAgreement");
  const pugi::xml_node settlement = child(transaction, "ApplicableHeaderTradeSettlement");
  out.document_class = text_of(child(document, "TypeCode"));
  out.number = text_of(child(document, "ID"));
  out.currency = text_of(child(settlement, "InvoiceCurrencyCode"));
  out.seller = cii_party(child(agreement, "SellerTradeParty"));
  out.buyer = cii_party(child(agreement, "BuyerTradeParty"));
  const pugi::xml_node sums = child(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation");
  // The grand total may stand in a second currency too; the invoice's own counts.
  pugi::xml_node amount;
  for (const pugi::xml_node& node : sums.children()) {
    if (local_name(node) != "GrandTotalAmount") continue;
    const std::string_view currency = node.attribute("currencyID").value();
    if (currency.empty() || currency == out.currency) amount = node;
  }
  const pugi::xml_node issue = child(document, "IssueDateTime");
  std::string date = text_of(child(issue, "DateTimeString"));
  if (date.empty()) date = text_of(child(issue, "DateTime"));
  return RawInvoice{date, text_of(amount)};
}

Result<void> require_fields(const Invoice& invoice, const RawInvoice& raw) {
  const auto missing = [](const char* field) {
    return fail(ErrorCode::kInvalidArgument, std::string("the invoice has no ") + field);
  };
  if (invoice.document_class.empty()) return missing("document type code");
  if (invoice.number.empty()) return missing("number");
  if (raw.date.empty()) return missing("issue date");
  if (invoice.currency.empty()) return missing("currency");
  if (raw.amount.empty()) return missing("amount including tax");
  if (invoice.seller.name.empty()) return missing("seller's name");
  if (invoice.buyer.name.empty()) return missing("buyer's name");
  return {};
}

}  // namespace

Result<Invoice> read_invoice(std::string_view xml) {
  if (xml.size() > kMaxInvoiceFileBytes)
    return fail(ErrorCode::kMalformed, "the file is over 8 MiB");
  pugi::xml_document document;
  // Document type declarations are kept so that they can be refused: no invoice needs one, and
  // entities are how XML files attack their readers. pugixml itself never expands custom ones.
  const pugi::xml_parse_result parsed = document.load_buffer(
      xml.data(), xml.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_auto);
  if (!parsed)
    return fail(ErrorCode::kMalformed, std::string("not XML: ") + parsed.description() +
                                           " at byte " + std::to_string(parsed.offset));
  for (const pugi::xml_node& node : document.children())
    if (node.type() == pugi::node_doctype)
      return fail(ErrorCode::kMalformed, "a document type declaration is not accepted");
  if (too_deep(document)) return fail(ErrorCode::kMalformed, "the XML is nested too deep");

  const pugi::xml_node root = document.document_element();
  Invoice invoice;
  Result<RawInvoice> raw;
  const std::string_view kind = local_name(root);
  if (kind == "Invoice" || kind == "CreditNote") {
    raw = read_ubl(root, invoice);
  } else if (kind == "CrossIndustryInvoice") {
    raw = read_cii(root, invoice);
  } else {
    return fail(ErrorCode::kUnsupported,
                "neither a UBL invoice or credit note nor a UN/CEFACT cross industry invoice");
  }
  USANCE_TRY(require_fields(invoice, *raw));
  USANCE_ASSIGN(invoice.issue_date, parse_date(raw->date, "the issue date"));
  const std::optional<int> exponent = currency_exponent(invoice.currency);
  if (!exponent)
    return fail(ErrorCode::kInvalidArgument,
                "'" + invoice.currency.substr(0, 8) + "' is not an ISO 4217 currency");
  USANCE_ASSIGN(invoice.amount, parse_amount(raw->amount, *exponent));
  return invoice;
}

}  // namespace usance::documents
