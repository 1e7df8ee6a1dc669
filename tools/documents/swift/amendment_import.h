// MT707 as arguments of DraftAmendment.
#pragma once

#include "tools/documents/swift/mt_fields.h"

namespace usance::documents {

// An error (kUnsupported) among the findings where the amendment changes a term that the ledger's
// amendment cannot change: a part of an amendment is none.
[[nodiscard]] Json import_amendment(MtTerms& terms);

}  // namespace usance::documents
