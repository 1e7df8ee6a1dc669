// An invoice as the registry against duplicate financing sees it: the few fields that make it that
// invoice, read from UBL 2.x or UN/CEFACT CII by meaning, whatever the prefixes or the order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace usance::documents {

struct InvoiceParty {
  std::string name;    // legal name, else trading name
  std::string lei;     // as written, may be empty
  std::string tax_id;  // VAT or GST number as written, may be empty

  friend bool operator==(const InvoiceParty&, const InvoiceParty&) = default;
};

inline constexpr std::size_t kMaxPreceding = 16;

struct Invoice {
  std::string document_class;  // UNTDID 1001: 380 invoice, 381 credit note, ...
  std::string number;
  std::int32_t issue_date = 0;  // 20160404
  std::string currency;         // ISO 4217
  std::int64_t amount = 0;      // with tax, in minor units
  InvoiceParty seller;
  InvoiceParty buyer;
  // Numbers, as written, of the documents that it names as its predecessors: what a credit note
  // credits, a corrected invoice corrects, a final invoice sums up (BT-25). At most kMaxPreceding.
  std::vector<std::string> preceding;

  friend bool operator==(const Invoice&, const Invoice&) = default;
};

// Errors: those of load_xml (tools/documents/xml_reader.h), kUnsupported (XML of another kind),
// kInvalidArgument (a mandatory field is missing or is not what it should be; the text names it).
[[nodiscard]] Result<Invoice> read_invoice(std::string_view xml);

// What is wrong with the identifiers that the file names (LEI, IBAN, BIC, GLN, GTIN), wherever they
// stand; at most 50. Remarks, not errors: real invoices bear wrong ones. Errors are those of
// load_xml.
[[nodiscard]] Result<std::vector<std::string>> invoice_remarks(std::string_view xml);

// "1234.5" in a currency of exponent 2 is 123450. Refuses more digits than the currency has,
// unless they are zeros, and amounts that do not fit.
[[nodiscard]] Result<std::int64_t> parse_amount(std::string_view text, int exponent);
// "2026-03-05", "20260305", with a time of day or a zone behind it, as 20260305.
[[nodiscard]] Result<std::int32_t> parse_date(std::string_view text);

}  // namespace usance::documents
