// Who the members are, read from a proven scope of the governance contract's records. Internal to
// base/recovery_record.
#pragma once

#include <vector>

#include "base/recovery_record.h"

namespace usance {

// The organisations that have not left, ascending. kMalformed: an item is no organisation's record.
[[nodiscard]] Result<std::vector<RecoveryMember>> members_of(const ScopeProof& organisations);

}  // namespace usance
