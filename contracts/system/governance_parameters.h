// The parameters that members tune together (base/parameters.h).
#pragma once

#include "contracts/sdk/storage.h"
#include "contracts/system/governance_records.h"

namespace usance::governance {

// Ends the call with INVALID_PARAMETERS unless they keep a network alive.
void check_parameters(const v1::Parameters& parameters);
void set_parameters(contract::Context& ctx, const v1::Parameters& parameters);

}  // namespace usance::governance
