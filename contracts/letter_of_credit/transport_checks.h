// The data tests on transport documents (UCP 600 Art. 19 to 23, 26, 27). Pure: no host access.
#pragma once

#include <vector>

#include "contracts/letter_of_credit/findings.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

[[nodiscard]] bool is_transport_document(DocumentKind kind);

// The date of shipment: the latest of the set governs (Art. 31(b)); not set without any.
[[nodiscard]] contract::Date latest_shipment_date(const std::vector<Document>& documents);
// The same over documents of which an original is presented: only those start the period for
// presentation (Art. 14(c)).
[[nodiscard]] contract::Date latest_original_shipment(const std::vector<Document>& documents);

void check_transport(const Terms& terms, const RequiredDocument& required, const Document& document,
                     Findings& findings);

}  // namespace usance::letter_of_credit::v1
