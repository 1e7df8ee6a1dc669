#include "base/evidence_verify.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/evidence_trust.h"
#include "base/hash.h"

namespace usance {

namespace {

constexpr std::string_view kRegistry = "contracts";  // the system contract that names modules

using Check = EvidenceResult<void>;

std::string action_name(Height height, std::uint64_t action) {
  return "action " + std::to_string(action) + " of " + at_height(height);
}

// A position of an action on the ledger.
using Position = std::pair<Height, std::uint64_t>;

class Verification {
 public:
  Verification(const Evidence& evidence, const Genesis& genesis, const EvidenceOptions& options,
               const Verifier& verifier)
      : evidence_(evidence),
        genesis_(genesis),
        chain_(genesis.chain_id),
        options_(options),
        verifier_(verifier) {}

  Check run() {
    if (evidence_.chain != chain_)
      return refuse_evidence(EvidenceFailure::kWrongChain,
                             "the evidence is of chain " + to_hex(evidence_.chain) +
                                 ", the genesis file makes chain " + to_hex(chain_));
    EVIDENCE_TRY(shape());
    EvidenceResult<EvidenceTrust> trust =
        verify_evidence_basis(evidence_, genesis_, options_, verifier_);
    if (!trust) return tl::unexpected<EvidenceError>(std::move(trust).error());
    trust_ = *std::move(trust);
    if (evidence_.tip) {
      headers_.emplace(evidence_.tip->header.height, &evidence_.tip->header);
      used_.insert(evidence_.tip->header.height);
    }
    EVIDENCE_TRY(results());
    for (const ItemProof& item : evidence_.items) EVIDENCE_TRY(state_item(item, "the item"));
    for (const ObjectProof& object : evidence_.objects) EVIDENCE_TRY(complete_history(object));
    EVIDENCE_TRY(actions());
    EVIDENCE_TRY(events());
    EVIDENCE_TRY(explanations());
    for (const InterfaceProof& proof : evidence_.interfaces) EVIDENCE_TRY(interface(proof));
    return everything_was_needed();
  }

  [[nodiscard]] const ValidatorSet& tip_set() const { return trust_.tip_set; }
  [[nodiscard]] const std::vector<EvidenceRecovery>& recoveries() const {
    return trust_.recoveries;
  }

 private:
  // --- Which parts a bundle of this subject and basis has.

  Check shape() const {
    const Evidence& e = evidence_;
    const auto parts = [&](std::size_t items, std::size_t objects) {
      return e.items.size() == items && e.objects.size() == objects;
    };
    bool fits = false;
    switch (e.subject) {
      case EvidenceSubject::kTransaction: fits = parts(0, 0) && e.actions.size() == 1; break;
      case EvidenceSubject::kEvent:
        fits = parts(0, 0) && e.actions.size() == 1 && e.events.size() == 1;
        break;
      case EvidenceSubject::kItem:
        fits = parts(1, 0) && e.actions.empty() && e.events.empty();
        break;
      case EvidenceSubject::kObject: fits = parts(0, 1); break;
    }
    if (!fits)
      return refuse_evidence(EvidenceFailure::kMalformed,
                             "the parts are not those of the bundle's subject");
    const bool anchored = e.basis == EvidenceBasis::kAnchor;
    if (e.tip.has_value() == anchored ||
        e.anchored_set.has_value() != (e.basis == EvidenceBasis::kAnchoredSet) ||
        (anchored && !e.hand_overs.empty()))
      return refuse_evidence(EvidenceFailure::kMalformed,
                             "the parts are not those of the bundle's basis");
    return {};
  }

  // --- Result headers below the tip.

  Check results() {
    for (std::size_t i = 0; i < evidence_.results.size(); ++i) {
      const ProvenResult& result = evidence_.results[i];
      if (i > 0 && result.header.height <= evidence_.results[i - 1].header.height)
        return refuse_evidence(EvidenceFailure::kMalformed, "the result headers are not in order");
      EVIDENCE_TRY(verify_on_ledger(chain_, result, trust_.tree_size, trust_.tree_root,
                                    evidence_.basis == EvidenceBasis::kAnchor
                                        ? EvidenceFailure::kWrongAnchor
                                        : EvidenceFailure::kBrokenPath));
      headers_.emplace(result.header.height, &result.header);
    }
    return {};
  }

  EvidenceResult<const ResultHeader*> header(Height height) {
    const auto found = headers_.find(height);
    if (found == headers_.end())
      return refuse_evidence(EvidenceFailure::kMalformed,
                             "the result header of " + at_height(height) + " is missing");
    used_.insert(height);
    return found->second;
  }

  // --- State.

  Check state_item(const ItemProof& item, const std::string& name) {
    const auto under = header(item.height);
    if (!under) return tl::unexpected<EvidenceError>(under.error());
    const auto value = verify_state_proof((*under)->state_root, item.key, item.proof);
    if (!value)
      return refuse_evidence(value.error().code == ErrorCode::kMalformed
                                 ? EvidenceFailure::kMalformed
                                 : EvidenceFailure::kBrokenPath,
                             name + " of " + item.key.contract + " at " + at_height(item.height) +
                                 ": " + value.error().message);
    return {};
  }

