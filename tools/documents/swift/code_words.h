// Fields of code words and percentages, as terms.proto says them. Shared by the imports of issues
// and of amendments. A word that the terms cannot say is an error of its field (kUnsupported).
#pragma once

#include "tools/documents/swift/mt_fields.h"

namespace usance::documents {

[[nodiscard]] Result<std::string> form_of(const MtField& field, const std::string& word);  // (40A)
[[nodiscard]] Result<std::string> rules_of(const MtField& field);                          // (40E)
[[nodiscard]] Result<std::string> availability_of(const MtField& field);                   // (41a)
[[nodiscard]] Result<std::string> confirmation_of(const MtField& field);                   // (49)

// Into `out` what the message says, nothing where it has no such field; errors among the findings.
void read_tolerance(MtTerms& terms, Json& out);  // (39A)
void read_allowed(MtTerms& terms, Json& out);    // (43P), (43T)

}  // namespace usance::documents
