// What the methods on amendments share, and what presentations and the end of a credit do to them.
#pragma once

#include "contracts/letter_of_credit/open_credit.h"

namespace usance::letter_of_credit::v1 {

[[nodiscard]] AmendmentReply reply_of(const OpenCredit& open, const Amendment& amendment);
[[nodiscard]] CreditChanged event_of(const Amendment& amendment);

// Puts an accepted amendment into force: terms, ceiling, expiry. `by_presentation` is the
// presentation that accepted it (Art. 10(c)), or 0. The caller has moved it to ACCEPTED and records
// the change.
void take_amendment(OpenCredit& open, Amendment& amendment, std::uint32_t by_presentation);

// What parties had still to answer of a credit that has come to its end leaves the work lists: its
// advice and confirmation, amendments, requests for transfer.
void finish_unanswered(const OpenCredit& open);

}  // namespace usance::letter_of_credit::v1
