// What an amendment makes of a credit's terms. Pure: no host access.
#pragma once

#include <optional>

#include "contracts/sdk/failure.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

[[nodiscard]] bool changes_nothing(const TermsChange& change);

// Puts the change into the terms, or says why the result would be no workable credit; then `terms`
// is left half changed and must be thrown away. Amounts below what is drawn are the caller's check.
[[nodiscard]] std::optional<contract::Failure> apply_change(Terms& terms,
                                                            const TermsChange& change);

}  // namespace usance::letter_of_credit::v1
