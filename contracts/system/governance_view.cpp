#include "contracts/system/governance_view.h"

#include <algorithm>

#include "contracts/system/governance_records.h"
#include "contracts/system/record_view.h"

namespace usance::governance {

NetworkInfo network(const StateView& state) {
  const auto record = read_record<v1::Network>(state, kContract, kNetwork);
  USANCE_INVARIANT(record.has_value());
  return {record->name, record->development,
          TimeMs(static_cast<std::uint64_t>(record->genesis_time))};
}

Parameters parameters(const StateView& state) {
  const auto record = read_record<v1::Parameters>(state, kContract, kParameters);
  USANCE_INVARIANT(record.has_value());
  return plain(*record);
}

ValidatorSchedule validators(const StateView& state) {
  const auto record = read_record<v1::Validators>(state, kContract, kValidators);
  USANCE_INVARIANT(record.has_value());
  return plain(*record);
}

std::optional<OrganisationInfo> organisation(const StateView& state, const OrgId& id) {
  const auto record =
      read_entry<v1::Organisation>(state, kContract, kOrganisations, as_bytes(id.value));
  if (!record) return std::nullopt;
  return plain(*record);
}

std::vector<OrganisationInfo> organisations(const StateView& state) {
  std::vector<OrganisationInfo> out;
  for (const auto& record : read_entries<v1::Organisation>(state, kContract, kOrganisations))
    out.push_back(plain(record));
  return out;
}

std::optional<UserInfo> user(const StateView& state, const OrgId& org, std::string_view name) {
  const auto record =
      read_entry<v1::User>(state, kContract, organisation_scope(org.value), as_bytes(name));
  if (!record) return std::nullopt;
  return plain(*record, org);
}

std::vector<UserInfo> users(const StateView& state, const OrgId& org) {
  std::vector<UserInfo> out;
  for (const auto& record : read_entries<v1::User>(state, kContract, organisation_scope(org.value)))
    out.push_back(plain(record, org));
  return out;
}

std::optional<KeyInfo> key(const StateView& state, const OrgId& org, const PublicKey& key) {
  const auto record =
      read_entry<v1::SignerKey>(state, kContract, organisation_scope(org.value), key.view());
  if (!record) return std::nullopt;
  return plain(*record, org);
}

std::vector<KeyInfo> keys(const StateView& state, const OrgId& org) {
  std::vector<KeyInfo> out;
  for (const auto& record :
       read_entries<v1::SignerKey>(state, kContract, organisation_scope(org.value)))
    out.push_back(plain(record, org));
  return out;
}

std::vector<KeyLife> all_keys(const StateView& state) {
  std::vector<KeyLife> out;
  for (const OrganisationInfo& org : organisations(state))
    for (const KeyInfo& info : keys(state, org.id)) out.push_back(info.life);
  return out;
}

std::optional<NodeInfo> node(const StateView& state, std::uint32_t id) {
  const auto record = read_entry<v1::Node>(state, kContract, kNodes, node_key(id));
  if (!record) return std::nullopt;
  return plain(*record);
}

std::vector<NodeInfo> nodes(const StateView& state) {
  std::vector<NodeInfo> out;
  for (const auto& record : read_entries<v1::Node>(state, kContract, kNodes))
    out.push_back(plain(record));
  return out;
}

std::vector<KeyLife> key_changes(const std::vector<StateChange>& changes) {
  const std::string scope_prefix = organisation_scope("");
  std::vector<KeyLife> out;
  for (const StateChange& change : changes) {
    if (change.key.contract != kContract || !change.value) continue;
    const std::string_view scope = as_text(change.key.scope);
    if (!scope.starts_with(scope_prefix) ||
        !as_text(change.key.item).starts_with(v1::SignerKey::kItemPrefix))
      continue;
    const OrgId org(std::string(scope.substr(scope_prefix.size())));
    out.push_back(plain(decode_record<v1::SignerKey>(*change.value), org).life);
  }
  return out;
}

}  // namespace usance::governance
