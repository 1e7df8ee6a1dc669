// When the parts of a drawing are to be paid: at sight, or at the maturity of a tenor (tags 42C,
// 42M, 42P). Amounts are minor units. Pure: no host access.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "contracts/sdk/date.h"
#include "contracts/sdk/failure.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

// What is wrong with the credit's payment for the way in which it is available, or nothing.
[[nodiscard]] std::optional<contract::Failure> check_payment(const Terms& terms);

[[nodiscard]] bool has_tenor(const Terms& terms);

struct DuePart {
  std::int64_t amount = 0;
  contract::Date maturity;  // not set: at sight. Not yet moved to a banking day.
};

// Shares round down and the last part has the rest, so that the parts are the whole.
// `sight_on` is the day from which a tenor after sight counts. MATURITY_UNKNOWN when the documents
// do not show the day from which a tenor counts.
struct DueParts {
  std::vector<DuePart> parts;
  std::optional<contract::Failure> problem;
};
[[nodiscard]] DueParts due_parts(const Terms& terms, const std::vector<Document>& documents,
                                 contract::Date sight_on, std::int64_t amount);

}  // namespace usance::letter_of_credit::v1
