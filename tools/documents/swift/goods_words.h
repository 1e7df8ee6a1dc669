// Quantity and unit price of the goods (45A), which a message has in words only: what the ledger
// knows of them is written as a clause of its own, and read back from it.
#pragma once

#include <string>
#include <vector>

#include "tools/documents/json_reader.h"

namespace usance::documents {

// The clauses of 45A of a credit's terms or of an amendment's change: the goods, the trade term,
// and quantity and unit price where the goods do not state them already:
// "QUANTITY: ABOUT 19200 KGM", "UNIT PRICE: USD 5.20 PER KGM".
[[nodiscard]] std::vector<std::string> goods_clauses(const Json& terms,
                                                     const std::string& currency);

// Puts a clause of these into `terms`; false when it is none.
[[nodiscard]] bool read_goods_clause(const std::string& clause, Json& terms);

// Lines of a text that are not empty.
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace usance::documents
