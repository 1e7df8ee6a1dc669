// What a module must be for a ledger to take it. Asked by the registry of contracts at deployment,
// and by tools before anything is signed.
#pragma once

#include <memory>

#include "base/result.h"
#include "contracts/vm/module.h"

namespace usance::registry {

// The module, when it is of the contract profile and at most kMaxCodeBytes, imports only host
// functions (docs/spec/host.md), and exports `memory` and `invoke`. Errors: kMalformed,
// kFailedPrecondition, kInvalidArgument, with a sentence that says what is wrong and where.
[[nodiscard]] Result<std::shared_ptr<const vm::Module>> check_module(ByteView code);

}  // namespace usance::registry
