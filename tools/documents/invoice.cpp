// From a file's bytes to an invoice: the two syntaxes are told apart here, and what they share is
// checked here.
#include "tools/documents/invoice.h"

#include <array>
#include <cctype>

#include "contracts/sdk/currency.h"
#include "tools/documents/invoice_fields.h"
#include "tools/documents/utf8.h"
#include "tools/documents/xml_reader.h"

namespace usance::documents {

namespace {

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

bool all_digits(std::string_view text) {
  for (const char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

int number_of(std::string_view digits) {
  int out = 0;
  for (const char c : digits) out = out * 10 + (c - '0');
  return out;
}

bool is_date(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1000 || month < 1 || month > 12 || day < 1 ||
      day > kDays[static_cast<std::size_t>(month - 1)])
    return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month != 2 || day != 29 || leap;
}

// A message may be wrapped for transport (UN/CEFACT Standard Business Document Header).
pugi::xml_node invoice_in(const pugi::xml_node& root) {
  if (local_name(root) != "StandardBusinessDocument") return root;
  for (const pugi::xml_node& node : root.children())
    if (is_ubl_invoice(node) || is_cii_invoice(node)) return node;
  return root;
}

Result<void> require_fields(const InvoiceFields& fields) {
  const auto missing = [](const char* field) {
    return fail(ErrorCode::kInvalidArgument, std::string("the invoice has no ") + field);
  };
  if (fields.document_class.empty()) return missing("document type code");
  if (fields.number.empty()) return missing("number");
  if (fields.issue_date.empty()) return missing("issue date");
  if (fields.currency.empty()) return missing("currency");
  if (fields.amount.empty()) return missing("amount including tax");
  if (fields.seller.name.empty()) return missing("seller's name");
  if (fields.buyer.name.empty()) return missing("buyer's name");
  return {};
}

}  // namespace

bool is_lei_scheme(std::string_view scheme) {
  return scheme == "0199" || scheme == "LEI";
}

bool is_tax_scheme(std::string_view scheme) {
  const std::string name = upper(std::string(scheme));
  return name == "VAT" || name == "VA" || name == "GST";
}

// xs:date with or without its zone, UNTDID 2379 formats 102, 203 and 204 (CCYYMMDD and then time),
// xs:dateTime.
Result<std::int32_t> parse_date(std::string_view text) {
  std::string digits;
  std::string_view rest;
  if (text.size() >= 10 && text[4] == '-' && text[7] == '-') {
    digits = std::string(text.substr(0, 4)) + std::string(text.substr(5, 2)) +
             std::string(text.substr(8, 2));
    rest = text.substr(10);
    if (!rest.empty() && rest[0] != 'Z' && rest[0] != '+' && rest[0] != '-' && rest[0] != 'T')
      digits.clear();
  } else if (text.size() == 8 || text.size() == 12 || text.size() == 14) {
    if (all_digits(text)) digits = text.substr(0, 8);
  }
  if (digits.size() == 8 && all_digits(digits)) {
    const int value = number_of(digits);
    if (is_date(value / 10'000, value / 100 % 100, value % 100)) return value;
  }
  return fail(ErrorCode::kInvalidArgument,
              "'" + cut(text, 24) + "' is not a date: 2026-03-05 or 20260305");
}

Result<Invoice> read_invoice(std::string_view xml) {
  pugi::xml_document document;
  USANCE_TRY(load_xml(document, xml));
  const pugi::xml_node root = invoice_in(document.document_element());
  InvoiceFields fields;
  if (is_ubl_invoice(root)) {
    fields = read_ubl_invoice(root);
  } else if (is_cii_invoice(root)) {
    fields = read_cii_invoice(root);
  } else {
    return fail(ErrorCode::kUnsupported,
                "neither a UBL invoice or credit note nor a UN/CEFACT cross industry invoice");
  }
  USANCE_TRY(require_fields(fields));
  Invoice invoice;
  invoice.document_class = std::move(fields.document_class);
  invoice.number = std::move(fields.number);
  invoice.seller = std::move(fields.seller);
  invoice.buyer = std::move(fields.buyer);
  invoice.preceding = std::move(fields.preceding);
  if (invoice.preceding.size() > kMaxPreceding)
    return fail(
        ErrorCode::kInvalidArgument,
        "the invoice names more than " + std::to_string(kMaxPreceding) + " preceding documents");
  const Result<std::int32_t> date = parse_date(fields.issue_date);
  if (!date) return fail(date.error().code, "the issue date: " + date.error().message);
  invoice.issue_date = *date;
  invoice.currency = upper(std::move(fields.currency));
  const int exponent = contract::currency_exponent(invoice.currency);
  if (exponent < 0)
    return fail(ErrorCode::kInvalidArgument,
                "'" + cut(invoice.currency, 8) + "' is not an ISO 4217 currency");
  USANCE_ASSIGN(invoice.amount, parse_amount(fields.amount, exponent));
  return invoice;
}

}  // namespace usance::documents
