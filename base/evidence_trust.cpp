#include "base/evidence_trust.h"

#include <algorithm>

#include "base/hash.h"

namespace usance {

namespace {

using Check = EvidenceResult<void>;

class BasisWalk {
 public:
  BasisWalk(const Evidence& evidence, const Genesis& genesis, const EvidenceOptions& options,
            const Verifier& verifier)
      : evidence_(evidence),
        genesis_(genesis),
        chain_(genesis.chain_id),
        options_(options),
        verifier_(verifier) {
    take_over(genesis.validators(), Height{});
    for (const RecoveryRecord& record : options.recoveries) recoveries_.push_back(&record);
    std::ranges::stable_sort(recoveries_, {}, &RecoveryRecord::first);
  }

  EvidenceResult<EvidenceTrust> run() {
    EVIDENCE_TRY(basis());
    EVIDENCE_TRY(tip());
    return EvidenceTrust{set_, tree_size_, tree_root_, std::move(applied_)};
  }

 private:
  // --- From the genesis or an anchor to the set that signed the tip.

  Check basis() {
    if (evidence_.basis != EvidenceBasis::kGenesis) {
      if (!options_.anchor)
        return refuse_evidence(EvidenceFailure::kWrongAnchor,
                               "the bundle begins at an anchor: give it as --anchor HEIGHT:ROOT");
    } else if (options_.anchor) {
      return refuse_evidence(
          EvidenceFailure::kWrongAnchor,
          "the bundle begins at the genesis: export it for the anchor, or leave the "
          "anchor away");
    }
    if (evidence_.anchored_set) {
      const AnchoredSet& anchored = *evidence_.anchored_set;
      EVIDENCE_TRY(verify_on_ledger(chain_, anchored.result, options_.anchor->height,
                                    options_.anchor->ledger_root, EvidenceFailure::kWrongAnchor));
      take_over(anchored.set, anchored.result.header.height);
      EVIDENCE_TRY(signed_by_set(anchored.result.header));
      // The anchor vouches for what lies below it.
      std::erase_if(recoveries_, [&](const auto* record) { return record->first() <= since_; });
    }
    for (const HandOver& hand_over : evidence_.hand_overs) {
      EVIDENCE_TRY(recovered_below(hand_over.header.height));
      EVIDENCE_TRY(certified(hand_over.header, hand_over.certificate));
      const std::optional<NextSet>& next = hand_over.header.next;
      if (!next)
        return refuse_evidence(
            EvidenceFailure::kMalformed,
            "the hand-over at " + at_height(hand_over.header.height) + " names no next set");
      if (hand_over.next.epoch != next->epoch || next->epoch <= set_.epoch ||
          next->height <= hand_over.header.height ||
          validator_set_hash(chain_, hand_over.next) != next->set_hash)
        return refuse_evidence(
            EvidenceFailure::kWrongValidatorSet,
            "the validator set of epoch " + std::to_string(hand_over.next.epoch.value) +
                " is not the one that " + at_height(hand_over.header.height) + " names");
      take_over(hand_over.next, next->height);
    }
    return {};
  }

  void take_over(const ValidatorSet& set, Height first) {
    set_ = set;
    since_ = first;
    known_.push_back(set);
  }

  // The recoveries whose validators sign this height or one below it.
  Check recovered_below(Height height) {
    for (; !recoveries_.empty() && recoveries_.front()->first() <= height;
         recoveries_.erase(recoveries_.begin())) {
      const RecoveryRecord& record = *recoveries_.front();
      const std::string name = "the recovery record over " + at_height(record.last.height);
      if (record.last.height < since_ || record.last.epoch != set_.epoch)
        return refuse_evidence(EvidenceFailure::kWrongValidatorSet,
                               name + " does not follow the validators in force");
      auto signers = verify_recovery(record, genesis_, known_, verifier_);
      if (!signers)
        return refuse_evidence(failure_of(signers.error().code),
                               name + ": " + signers.error().message);
      applied_.push_back(
          {record.last.height, record.next.epoch, *std::move(signers), record.reason});
      take_over(record.next, record.first());
    }
    return {};
  }
  static EvidenceFailure failure_of(ErrorCode code) {
    switch (code) {
      case ErrorCode::kInvalidArgument: return EvidenceFailure::kWrongChain;
      case ErrorCode::kFailedPrecondition: return EvidenceFailure::kWrongValidatorSet;
      case ErrorCode::kPermissionDenied: return EvidenceFailure::kNotEnoughSignatures;
      case ErrorCode::kBadSignature: return EvidenceFailure::kBadSignature;
      default: return EvidenceFailure::kMalformed;
    }
  }