  Check complete_history(const ObjectProof& object) {
    const auto under = header(object.height);
    if (!under) return tl::unexpected<EvidenceError>(under.error());
    const Hash32& root = (*under)->state_root;
    const std::string name = "the history of an object of " + object.contract;
    const auto summary =
        verify_scope_path(root, object.contract, object.scope, object.history.scope);
    if (!summary)
      return refuse_evidence(summary.error().code == ErrorCode::kMalformed
                                 ? EvidenceFailure::kMalformed
                                 : EvidenceFailure::kBrokenPath,
                             name + ": " + summary.error().message);
    if (const Result<void> complete =
            verify_completeness_proof(root, object.contract, object.scope, object.history);
        !complete)
      return refuse_evidence(complete.error().code == ErrorCode::kInvalidArgument
                                 ? EvidenceFailure::kMalformed
                                 : EvidenceFailure::kHistoryIncomplete,
                             name + ": " + complete.error().message);
    for (const ScopeChange& change : object.history.changes)
      if (change.height != Height{0}) wanted_.insert({change.height, change.action});
    return {};
  }

  // --- Actions: transactions and timers' runs with their receipts.

  Check leads_to(const Hash32& leaf, const MerklePath& path, const Hash32& root,
                 const std::string& name) const {
    const Result<Hash32> reached = merkle_path_root(leaf, path);
    if (!reached || counted_root(path.size, *reached) != root)
      return refuse_evidence(EvidenceFailure::kBrokenPath, name + " is not the one on the ledger");
    return {};
  }

  Check signed_transaction(const SignedTransaction& proof, const TxId& id,
                           const std::string& name) const {
    const Transaction& tx = proof.transaction;
    if (transaction_id(chain_, tx) != id)
      return refuse_evidence(
          EvidenceFailure::kBrokenPath,
          "the transaction of " + name + " is not the one whose id is on the ledger");
    const Result<Hash32> root = merkle_path_root(transaction_leaf(id), proof.path);
    if (!root || proof.path.size > limits::kMaxBundleTransactions)
      return refuse_evidence(
          EvidenceFailure::kBrokenPath,
          "the path from the transaction of " + name + " to its bundle is impossible");
    const Hash32 digest = bundle_digest(chain_, static_cast<std::uint32_t>(proof.path.size), *root);
    if (!verifier_.verify(tx.user_key, digest, proof.signature))
      return refuse_evidence(EvidenceFailure::kBadSignature, "the signature of " + tx.org.value +
                                                                 " under the transaction of " +
                                                                 name + " does not verify");
    return {};
  }

  Check actions() {
    std::optional<Position> before;
    for (const ActionProof& action : evidence_.actions) {
      const Position position{action.height, action.index()};
      const std::string name = action_name(action.height, action.index());
      if (before && position <= *before)
        return refuse_evidence(EvidenceFailure::kMalformed, "the actions are not in order");
      before = position;
      const auto under = header(action.height);
      if (!under) return tl::unexpected<EvidenceError>(under.error());
      if (action.receipt_path.index != action.id_path.index ||
          action.receipt_path.size != (*under)->actions || action.id_path.size != (*under)->actions)
        return refuse_evidence(EvidenceFailure::kBrokenPath,
                               name + ": its paths are not of the block's actions");
      EVIDENCE_TRY(leads_to(transaction_leaf(action.receipt.tx), action.id_path,
                            (*under)->transaction_root, "the transaction id of " + name));
      EVIDENCE_TRY(leads_to(receipt_leaf(action.receipt), action.receipt_path,
                            (*under)->receipt_root, "the receipt of " + name));
      if (action.transaction)
        EVIDENCE_TRY(signed_transaction(*action.transaction, action.receipt.tx, name));
      actions_.emplace(position, &action);
    }
    return {};
  }

  Check events() {
    std::optional<Position> before;
    for (const EventProof& event : evidence_.events) {
      const Position position{event.height, event.path.index};
      if (before && position <= *before)
        return refuse_evidence(EvidenceFailure::kMalformed, "the events are not in order");
      before = position;
      const auto under = header(event.height);
      if (!under) return tl::unexpected<EvidenceError>(under.error());
      EVIDENCE_TRY(
          leads_to(event_leaf(event.event), event.path, (*under)->event_root,
                   "event " + std::to_string(event.path.index) + " of " + at_height(event.height)));
      ++events_of_[{event.height, event.event.action}];
    }
    return {};
  }

  // --- That what explains the subject is there, whole, and nothing else.

