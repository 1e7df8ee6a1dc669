// The contract "contracts": deployment, upgrade, and the code that names stand for.
#pragma once

#include "contracts/system/contract_view.h"
#include "contracts/system/native.h"

namespace usance::registry {

[[nodiscard]] SystemContract system_contract();

// The hash of the code that a deployed contract runs; empty when there is no such contract.
[[nodiscard]] std::optional<Hash32> current_code(const StateView& state, std::string_view name);

}  // namespace usance::registry
