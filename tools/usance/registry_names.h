// What the registry's interface calls the numbers of its enumerations.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tools/documents/invoice_match.h"

namespace usance::cli {

// "SAME_SELLER_ID", by TokenKind of invoice_registry.proto; the number for a kind it does not have.
[[nodiscard]] std::string name_of(documents::TokenKind kind);
// "SAME_INVOICE", by Reason.
[[nodiscard]] std::string name_of(documents::MatchReason reason);
// "every field agrees": what a reason of the registry, by its name, means; the name itself when it
// is not known.
[[nodiscard]] std::string in_words(const std::string& reason);
// What `Register` answered, for the person who registered: the flags, and what each asks for.
[[nodiscard]] std::string registration_text(const nlohmann::json& registered);

}  // namespace usance::cli
