// Why nothing moves, for people: from the core's status to a cause and what to do.
#pragma once

#include "consensus/replica.h"
#include "node/directory.h"
#include "usance/v1/admin.pb.h"

namespace usance::node {

// Whether queries here lag behind what the network has decided.
[[nodiscard]] bool is_catching_up(const consensus::StatusReport& report);
// Indices in the report are positions among the directory's validators, ascending by id.
void explain_stall(const consensus::StatusReport& report, const Directory& directory,
                   bool disk_full, v1::WhyStalledResponse& out);

}  // namespace usance::node
