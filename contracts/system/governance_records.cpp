#include "contracts/system/governance_records.h"

namespace usance::governance {

namespace {

std::optional<Height> after_genesis(std::uint64_t height) {
  if (height == 0) return std::nullopt;
  return Height(height);
}

ValidatorSet plain_set(std::uint64_t epoch, const std::vector<v1::Validator>& members) {
  ValidatorSet set;
  set.epoch = Epoch(epoch);
  for (const v1::Validator& member : members)
    set.validators.push_back(
        {member.id, OrgId(member.organisation), fixed<PublicKey>(member.consensus_key)});
  return set;
}

std::vector<v1::Validator> record_set(const ValidatorSet& set) {
  std::vector<v1::Validator> members;
  for (const Validator& validator : set.validators)
    members.push_back({validator.id, validator.org.value, bytes_of(validator.key)});
  return members;
}

}  // namespace

std::string proposal_scope(std::uint64_t id) {
  return "proposal/" + std::to_string(id);
}

Bytes node_key(std::uint32_t id) {
  return {static_cast<std::uint8_t>(id >> 24), static_cast<std::uint8_t>(id >> 16),
          static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
}

Bytes case_key(const v1::Contradiction& proof) {
  Bytes key = contract::ordered_key(proof.height);
  key.push_back(static_cast<std::uint8_t>(proof.kind));
  for (const std::uint64_t part : {proof.epoch, proof.view}) {
    const Bytes bytes = contract::ordered_key(part);
    key.insert(key.end(), bytes.begin(), bytes.end());
  }
  key.insert(key.end(), proof.consensus_key.begin(), proof.consensus_key.end());
  return key;
}

Parameters plain(const v1::Parameters& record) {
  Parameters out;
  out.max_body_bytes = record.max_body_bytes;
  out.max_block_transactions = record.max_block_transactions;
  out.max_transaction_gas = record.max_transaction_gas;
  out.max_block_gas = record.max_block_gas;
  out.max_timer_gas_per_block = record.max_timer_gas_per_block;
  out.block_interval_ms = record.block_interval_ms;
  out.base_timeout_ms = record.base_timeout_ms;
  out.max_timeout_ms = record.max_timeout_ms;
  out.request_timeout_ms = record.request_timeout_ms;
  out.clock_ahead_ms = record.clock_ahead_ms;
  out.anchor_interval_ms = record.anchor_interval_ms;
  out.gas_table_version = record.gas_table_version;
  return out;
}

v1::Parameters record_of(const Parameters& parameters) {
  v1::Parameters out;
  out.max_body_bytes = parameters.max_body_bytes;
  out.max_block_transactions = parameters.max_block_transactions;
  out.max_transaction_gas = parameters.max_transaction_gas;
  out.max_block_gas = parameters.max_block_gas;
  out.max_timer_gas_per_block = parameters.max_timer_gas_per_block;
  out.block_interval_ms = parameters.block_interval_ms;
  out.base_timeout_ms = parameters.base_timeout_ms;
  out.max_timeout_ms = parameters.max_timeout_ms;
  out.request_timeout_ms = parameters.request_timeout_ms;
  out.clock_ahead_ms = parameters.clock_ahead_ms;
  out.anchor_interval_ms = parameters.anchor_interval_ms;
  out.gas_table_version = parameters.gas_table_version;
  return out;
}

ValidatorSchedule plain(const v1::Validators& record) {
  ValidatorSchedule out;
  out.current = plain_set(record.epoch, record.current);
  if (record.pending_from != 0)
    out.pending =
        PendingSet{plain_set(record.epoch + 1, record.pending), Height(record.pending_from)};
  return out;
}

v1::Validators record_of(const ValidatorSchedule& schedule) {
  v1::Validators out;
  out.epoch = schedule.current.epoch.value;
  out.current = record_set(schedule.current);
  if (schedule.pending) {
    out.pending = record_set(schedule.pending->set);
    out.pending_from = schedule.pending->height.value;
  }
  return out;
}

OrganisationInfo plain(const v1::Organisation& record) {
  const v1::OrganisationTerms& terms = record.terms;
  OrganisationInfo out;
  out.id = OrgId(terms.id);
  out.name = terms.name;
  out.lei = terms.lei;
  out.bic = terms.bic;
  out.country = terms.country;
  out.roles = terms.roles;
  out.ca_certificate = terms.ca_certificate;
  out.governance_key = fixed<PublicKey>(terms.governance_key);
  out.recovery_key = fixed<PublicKey>(terms.recovery_key);
  out.added = Height(record.added);
  out.removed = after_genesis(record.removed);
  return out;
}

UserInfo plain(const v1::User& record, const OrgId& org) {
  return {org, record.name, record.permissions, Height(record.added),
          after_genesis(record.revoked)};
}

KeyInfo plain(const v1::SignerKey& record, const OrgId& org) {
  return {{org, fixed<PublicKey>(record.key), Height(record.added), after_genesis(record.revoked)},
          record.user};
}

NodeInfo plain(const v1::Node& record) {
  NodeInfo out;
  out.id = record.terms.id;
  out.name = record.terms.name;
  out.org = OrgId(record.terms.organisation);
  out.validator = record.validator;
  out.consensus_key = fixed<PublicKey>(record.terms.consensus_key);
  out.tls_key = fixed<Hash32>(record.terms.tls_key);
  out.added = Height(record.added);
  out.removed = after_genesis(record.removed);
  return out;
}

}  // namespace usance::governance
