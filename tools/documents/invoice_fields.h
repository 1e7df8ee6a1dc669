// What the readers of the two syntaxes hand to the checks that they share.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tools/documents/invoice.h"

namespace usance::documents {

// Text of an invoice's mandatory fields as written; empty where there is none.
struct InvoiceFields {
  std::string document_class;
  std::string number;
  std::string issue_date;
  std::string currency;
  std::string amount;
  InvoiceParty seller;
  InvoiceParty buyer;
  std::vector<std::string> preceding;
};

// UBL 2.x: Invoice, CreditNote, SelfBilledInvoice, SelfBilledCreditNote.
[[nodiscard]] bool is_ubl_invoice(const pugi::xml_node& root);
[[nodiscard]] InvoiceFields read_ubl_invoice(const pugi::xml_node& root);
// UN/CEFACT: CrossIndustryInvoice and the older CrossIndustryDocument of ZUGFeRD 1.
[[nodiscard]] bool is_cii_invoice(const pugi::xml_node& root);
[[nodiscard]] InvoiceFields read_cii_invoice(const pugi::xml_node& root);

// VAT (VA in CII) and GST numbers identify a party; local tax numbers do not.
[[nodiscard]] bool is_tax_scheme(std::string_view scheme);
// Scheme 0199 of ISO/IEC 6523 is the LEI.
[[nodiscard]] bool is_lei_scheme(std::string_view scheme);

}  // namespace usance::documents
