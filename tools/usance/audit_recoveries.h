// Recovery records as a node serves them (docs/spec/recovery.md).
#pragma once

#include <vector>

#include "base/recovery_record.h"
#include "tools/usance/client.h"

namespace usance::cli {

[[nodiscard]] Outcome<std::vector<RecoveryRecord>> served_recoveries(const Client& client);

}  // namespace usance::cli
