// Whether terms can be undertaken at all, before any money moves.
#pragma once

#include "payment_undertaking/payment_undertaking.usance.h"

namespace usance::payment_undertaking::v1 {

// BAD_TERM, NO_CONDITION, DATE_PASSED.
void check_terms(sdk::Context& ctx, std::string_view obligor, const Terms& terms);

}  // namespace usance::payment_undertaking::v1
