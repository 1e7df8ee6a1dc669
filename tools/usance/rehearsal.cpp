#include "tools/usance/rehearsal.h"

#include "contracts/system/contract_view.h"
#include "contracts/system/registry_records.h"

namespace usance::cli {

Bytes upgrade_arguments(const std::string& name, const Bytes& code) {
  return contract::to_wire(registry::v1::UpgradeRequest{name, code, {}});
}

Outcome<Simulation> rehearse_upgrade(const Client& client, RemoteState& state,
                                     const SimulationPoint& at, const std::string& name,
                                     const Transaction& upgrade) {
  const StateKey key{std::string(registry::kContract), to_bytes(registry::contract_scope(name)),
                     to_bytes(registry::v1::Contract::kItem)};
  const std::optional<Bytes> stored = state.get(key);
  if (!stored) return stop(ExitCode::kNotFound, "no contract '" + name + "' to upgrade");
  auto record = contract::from_wire<registry::v1::Contract>(*stored);
  if (!record) return stop(ExitCode::kFailed, "the record of " + name + " does not decode");
  // The proposer's approval is enough here, so that the upgrade is carried out at once.
  record.value->policy.approvals = 1;
  record.value->policy.organisations = {upgrade.org.value};
  state.pretend(key, contract::to_wire(*record.value));
  Executor executor(client.chain());
  return executor.simulate(state, at, upgrade);
}

}  // namespace usance::cli
