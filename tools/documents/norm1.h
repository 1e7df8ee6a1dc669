// Normalisation norm/1 of invoices for the registry: two honest readers of one invoice arrive at
// the same keys, whatever the syntax, spelling or punctuation. Versioned: a change is norm/2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/documents/invoice.h"

namespace usance::documents {

struct NormalisedInvoice {
  std::string document_class;  // UNTDID 1001: one to four digits, no leading zeros
  std::string number;          // [A-Z0-9] only; leading zeros are kept: 0000123456 is not 123456
  std::string skeleton;        // the number's digits only, leading zeros stripped
  std::int32_t date = 0;
  std::string currency;
  std::int64_t amount = 0;
  std::string seller_id;    // LEI, else tax id, alphanumerics only; empty when there is none
  std::string seller_name;  // no marks, punctuation or legal suffix
  std::string buyer_id;
  std::string buyer_name;
  std::vector<std::string> preceding;  // numbers of the documents it names, ascending, no doubles

  friend bool operator==(const NormalisedInvoice&, const NormalisedInvoice&) = default;
};

// kInvalidArgument when a mandatory field has nothing left (a number of punctuation only, ...).
[[nodiscard]] Result<NormalisedInvoice> normalise(const Invoice& invoice);

// NFKC-equivalent folding, upper case, [A-Z0-9] only.
[[nodiscard]] std::string alphanumeric_key(std::string_view text);
// NFKD, marks dropped, upper case, punctuation and legal form dropped, spaces collapsed.
[[nodiscard]] std::string name_key(std::string_view text);

}  // namespace usance::documents