  Check explanations() {
    for (const auto& [position, count] : events_of_) {
      const auto action = actions_.find(position);
      if (action == actions_.end())
        return refuse_evidence(
            EvidenceFailure::kMalformed,
            "an event's action, " + action_name(position.first, position.second) + ", is missing");
    }
    for (const auto& [position, action] : actions_) {
      const auto found = events_of_.find(position);
      const std::size_t carried = found == events_of_.end() ? 0 : found->second;
      // A transaction comes with all its events, an event alone, an object's history with none.
      std::size_t wanted = action->receipt.events;
      if (evidence_.subject == EvidenceSubject::kEvent) wanted = 1;
      if (evidence_.subject == EvidenceSubject::kObject) wanted = 0;
      const bool whole = carried == wanted;
      if (!whole)
        return refuse_evidence(EvidenceFailure::kHistoryIncomplete,
                               action_name(position.first, position.second) + " needs " +
                                   std::to_string(wanted) + " events here, the bundle has " +
                                   std::to_string(carried));
      if (evidence_.subject == EvidenceSubject::kObject && !wanted_.contains(position))
        return refuse_evidence(
            EvidenceFailure::kMalformed,
            action_name(position.first, position.second) + " did not change the object");
    }
    for (const Position& position : wanted_)
      if (!actions_.contains(position))
        return refuse_evidence(
            EvidenceFailure::kHistoryIncomplete,
            action_name(position.first, position.second) + " changed the object and is missing");
    return {};
  }

  Check interface(const InterfaceProof& proof) {
    const auto wrong = [&](const std::string& why) {
      return refuse_evidence(EvidenceFailure::kWrongInterface,
                             "the interface of " + proof.contract + ": " + why);
    };
    const StateKey expected{std::string(kRegistry), to_bytes("contract/" + proof.contract),
                            to_bytes("contract")};
    if (proof.record.key != expected) return wrong("the record is not the registry's");
    EVIDENCE_TRY(state_item(proof.record, "the registry's record"));
    if (!proof.record.proof.has_value) return wrong("the registry does not know the contract");
    // The record is proven and the registry's own; what is asked of it is only whether it names
    // this module: field 4, 32 bytes, the module's SHA-256.
    Bytes wanted{4 << 3 | 2, Hash32::kSize};
    const Hash32 hash = sha256(proof.code);
    wanted.insert(wanted.end(), hash.bytes.begin(), hash.bytes.end());
    const Bytes& record = proof.record.proof.value;
    if (std::search(record.begin(), record.end(), wanted.begin(), wanted.end()) == record.end())
      return wrong("the registry's record does not name this module");
    if (const Result<Bytes> found = interface_of_module(proof.code); !found)
      return wrong(found.error().message);
    return {};
  }

  Check everything_was_needed() const {
    for (const auto& [height, unused] : headers_)
      if (!used_.contains(height))
        return refuse_evidence(EvidenceFailure::kMalformed,
                               "nothing refers to the result header of " + at_height(height));
    return {};
  }

  const Evidence& evidence_;
  const Genesis& genesis_;
  const ChainId chain_;
  const EvidenceOptions& options_;
  const Verifier& verifier_;
  EvidenceTrust trust_;
  std::map<Height, const ResultHeader*> headers_;
  std::set<Height> used_;
  std::map<Position, const ActionProof*> actions_;
  std::map<Position, std::size_t> events_of_;
  std::set<Position> wanted_;  // the actions behind an object's changes
};

Height subject_height(const Evidence& evidence) {
  if (!evidence.items.empty()) return evidence.items.front().height;
  if (!evidence.objects.empty()) return evidence.objects.front().height;
  if (evidence.tip) return evidence.tip->header.height;
  return evidence.actions.front().height;
}

}  // namespace

EvidenceResult<VerifiedEvidence> verify_evidence(const Evidence& evidence, const Genesis& genesis,
                                                 const EvidenceOptions& options,
                                                 const Verifier& verifier) {
  Verification verification(evidence, genesis, options, verifier);
  if (Check valid = verification.run(); !valid)
    return tl::unexpected<EvidenceError>(std::move(valid).error());
  VerifiedEvidence out;
  out.evidence = evidence;
  out.as_of_height = subject_height(evidence);
  out.as_of_time = out.header(out.as_of_height).time;
  if (evidence.tip) {
    out.tip_height = evidence.tip->header.height;
    for (const std::uint32_t signer : signers(evidence.tip->certificate))
      out.tip_signers.push_back(verification.tip_set().validators[signer]);
    out.tip_quorum = verification.tip_set().quorum();
  }
  out.recoveries = verification.recoveries();
  if (options.min_time && out.as_of_time < *options.min_time)
    return refuse_evidence(
        EvidenceFailure::kTooOld,
        "the evidence is as of " + at_height(out.as_of_height) + ", " +
            std::to_string((options.min_time->value - out.as_of_time.value) / 1000) +
            " s before the earliest time accepted");
  return out;
}

EvidenceResult<VerifiedEvidence> verify_evidence_file(ByteView file, const Genesis& genesis,
                                                      const EvidenceOptions& options,
                                                      const Verifier& verifier) {
  const Result<EvidenceFile> read = read_evidence_file(file);
  if (!read) return refuse_evidence(EvidenceFailure::kMalformed, read.error().message);
  EvidenceResult<VerifiedEvidence> verified =
      verify_evidence(read->evidence, genesis, options, verifier);
  if (verified && !read->intact)
    return refuse_evidence(EvidenceFailure::kMalformed,
                           "the file was damaged: its checksum does not fit its contents");
  return verified;
}

}  // namespace usance
