// The contract "governance": membership and parameters (docs/spec/governance.md).
#pragma once

#include "contracts/system/native.h"

namespace usance::governance {

[[nodiscard]] SystemContract system_contract();

}  // namespace usance::governance
