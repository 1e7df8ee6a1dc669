// The narrative of a credit: fields 45, 46 and 47 as clauses, and what a clause asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace usance::documents {

// Clauses begin with "+", a hyphen or a number ("1.", "2)"), as the first one does; where it has no
// mark, the whole is one. Lines are joined, the mark is dropped.
[[nodiscard]] std::vector<std::string> split_clauses(const std::vector<std::string>& lines);

// What field 46A asks for, read by its words.
struct RequiredClause {
  std::string title;       // "Commercial invoice"; of other documents the clause's beginning
  std::string kind;        // DocumentKind of letter_of_credit/terms.proto
  unsigned originals = 0;  // 0: it does not say
  unsigned copies = 0;
};
// At most 70 bytes of title.
[[nodiscard]] RequiredClause read_required(std::string_view clause);

// An Incoterms rule with its place at the beginning of a clause ("CIF ROTTERDAM"), or empty.
[[nodiscard]] std::string trade_term_of(std::string_view clause);

}  // namespace usance::documents
