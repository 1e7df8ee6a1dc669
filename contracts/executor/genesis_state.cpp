// The state of height 0: what the genesis file says, as the records that governance keeps.
#include <algorithm>
#include <map>

#include "contracts/executor/executor.h"
#include "contracts/system/governance_records.h"
#include "contracts/system/record_view.h"

namespace usance {

namespace {

using namespace governance;  // NOLINT(google-build-using-namespace): its records, throughout

// Collects records, ascending by key; refuses two for one key.
class Records {
 public:
  template <class T>
  void put(std::string_view scope, const T& record) {
    insert(scope, to_bytes(T::kItem), contract::to_wire(record));
  }
  template <class T>
  bool put(std::string_view scope, ByteView key, const T& record) {
    return insert(scope, record_item<T>(key), contract::to_wire(record));
  }
  [[nodiscard]] std::vector<StateChange> changes() const {
    std::vector<StateChange> out;
    for (const auto& [key, value] : items_) out.push_back({key, value, 0});
    return out;
  }

 private:
  bool insert(std::string_view scope, Bytes item, Bytes value) {
    StateKey key{std::string(governance::kContract), to_bytes(scope), std::move(item)};
    return items_.emplace(std::move(key), std::move(value)).second;
  }
  std::map<StateKey, Bytes> items_;
};

std::vector<std::string> ordered(std::vector<std::string> words) {
  std::ranges::sort(words);
  return words;
}

Result<void> put_user(Records& records, const OrgId& org, const GenesisUser& user) {
  const std::string scope = organisation_scope(org.value);
  const v1::User record{user.name, ordered(user.permissions), 0, 0};
  if (!records.put(scope, as_bytes(user.name), record))
    return fail(ErrorCode::kInvalidArgument,
                "genesis: " + org.value + " names the user " + user.name +
                    " twice; `governance` is the owner of the governance key");
  const v1::SignerKey key{bytes_of(user.key), user.name, 0, 0};
  if (!records.put(scope, user.key.view(), key))
    return fail(ErrorCode::kInvalidArgument,
                "genesis: " + org.value + " registers the key of " + user.name + " twice");
  return {};
}

Result<void> put_organisation(Records& records, const GenesisOrganisation& org) {
  v1::Organisation record;
  record.terms.id = org.id.value;
  record.terms.name = org.name;
  record.terms.lei = org.lei;
  record.terms.bic = org.bic;
  record.terms.country = org.country;
  record.terms.roles = ordered(org.roles);
  record.terms.ca_certificate = org.ca_certificate;
  record.terms.governance_key = bytes_of(org.governance_key);
  record.terms.recovery_key = bytes_of(org.recovery_key);
  records.put(kOrganisations, as_bytes(org.id.value), record);
  USANCE_TRY(
      put_user(records, org.id, {std::string(kGovernanceUser), org.governance_key, {"admin"}}));
  for (const GenesisUser& user : org.users) USANCE_TRY(put_user(records, org.id, user));
  return {};
}

Result<Records> genesis_records(const Genesis& genesis) {
  Records records;
  records.put(kNetwork, v1::Network{genesis.network, genesis.development,
                                    static_cast<std::int64_t>(genesis.time.value)});
  records.put(kParameters, record_of(genesis.parameters));
  records.put(kValidators, record_of(ValidatorSchedule{genesis.validators(), std::nullopt}));
  for (const GenesisOrganisation& org : genesis.organisations)
    USANCE_TRY(put_organisation(records, org));
  for (const GenesisNode& node : genesis.nodes) {
    v1::Node record;
    record.terms = {node.id, node.name, node.org.value, bytes_of(node.consensus_key),
                    bytes_of(node.tls_key)};
    record.validator = node.validator;
    records.put(kNodes, node_key(node.id), record);
  }
  return records;
}

}  // namespace

Result<std::vector<StateChange>> genesis_changes(const Genesis& genesis) {
  USANCE_ASSIGN(const Records records, genesis_records(genesis));
  return records.changes();
}

Result<BlockOutcome> genesis_outcome(const Genesis& genesis) {
  BlockOutcome outcome;
  USANCE_ASSIGN(outcome.changes, genesis_changes(genesis));
  outcome.parameters = genesis.parameters;
  outcome.validators = genesis.validators();
  outcome.key_changes = governance::key_changes(outcome.changes);
  return outcome;
}

}  // namespace usance
