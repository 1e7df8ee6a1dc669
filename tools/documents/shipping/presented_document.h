// A file of a presentation as the letter of credit's Document: the file's hash and its key data.
#pragma once

#include "tools/documents/json_reader.h"

namespace usance::documents {

struct PresentedDocument {
  Json document;  // as letter_of_credit/records.proto has it; dates as "2026-12-04"
  std::vector<std::string> remarks;  // what the file does not say or says wrong
};

// A DCSA bill of lading or sea waybill (EBL 2 and 3: the transport document itself, or an issuance
// or transfer that carries it) or an invoice in UBL or CII. Any other file becomes OTHER_DOCUMENT
// with its hash alone, and a remark. `title` is how the credit calls it; empty: the kind's usual
// name. kMalformed: it is one of these kinds and broken.
[[nodiscard]] Result<PresentedDocument> read_presented(std::string_view bytes,
                                                       const std::string& title);

// The data of a transport document; kUnsupported when the JSON is none.
[[nodiscard]] Result<PresentedDocument> read_bill_of_lading(std::string_view bytes);

}  // namespace usance::documents
