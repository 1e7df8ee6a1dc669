// How the validators' quorums handed over to each other, from the genesis to a height: what proofs
// and snapshots carry (base/evidence.h).
#pragma once

#include <vector>

#include "base/evidence.h"
#include "storage/ledger_store.h"

namespace usance::node {

// Up to the set that signed `tip`, a certified height. Reads the store; also throws
// StateUnreadable.
[[nodiscard]] Result<std::vector<HandOver>> hand_overs_up_to(const storage::LedgerStore& store,
                                                             Height tip);

}  // namespace usance::node
