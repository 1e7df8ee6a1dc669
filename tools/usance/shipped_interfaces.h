// The serialised FileDescriptorSets of the contracts that this build ships, for commands that work
// without a node. A ledger may run another version: calls ask the node. They live for ever.
#pragma once

#include "base/types.h"

namespace usance::interfaces {

[[nodiscard]] ByteView invoice_registry();
[[nodiscard]] ByteView letter_of_credit();
[[nodiscard]] ByteView oracle_aggregator();

}  // namespace usance::interfaces
