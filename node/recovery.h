// What the consensus core must know of the disk after a start.
#pragma once

#include "base/vote_log.h"
#include "consensus/replica.h"
#include "storage/ledger_store.h"

namespace usance::node {

// The store holds at least the genesis, whose validators are `genesis`. Errors: kCorrupt
// (certificates, headers or blocks that do not fit each other), kIo.
[[nodiscard]] Result<consensus::Recovery> recover(const storage::LedgerStore& store,
                                                  const ValidatorSet& genesis,
                                                  const VoteLog& vote_log);

// Decodes the bundles of a stored block, which a certificate or an own vote vouches for.
[[nodiscard]] Result<consensus::BlockPtr> checked_block(const ChainId& chain, const Block& block);

}  // namespace usance::node
