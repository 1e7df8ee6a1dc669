// Whether a credit can be issued in these terms (transition 1 of the credit): what UCP 600 demands
// of every credit, what would make it unworkable, and what this version of the contract does not
// settle and therefore refuses to issue.
//
// Pure: no host access. Dates are compared as dates; whether the expiry is in the future is the
// caller's question.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "contracts/sdk/failure.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

// The first thing wrong with the terms as the named error of the interface, or nothing.
// `issuing_bank` is the organisation that issues.
[[nodiscard]] std::optional<contract::Failure> check_terms(const Terms& terms,
                                                           std::string_view issuing_bank);

// The days after shipment within which documents must be presented.
[[nodiscard]] std::int32_t presentation_period(const Terms& terms);

// The most that may be drawn in all, with the tolerance; nothing when it does not fit.
[[nodiscard]] std::optional<std::int64_t> ceiling(const Terms& terms);

// The bank that the issuing bank asks to confirm, when it asks any (tags 49, 58a).
[[nodiscard]] const std::string& requested_confirming_bank(const Terms& terms);

// The required document of this title, or null.
[[nodiscard]] const RequiredDocument* required_document(const Terms& terms, std::string_view title);

}  // namespace usance::letter_of_credit::v1
