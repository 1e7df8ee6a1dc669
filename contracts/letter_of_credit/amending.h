// What an amendment makes of a credit's terms. Pure: no host access.
#pragma once

#include <cstdint>
#include <optional>

#include "contracts/sdk/failure.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

// Puts the change into the terms, or says why the result would be no workable credit; then `terms`
// is left half changed and must be thrown away. Amounts below what is drawn are the caller's check.
// `instalments_made` are those of the credit: what was shipped in its period stays as it is.
[[nodiscard]] std::optional<contract::Failure> apply_change(Terms& terms, const TermsChange& change,
                                                            std::uint64_t instalments_made);

}  // namespace usance::letter_of_credit::v1
