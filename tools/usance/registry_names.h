// What the registry's interface calls the numbers of its enumerations.
#pragma once

#include <string>

#include "tools/documents/invoice_match.h"

namespace usance::cli {

// "SAME_SELLER_ID", by TokenKind of invoice_registry.proto; the number for a kind it does not have.
[[nodiscard]] std::string name_of(documents::TokenKind kind);
// "SAME_INVOICE", by Reason.
[[nodiscard]] std::string name_of(documents::MatchReason reason);

}  // namespace usance::cli
