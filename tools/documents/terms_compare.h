// The redline of two texts of a credit's terms: what was added, taken out or changed.
#pragma once

#include <string>
#include <vector>

#include "tools/documents/json_reader.h"

namespace usance::documents {

struct TermDifference {
  std::string term;    // "latest_shipment", "documents[Bill of lading].originals"
  std::string before;  // a text, or as JSON; empty: was not there
  std::string after;   // a text, or as JSON; empty: is not there any more

  friend bool operator==(const TermDifference&, const TermDifference&) = default;
};

// Terms in JSON, in the order of their names. Required documents are compared by their titles and
// conditions by their texts, so that one put in between does not change all that follow; parts of
// other lists by their places, from 1.
[[nodiscard]] std::vector<TermDifference> compare_terms(const Json& before, const Json& after);

}  // namespace usance::documents
