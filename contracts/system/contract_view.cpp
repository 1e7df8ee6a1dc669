#include "contracts/system/contract_view.h"

#include "contracts/system/native.h"
#include "contracts/system/record_view.h"
#include "contracts/system/registry.h"
#include "contracts/system/registry_records.h"
#include "contracts/vm/module.h"

namespace usance::registry {

namespace {

constexpr std::string_view kInterfaceSection = "usance.interface";

Hash32 hash_of(const Bytes& bytes) {
  Hash32 hash;
  USANCE_INVARIANT(fixed_from(ByteView(bytes), hash));
  return hash;
}

ContractInfo system_info(std::string_view name) {
  ContractInfo info;
  info.name = name;
  info.system = true;
  return info;
}

}  // namespace

bool is_system_contract(std::string_view name) {
  return find_system_contract(name) != nullptr;
}

std::optional<Hash32> current_code(const StateView& state, std::string_view name) {
  const auto record = read_record<v1::Contract>(state, kContract, contract_scope(name));
  if (!record) return std::nullopt;
  return hash_of(record->code_hash);
}

std::optional<ContractInfo> contract(const StateView& state, std::string_view name) {
  if (is_system_contract(name)) return system_info(name);
  const auto record = read_record<v1::Contract>(state, kContract, contract_scope(name));
  if (!record) return std::nullopt;
  ContractInfo info;
  info.name = record->name;
  info.address = hash_of(record->address);
  info.approvals = record->policy.approvals;
  info.organisations = record->policy.organisations;
  for (const auto& version : read_entries<v1::Version>(state, kContract, contract_scope(name)))
    info.versions.push_back({version.version, hash_of(version.code_hash), Height(version.height)});
  return info;
}

std::vector<ContractInfo> contracts(const StateView& state) {
  std::vector<ContractInfo> all;
  for (const SystemContract& system : system_contracts()) all.push_back(system_info(system.name));
  for (const auto& listed : read_entries<v1::Listed>(state, kContract, kNames)) {
    auto info = contract(state, listed.name);
    USANCE_INVARIANT(info.has_value());
    all.push_back(*std::move(info));
  }
  return all;
}

std::optional<Bytes> code(const StateView& state, const Hash32& code_hash) {
  const std::string scope = code_scope(code_hash);
  const auto record = read_record<v1::Code>(state, kContract, scope);
  if (!record) return std::nullopt;
  Bytes out;
  out.reserve(record->size);
  for (std::uint32_t i = 0; i < record->chunks; ++i) {
    const auto chunk = state.get({std::string(kContract), to_bytes(scope), chunk_item(i)});
    USANCE_INVARIANT(chunk.has_value());
    out.insert(out.end(), chunk->begin(), chunk->end());
  }
  USANCE_INVARIANT(out.size() == record->size);
  return out;
}

Result<Bytes> interface_of(const StateView& state, std::string_view name, std::uint32_t version) {
  if (const SystemContract* system = find_system_contract(name))
    return Bytes(system->interface.begin(), system->interface.end());
  const auto info = contract(state, name);
  if (!info) return fail(ErrorCode::kNotFound, "no contract " + std::string(name));
  const std::uint32_t wanted = version == 0 ? info->versions.back().version : version;
  if (wanted > info->versions.size())
    return fail(ErrorCode::kNotFound,
                std::string(name) + " has no version " + std::to_string(wanted));
  const auto bytes = code(state, info->versions.at(wanted - 1).code_hash);
  USANCE_INVARIANT(bytes.has_value());
  USANCE_ASSIGN(const auto module, vm::compile(*bytes, vm::Profile::kContract));
  const auto section = module->custom_section(kInterfaceSection);
  if (!section)
    return fail(ErrorCode::kFailedPrecondition,
                std::string(name) + " carries no interface: its module has no section " +
                    std::string(kInterfaceSection));
  return Bytes(section->begin(), section->end());
}

}  // namespace usance::registry