  Check tip() {
    if (evidence_.basis == EvidenceBasis::kAnchor) {
      tree_size_ = options_.anchor->height;
      tree_root_ = options_.anchor->ledger_root;
      return {};
    }
    const ResultHeader& header = evidence_.tip->header;
    EVIDENCE_TRY(recovered_below(header.height));
    EVIDENCE_TRY(certified(header, evidence_.tip->certificate));
    tree_size_ = header.height;
    tree_root_ = header.ledger_root;
    return {};
  }

  Check signed_by_set(const ResultHeader& header) const {
    if (header.chain != chain_)
      return refuse_evidence(EvidenceFailure::kWrongChain,
                             at_height(header.height) + " is of another chain");
    if (header.height < since_ || header.epoch != set_.epoch ||
        header.set_hash != validator_set_hash(chain_, set_))
      return refuse_evidence(
          EvidenceFailure::kWrongValidatorSet,
          at_height(header.height) + " was not signed by the validators in force: epoch " +
              std::to_string(header.epoch.value) + ", expected epoch " +
              std::to_string(set_.epoch.value) +
              (header.epoch > set_.epoch ? "; if the members recovered the network before it, "
                                           "give their record too: --recovery FILE"
                                         : ""));
    return {};
  }

  Check certified(const ResultHeader& header, const Certificate& certificate) const {
    EVIDENCE_TRY(signed_by_set(header));
    const std::string name = "the certificate of " + at_height(header.height);
    const VoteContent& content = certificate.content;
    if (content.kind != VoteKind::kExec || content.view != View{} ||
        content.height != header.height)
      return refuse_evidence(EvidenceFailure::kMalformed,
                             name + " is not over a result of that height");
    if (content.epoch != set_.epoch)
      return refuse_evidence(EvidenceFailure::kWrongValidatorSet, name + " is of another epoch");
    if (content.hash != result_hash(header))
      return refuse_evidence(EvidenceFailure::kBrokenPath,
                             name + " signs another result header than the bundle's");
    const std::size_t claimed = signers(certificate).size();
    if (claimed < set_.quorum() || certificate.signatures.size() < set_.quorum())
      return refuse_evidence(EvidenceFailure::kNotEnoughSignatures,
                             name + " carries " +
                                 std::to_string(std::min(claimed, certificate.signatures.size())) +
                                 " signatures, a quorum is " + std::to_string(set_.quorum()));
    if (const Result<void> valid = verify_certificate(chain_, set_, certificate, verifier_); !valid)
      return refuse_evidence(valid.error().code == ErrorCode::kBadSignature
                                 ? EvidenceFailure::kBadSignature
                                 : EvidenceFailure::kMalformed,
                             name + ": " + valid.error().message);
    return {};
  }

  const Evidence& evidence_;
  const Genesis& genesis_;
  const ChainId chain_;
  const EvidenceOptions& options_;
  const Verifier& verifier_;
  ValidatorSet set_;                               // in force where the walk has come to
  Height since_;                                   // first height that set_ signs
  std::vector<ValidatorSet> known_;                // it and all before it
  std::vector<const RecoveryRecord*> recoveries_;  // ahead of it, ascending
  std::vector<EvidenceRecovery> applied_;
  Height tree_size_;
  Hash32 tree_root_;
};

}  // namespace

EvidenceResult<void> verify_on_ledger(const ChainId& chain, const ProvenResult& result, Height size,
                                      const Hash32& root, EvidenceFailure failure) {
  const ResultHeader& header = result.header;
  if (header.chain != chain)
    return refuse_evidence(EvidenceFailure::kWrongChain,
                           at_height(header.height) + " is of another chain");
  const Hash32 leaf = ledger_leaf(header.block, result_hash(header));
  const Result<Hash32> reached = merkle_path_root(leaf, result.path);
  if (result.path.index != header.height.value || result.path.size != size.value || !reached ||
      *reached != root)
    return refuse_evidence(failure, "the result header of " + at_height(header.height) +
                                        " does not lead to the ledger root over " +
                                        std::to_string(size.value) + " heights");
  return {};
}

EvidenceResult<EvidenceTrust> verify_evidence_basis(const Evidence& evidence,
                                                    const Genesis& genesis,
                                                    const EvidenceOptions& options,
                                                    const Verifier& verifier) {
  return BasisWalk(evidence, genesis, options, verifier).run();
}

}  // namespace usance
