// Which validators vote where, as the consensus core must know it after a start.
#pragma once

#include <vector>

#include "consensus/replica.h"
#include "storage/ledger_store.h"

namespace usance::node {

// The sets from the one in force W below the certified height `certified` on, because certificates
// and votes of those heights may still arrive, and the set before that one (C-9.1); ascending.
// head: the highest executed height. genesis: the first set of all. Reads the store; also throws
// StateUnreadable.
[[nodiscard]] Result<std::vector<consensus::Recovery::SetFrom>> sets_in_force(
    const storage::LedgerStore& store, const ValidatorSet& genesis, Height certified, Height head);

}  // namespace usance::node
