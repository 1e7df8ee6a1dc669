// Reading the contract registry (docs/spec/governance.md, "Contracts") from a state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/state.h"

namespace usance::registry {

inline constexpr std::string_view kContract = "contracts";
// What a deployment or an upgrade invokes on the new code (docs/spec/host.md, "Migration").
inline constexpr std::string_view kMigrateMethod = "Migrate";

struct VersionInfo {
  std::uint32_t version = 0;  // from 1
  Hash32 code_hash;           // SHA-256 of the module
  Height height;              // at which it became the callable one
};

struct ContractInfo {
  std::string name;
  Hash32 address;
  bool system = false;                     // native: no versions
  std::vector<VersionInfo> versions;       // ascending; the last one is called
  std::uint32_t approvals = 0;             // organisations that must agree to an upgrade
  std::vector<std::string> organisations;  // that may; empty = every member
};

[[nodiscard]] bool is_system_contract(std::string_view name);
[[nodiscard]] std::optional<ContractInfo> contract(const StateView& state, std::string_view name);
[[nodiscard]] std::vector<ContractInfo> contracts(const StateView& state);  // system ones first

// The module's bytes, of any version ever deployed.
[[nodiscard]] std::optional<Bytes> code(const StateView& state, const Hash32& code_hash);

// The serialised FileDescriptorSet of a contract's interface, system or wasm; by default of the
// version that is called. Errors: kNotFound; kFailedPrecondition if the module carries none.
[[nodiscard]] Result<Bytes> interface_of(const StateView& state, std::string_view name,
                                         std::uint32_t version = 0);

}  // namespace usance::registry
