// Places and time of shipment in a message (44A to 44F) as terms of a credit or of its amendment.
#pragma once

#include "tools/documents/json_reader.h"
#include "tools/documents/swift/mt_fields.h"

namespace usance::documents {

// Puts the places that the message names (44A, 44E, 44F, 44B) into `out`.
void read_shipment_places(MtTerms& terms, Json& out);

// Puts latest_shipment or shipment_periods into `out`, and remarks on what words were read as
// (UCP 600 Art. 3). `expiry` ("2026-12-31" or empty) ends a period that the message leaves open;
// `currency` is that of instalments' amounts, empty for any. False when the message has a period
// (44D) and no days that the ledger knows. Errors go to `terms`.
[[nodiscard]] bool read_shipment_terms(MtTerms& terms, Json& out, const std::string& expiry,
                                       const std::string& currency);

// Remarks on the words for dates in a text.
void explain_shipment_words(MtTerms& terms, const MtField& field);

}  // namespace usance::documents
