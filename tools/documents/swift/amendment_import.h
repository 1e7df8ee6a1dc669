// MT707 as arguments of DraftAmendment.
#pragma once

#include "tools/documents/swift/mt_fields.h"

namespace usance::documents {

// kUnsupported where the amendment changes a term that the ledger's amendment cannot change: a part
// of an amendment is none.
[[nodiscard]] Result<Json> import_amendment(MtTerms& terms);

}  // namespace usance::documents
