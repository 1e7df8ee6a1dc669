// From a block's outcome to its result header: the one place where the three roots are made.
#pragma once

#include "base/result_header.h"
#include "contracts/executor/executor.h"

namespace usance {

[[nodiscard]] Hash32 transaction_root(const std::vector<Receipt>& receipts);
[[nodiscard]] Hash32 receipt_root(const std::vector<Receipt>& receipts);
[[nodiscard]] Hash32 event_root(const std::vector<Event>& events);

// `state_root` is after the block's changes; `ledger_root` over ledger_leaf(0 .. height-1). At
// height 0: genesis_block_header() and genesis_outcome(), ledger_root = merkle_root({}).
[[nodiscard]] ResultHeader make_result_header(const BlockHeader& block, const BlockOutcome& outcome,
                                              const Hash32& state_root, const Hash32& ledger_root);

}  // namespace usance
