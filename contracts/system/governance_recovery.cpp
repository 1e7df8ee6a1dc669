#include "contracts/system/governance_recovery.h"

#include <algorithm>

#include "contracts/sdk/storage.h"
#include "contracts/system/governance_records.h"
#include "contracts/system/record_view.h"

namespace usance::governance {

namespace {

constexpr std::string_view kChange = "recovery";  // of ValidatorsChanged

const Validator* seat(const ValidatorSet& set, std::uint32_t id) {
  const auto found = std::ranges::find(set.validators, id, &Validator::id);
  return found == set.validators.end() ? nullptr : &*found;
}
const CertificateKey* certificate_key(const RecoveryRecord& record, std::uint32_t id) {
  const auto found = std::ranges::find(record.certificate_keys, id, &CertificateKey::node);
  return found == record.certificate_keys.end() ? nullptr : &*found;
}

auto misfit(std::string what) {
  return fail(ErrorCode::kFailedPrecondition, std::move(what));
}
std::string named(std::uint32_t id) {
  return "node " + std::to_string(id);
}

Result<void> check_key(const StateView& state, const std::vector<NodeInfo>& all,
                       const Validator& validator) {
  const auto former =
      read_entry<v1::FormerKey>(state, kContract, kFormerKeys, validator.key.view());
  if (former) return misfit("the key of " + named(validator.id) + " was used before");
  for (const NodeInfo& other : all)
    if (other.id != validator.id && other.consensus_key == validator.key)
      return misfit("the key of " + named(validator.id) + " is that of " + named(other.id));
  return {};
}

template <class T>
void put(Overlay& overlay, std::string_view scope, ByteView key, const T& record) {
  overlay.put(kContract, as_bytes(scope), record_item<T>(key), contract::to_wire(record));
}

}  // namespace

Result<void> check_recovery(const StateView& state, const RecoveryRecord& record) {
  const std::vector<NodeInfo> all = nodes(state);
  const ValidatorSchedule schedule = validators(state);
  for (const Validator& validator : record.next.validators) {
    const auto node = std::ranges::find(all, validator.id, &NodeInfo::id);
    if (node == all.end() || node->removed)
      return misfit("the ledger knows no " + named(validator.id));
    if (node->org != validator.org)
      return misfit(named(validator.id) + " is of " + node->org.value);
    // A set that was still to take over may have brought a key that goes on as it was.
    const Validator* now = seat(schedule.at(record.last.height), validator.id);
    const bool kept =
        validator.key == node->consensus_key || (now != nullptr && now->key == validator.key);
    if (!kept) USANCE_TRY(check_key(state, all, validator));
  }
  for (const CertificateKey& key : record.certificate_keys)
    for (const NodeInfo& other : all)
      if (other.id != key.node && other.tls_key == key.tls_key)
        return misfit("the certificate key of " + named(key.node) + " is that of " +
                      named(other.id));
  return {};
}

void apply_recovery(Overlay& overlay, const RecoveryRecord& record) {
  const OverlayView state(overlay);
  const std::uint64_t height = record.first().value;
  for (v1::Node node : read_entries<v1::Node>(state, kContract, kNodes)) {
    const v1::Node before = node;
    const Validator* validator = seat(record.next, node.terms.id);
    node.validator = validator != nullptr;
    if (validator != nullptr) node.terms.consensus_key = bytes_of(validator->key);
    if (const CertificateKey* key = certificate_key(record, node.terms.id))
      node.terms.tls_key = bytes_of(key->tls_key);
    if (node == before) continue;
    const Bytes& old = before.terms.consensus_key;
    if (node.terms.consensus_key != old)
      put(overlay, kFormerKeys, old, v1::FormerKey{old, node.terms.id, height});
    put(overlay, kNodes, node_key(node.terms.id), node);
  }
  overlay.put(kContract, as_bytes(kValidators), as_bytes(v1::Validators::kItem),
              contract::to_wire(record_of(ValidatorSchedule{record.next, std::nullopt})));
  put(overlay, kRecoveries, contract::ordered_key(record.next.epoch.value),
      v1::Recovery{record.next.epoch.value, record.last.height.value,
                   bytes_of(result_hash(record.last)), bytes_of(recovery_digest(record)),
                   record.reason});
}

Event recovery_event(const RecoveryRecord& record, std::uint32_t action) {
  const v1::ValidatorsChanged changed{std::string(kChange), record.next.epoch.value,
                                      record.first().value};
  return {action,
          0,
          std::string(kContract),
          std::string(v1::ValidatorsChanged::kEvent),
          to_bytes(changed.change),
          contract::to_wire(changed)};
}

std::vector<RecoveryInfo> recoveries(const StateView& state) {
  std::vector<RecoveryInfo> out;
  for (const auto& record : read_entries<v1::Recovery>(state, kContract, kRecoveries))
    out.push_back({Epoch(record.epoch), Height(record.last_height), fixed<Hash32>(record.record)});
  return out;
}

}  // namespace usance::governance
