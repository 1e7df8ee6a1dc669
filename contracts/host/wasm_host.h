// The import module `usance1`: an Invocation offered to a running wasm instance.
#pragma once

#include <span>

#include "contracts/host/invocation.h"
#include "contracts/vm/host.h"
#include "contracts/vm/instance.h"

namespace usance {

// All functions of docs/spec/host.md, in a fixed order; lives for ever.
[[nodiscard]] std::span<const vm::HostDefinition> host_definitions();

// Runs `invoke` of the instance for this invocation, with the gas of its action.
[[nodiscard]] CallEnd run_wasm(Invocation& invocation, vm::Instance& instance);

}  // namespace usance
