// MT700, 710, 720 and 707 as arguments of the letter of credit's DraftIssue and DraftAmendment.
#pragma once

#include "tools/documents/json_reader.h"
#include "tools/documents/swift/directory.h"
#include "tools/documents/swift/mt_message.h"

namespace usance::documents {

struct CreditImport {
  std::string method;  // "DraftIssue" or "DraftAmendment"
  Json request;        // its arguments; amounts as "USD:93120.00", dates as "2026-12-15"
  // What a person must look at: what lenient reading forgave, what the message says and the
  // ledger's terms have no field for, what the directory does not know. Each names line and field.
  std::vector<std::string> remarks;
};

// A file's bytes to arguments: read_mt, its type (`type` for a bare block 4, else empty), check_mt,
// and the fields as terms. The error is that of the one thing wrong, or a list of all of them
// (MtFindings), each with line and tag. kMalformed: a field is not what it should be. kUnsupported:
// the message says something that changes the credit and that the ledger's terms cannot hold (a
// conditional partial shipment, rules of its own). What the terms lose otherwise is an error in
// strict reading and a remark in lenient reading, never left out in silence.
[[nodiscard]] Result<CreditImport> import_credit_file(std::string_view bytes, MtReading reading,
                                                      const std::string& type,
                                                      const Directory& directory);

}  // namespace usance::documents
