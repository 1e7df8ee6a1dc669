#include "tools/usance/recovery_draft.h"

#include <algorithm>

#include "contracts/system/governance_records.h"
#include "tools/render/suggest.h"

namespace usance::cli {

namespace {

using storage::LedgerStore;

// The highest certified height and the members in its state; none if nothing was ever certified.
Result<std::optional<CertifiedMembers>> certified_members(const LedgerStore& store, Height last) {
  for (Height at = last; at.value > 0; at = Height(at.value - 1)) {
    auto certificate = store.result_certificate(at);
    if (!certificate && certificate.error().code == ErrorCode::kNotFound) continue;
    if (!certificate) return tl::unexpected<Error>(std::move(certificate).error());
    CertifiedMembers out;
    USANCE_ASSIGN(out.result.header, store.result_header(at));
    out.result.certificate = *std::move(certificate);
    if (at < last) {
      USANCE_ASSIGN(out.on_last, store.ledger_path(at, last));
    }
    USANCE_ASSIGN(out.organisations, store.scope_proof(at, std::string(governance::kContract),
                                                       to_bytes(governance::kOrganisations)));
    return std::optional(std::move(out));
  }
  return std::optional<CertifiedMembers>();
}

class Seats {
 public:
  Seats(const StateView& state, RecoveryRecord& record)
      : nodes_(governance::nodes(state)), record_(record) {}

  Outcome<void> remove(const std::string& name) {
    CLI_ASSIGN(const governance::NodeInfo node, find(name));
    if (std::erase_if(seats(), [&](const Validator& v) { return v.id == node.id; }) == 0)
      return stop(ExitCode::kUsage, name + " is no validator");
    return {};
  }
  Outcome<void> add(const std::string& name) {
    CLI_ASSIGN(const governance::NodeInfo node, find(name));
    if (std::ranges::find(seats(), node.id, &Validator::id) != seats().end())
      return stop(ExitCode::kUsage, name + " is a validator already");
    seats().push_back({node.id, node.org, node.consensus_key});
    std::ranges::sort(seats(), {}, &Validator::id);
    return {};
  }
  // "NODE=KEY" or "NODE=KEY:TLS_KEY".
  Outcome<void> rekey(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::size_t colon = text.find(':');
    CLI_ASSIGN(const governance::NodeInfo node, find(text.substr(0, equals)));
    const auto seat = std::ranges::find(seats(), node.id, &Validator::id);
    if (seat == seats().end()) return stop(ExitCode::kUsage, node.name + " is no validator");
    const bool has_tls = colon != std::string::npos;
    CertificateKey tls{node.id, {}};
    if (equals == std::string::npos ||
        !fixed_from_hex(text.substr(equals + 1, has_tls ? colon - equals - 1 : colon), seat->key) ||
        (has_tls && !fixed_from_hex(text.substr(colon + 1), tls.tls_key)))
      return stop(ExitCode::kUsage,
                  "--rekey takes NODE=KEY or NODE=KEY:TLS_KEY as 'usance recovery rekey' prints "
                  "it, not '" +
                      text + "'");
    if (!has_tls) return {};
    record_.certificate_keys.push_back(tls);
    std::ranges::sort(record_.certificate_keys, {}, &CertificateKey::node);
    return {};
  }

 private:
  std::vector<Validator>& seats() { return record_.next.validators; }
  Outcome<governance::NodeInfo> find(const std::string& name) const {
    std::vector<std::string> names;
    for (const governance::NodeInfo& node : nodes_) {
      if (node.removed) continue;
      if (node.name == name) return node;
      names.push_back(node.name);
    }
    return stop(ExitCode::kUsage,
                "the ledger knows no node '" + name + "'" + render::did_you_mean(name, names));
  }

  const std::vector<governance::NodeInfo> nodes_;
  RecoveryRecord& record_;
};

}  // namespace

Outcome<RecoveryRecord> draft_recovery(const OfflineLedger& ledger, const RecoveryPlan& plan) {
  CLI_ASSIGN(const LedgerStore* const store, ledger.needed("propose the recovery"));
  const Height last = *store->executed();
  if (store->recovery().ordered > last)
    return stop(ExitCode::kUsage,
                "height " + std::to_string(store->recovery().ordered.value) +
                    " is decided here and not executed: start the node, let it catch up, stop it");
  if (plan.reason.size() > limits::kMaxRecoveryReason)
    return stop(ExitCode::kUsage,
                "--reason takes at most " + std::to_string(limits::kMaxRecoveryReason) + " bytes");
  RecoveryRecord record;
  record.chain = ledger.genesis.chain_id;
  record.reason = plan.reason;
  CLI_ASSIGN(record.last, store->result_header(last));
  CLI_ASSIGN(record.members, certified_members(*store, last));
  record.carried = ledger.lock;
  CLI_ASSIGN(const auto state, store->view(last));
  record.next = governance::validators(*state).at(last);
  record.next.epoch = epoch_after(record.last);
  Seats seats(*state, record);
  for (const std::string& name : plan.without) CLI_TRY(seats.remove(name));
  for (const std::string& name : plan.with) CLI_TRY(seats.add(name));
  for (const std::string& text : plan.rekeyed) CLI_TRY(seats.rekey(text));
  for (std::size_t i = 1; i < record.certificate_keys.size(); ++i)
    if (record.certificate_keys[i - 1].node == record.certificate_keys[i].node)
      return stop(ExitCode::kUsage, "--rekey names a node twice");
  return record;
}

}  // namespace usance::cli
