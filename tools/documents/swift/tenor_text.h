// Tenors as messages write them in fields 42C and 42P: "90 DAYS AFTER DATE OF SHIPMENT".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/documents/json_reader.h"

namespace usance::documents {

// A usance.letter_of_credit.v1.Tenor in JSON; empty for "AT SIGHT"; nothing when the words say
// something else, or more than one tenor. Capitals do not matter.
[[nodiscard]] std::optional<Json> read_tenor(std::string_view text);

// The same in the message's words; empty at sight.
[[nodiscard]] std::string tenor_words(const Json& tenor);

}  // namespace usance::documents
