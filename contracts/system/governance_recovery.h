// What a recovery record changes in the members' records: at the head of the first block of its
// epoch, as an action that nobody submitted (docs/spec/recovery.md).
#pragma once

#include <string>
#include <vector>

#include "base/recovery_record.h"
#include "base/state.h"
#include "contracts/host/overlay.h"

namespace usance::governance {

// Whether the record's validators and keys fit the members' records after its last height.
// kFailedPrecondition names what does not: an unknown node, a key that another node has or had.
[[nodiscard]] Result<void> check_recovery(const StateView& state, const RecoveryRecord& record);

// Writes the new set, the nodes' keys and the recovery itself. check_recovery() has passed.
void apply_recovery(Overlay& overlay, const RecoveryRecord& record);
// The event that tells of it, of action `action`.
[[nodiscard]] Event recovery_event(const RecoveryRecord& record, std::uint32_t action);

struct RecoveryInfo {
  Epoch epoch;
  Height last;    // of the validators before
  Hash32 record;  // recovery_digest()
};
[[nodiscard]] std::vector<RecoveryInfo> recoveries(const StateView& state);  // ascending by epoch

}  // namespace usance::governance
