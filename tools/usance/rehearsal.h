// An upgrade tried on a real state, on this machine: the registry, the new code's Migrate and the
// executor are those of the nodes. Only the approvals of other organisations are taken for granted.
#pragma once

#include "base/transaction.h"
#include "contracts/executor/executor.h"
#include "tools/usance/remote_state.h"

namespace usance::cli {

// The request of the registry's Upgrade.
[[nodiscard]] Bytes upgrade_arguments(const std::string& name, const Bytes& code);

// `upgrade` is the transaction that would propose it. kNotFound when the ledger has no such
// contract. Throws StateUnavailable.
[[nodiscard]] Outcome<Simulation> rehearse_upgrade(const Client& client, RemoteState& state,
                                                   const SimulationPoint& at,
                                                   const std::string& name,
                                                   const Transaction& upgrade);

}  // namespace usance::cli
