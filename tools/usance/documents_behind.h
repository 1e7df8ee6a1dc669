// The documents behind a financing (T7 to T12 of the invoice registry) as options of a command:
// --purchase-order NUMBER BUYER, --bill-of-lading NUMBER CARRIER, and so on.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "tools/documents/tokens.h"
#include "tools/usance/outcome.h"

namespace usance::cli {

// The kinds of document whose tokens are made of fields that are typed in, by their names on the
// ledger.
[[nodiscard]] const std::map<std::string, documents::TokenKind>& document_kinds();

// What was typed: of each kind the fields of all its documents, one behind the other.
using DocumentsBehind = std::map<documents::TokenKind, std::vector<std::string>>;

// `behind` must outlive the parsing.
void add_documents_behind(CLI::App& verb, DocumentsBehind& behind);

// What their tokens are made of. The error names the option.
[[nodiscard]] Outcome<std::vector<documents::TokenInput>> inputs_of(const DocumentsBehind& behind);

}  // namespace usance::cli
