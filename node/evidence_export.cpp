#include "node/evidence_export.h"

#include <algorithm>

#include "contracts/system/contract_view.h"
#include "contracts/system/registry_records.h"
#include "node/hand_overs.h"

namespace usance::node {

EvidenceExport::EvidenceExport(const storage::LedgerStore& store, EvidenceSubject subject,
                               Height tip)
    : store_(store), tip_(tip) {
  evidence_.chain = store.chain();
  evidence_.subject = subject;
  evidence_.basis = EvidenceBasis::kGenesis;
}

Result<ItemProof> EvidenceExport::item_proof(const StateKey& key) {
  ItemProof item;
  item.height = tip_;
  item.key = key;
  USANCE_ASSIGN(item.proof, store_.state_proof(tip_, key));
  return item;
}

Result<void> EvidenceExport::add_item(const StateKey& key) {
  USANCE_ASSIGN(evidence_.items.emplace_back(), item_proof(key));
  contracts_.insert(key.contract);
  return {};
}

Result<void> EvidenceExport::add_object(const std::string& contract, const Bytes& scope) {
  ObjectProof object{tip_, contract, scope, {}};
  USANCE_ASSIGN(object.history, store_.completeness_proof(tip_, contract, scope));
  if (object.history.changes.empty())
    return fail(ErrorCode::kNotFound, "the object has no history at this height");
  for (const ScopeChange& change : object.history.changes) {
    const storage::ActionRef ref{change.height, change.action};
    // What the genesis put has no action.
    if (change.height.value > 0 && !actions_.contains(ref)) USANCE_TRY(add_action(ref, false));
  }
  evidence_.objects.push_back(std::move(object));
  contracts_.insert(contract);
  return {};
}

Result<void> EvidenceExport::add_signed_transaction(storage::ActionRef ref, ActionProof& proof) {
  USANCE_ASSIGN(const Block block, store_.block(ref.height));
  USANCE_ASSIGN(const std::vector<Receipt> receipts, store_.receipts(ref.height));
  const auto timers = static_cast<std::size_t>(std::count_if(
      receipts.begin(), receipts.end(), [](const Receipt& receipt) { return receipt.timer; }));
  std::size_t index = ref.action - timers;
  for (const Bytes& raw : block.body.bundles) {
    USANCE_ASSIGN(const CheckedBundle bundle, CheckedBundle::decode_certified(store_.chain(), raw));
    if (index >= bundle.ids().size()) {
      index -= bundle.ids().size();
      continue;
    }
    std::vector<Hash32> leaves;
    for (const TxId& id : bundle.ids()) leaves.push_back(merkle_leaf(id.view()));
    proof.transaction = SignedTransaction{bundle.transactions()[index], merkle_path(leaves, index),
                                          bundle.signature()};
    contracts_.insert(bundle.transactions()[index].contract);
    return {};
  }
  return fail(ErrorCode::kCorrupt, "block " + std::to_string(ref.height.value) +
                                       " has more receipts than timers and transactions");
}

Result<void> EvidenceExport::add_action(storage::ActionRef ref, bool with_events) {
  ActionProof proof;
  proof.height = ref.height;
  USANCE_ASSIGN(proof.receipt, store_.receipt(ref));
  USANCE_ASSIGN(proof.id_path, store_.transaction_path(ref));
  USANCE_ASSIGN(proof.receipt_path, store_.receipt_path(ref));
  if (!proof.receipt.timer) USANCE_TRY(add_signed_transaction(ref, proof));
  if (proof.receipt.timer && !proof.receipt.contract.empty())
    contracts_.insert(proof.receipt.contract);
  heights_.insert(ref.height);
  actions_.insert(ref);
  const bool has_events = with_events && proof.receipt.events > 0;
  evidence_.actions.push_back(std::move(proof));
  if (!has_events) return {};
  USANCE_ASSIGN(const std::vector<Event> events, store_.events(ref.height));
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i].action == ref.action)
      USANCE_TRY(add_event(ref.height, static_cast<std::uint32_t>(i)));
  return {};
}

Result<void> EvidenceExport::add_event(Height height, std::uint32_t position) {
  USANCE_ASSIGN(const std::vector<Event> events, store_.events(height));
  if (position >= events.size()) return fail(ErrorCode::kNotFound, "there is no such event");
  EventProof proof{height, {}, events[position]};
  USANCE_ASSIGN(proof.path, store_.event_path(height, position));
  heights_.insert(height);
  contracts_.insert(proof.event.contract);
  evidence_.events.push_back(std::move(proof));
  return {};
}

Result<void> EvidenceExport::add_interfaces() {
  USANCE_ASSIGN(const auto view, store_.view(tip_));
  for (const std::string& name : contracts_) {
    const auto info = registry::contract(*view, name);
    if (!info || info->versions.empty()) continue;  // system contracts, and calls to none at all
    InterfaceProof interface;
    interface.contract = name;
    auto code = registry::code(*view, info->versions.back().code_hash);
    if (!code) return fail(ErrorCode::kCorrupt, "the code of '" + name + "' is missing");
    interface.code = *std::move(code);
    USANCE_ASSIGN(interface.record, item_proof({std::string(registry::kContract),
                                                to_bytes(registry::contract_scope(name)),
                                                to_bytes(registry::v1::Contract::kItem)}));
    evidence_.interfaces.push_back(std::move(interface));
  }
  return {};
}

Result<void> EvidenceExport::add_results() {
  for (const Height height : heights_) {
    if (height == tip_) continue;
    ProvenResult result;
    USANCE_ASSIGN(result.header, store_.result_header(height));
    USANCE_ASSIGN(result.path, store_.ledger_path(height, tip_));
    evidence_.results.push_back(std::move(result));
  }
  return {};
}

Result<Bytes> EvidenceExport::finish() {
  CertifiedResult tip;
  USANCE_ASSIGN(tip.header, store_.result_header(tip_));
  USANCE_ASSIGN(tip.certificate, store_.result_certificate(tip_));
  evidence_.tip = std::move(tip);
  USANCE_TRY(add_interfaces());
  USANCE_TRY(add_results());
  USANCE_ASSIGN(evidence_.hand_overs, hand_overs_up_to(store_, tip_));
  std::sort(evidence_.actions.begin(), evidence_.actions.end(),
            [](const ActionProof& a, const ActionProof& b) {
              return std::pair(a.height, a.index()) < std::pair(b.height, b.index());
            });
  Bytes file = write_evidence(evidence_);
  if (file.size() > limits::kMaxEvidenceBytes)
    return fail(ErrorCode::kResourceExhausted, "the evidence would have more than 256 MiB");
  return file;
}

}  // namespace usance::node
