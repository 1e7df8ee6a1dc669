// System contracts: native code behind the same interface, gas and receipts as wasm contracts. They
// are written with the contract SDK (contracts/sdk), whose HostApi is served by an Invocation here.
#pragma once

#include <span>
#include <string_view>

#include "contracts/host/invocation.h"
#include "contracts/sdk/context.h"

namespace usance {

struct SystemContract {
  std::string_view name;
  void (*dispatch)(contract::Context& ctx, Invocation& invocation);
  ByteView interface;  // serialised FileDescriptorSet
};

// All of them, ascending by name.
[[nodiscard]] std::span<const SystemContract> system_contracts();
[[nodiscard]] const SystemContract* find_system_contract(std::string_view name);

[[nodiscard]] CallEnd run_native(Invocation& invocation, const SystemContract& contract);

// Ends a native call with a trap, as a host function does.
struct NativeTrap {
  TrapCode code = TrapCode::kNone;
};

}  // namespace usance
