// How much a bank's officers may sign for.
#pragma once

#include "contracts/sdk/context.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

// OVER_LIMIT when the caller's organisation has set a limit in this currency, for the caller or for
// everybody, that the amount exceeds. Without one there is no limit.
void require_limit(contract::Context& ctx, const contract::Money& amount);

}  // namespace usance::letter_of_credit::v1
