// Contracts' code: what may be deployed, and how it is kept.
#pragma once

#include "base/types.h"
#include "contracts/sdk/storage.h"
#include "contracts/system/native.h"

namespace usance::registry {

// Ends the call with INVALID_CODE unless check_module() accepts it. Costs gas by size.
void check_code(Invocation& invocation, ByteView code);

// Keeps the code under its hash, unless it is kept already.
Hash32 store_code(contract::Context& ctx, ByteView code);

}  // namespace usance::registry
