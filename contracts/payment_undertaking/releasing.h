// What makes the undertaking payable: an answer of the feed, or the attestors.
#pragma once

#include "oracle_aggregator/answer.usance.h"
#include "payment_undertaking/open_undertaking.h"

namespace usance::payment_undertaking::v1 {

// Why the answer does not meet the oracle condition; empty when it does. A condition must be there.
[[nodiscard]] std::string shortfall(const Terms& terms,
                                    const oracle_aggregator::v1::Answer& answer);
// The newest answer of the feed that nobody can appeal against any more.
[[nodiscard]] sdk::CallResult<oracle_aggregator::v1::Answer> ask_now(OpenUndertaking& open);
// Makes the undertaking payable for an answer that meets its condition, and pays.
void release_for(OpenUndertaking& open, const oracle_aggregator::v1::Answer& answer);

// Counts an attestor, and pays when there are enough. NOT_AN_ATTESTOR, ALREADY_ATTESTED,
// BAD_SIGNATURE, DATE_PASSED.
void attest(OpenUndertaking& open, const AttestRequest& request);

}  // namespace usance::payment_undertaking::v1
