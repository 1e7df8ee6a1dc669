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
        chain_(genesis.chain_id),
        options_(options),
        verifier_(verifier),
        set_(genesis.validators()) {}

  EvidenceResult<EvidenceTrust> run() {
    EVIDENCE_TRY(basis());
    EVIDENCE_TRY(tip());
    return EvidenceTrust{set_, tree_size_, tree_root_};
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
      set_ = anchored.set;
      since_ = anchored.result.header.height;
      EVIDENCE_TRY(signed_by_set(anchored.result.header));
    }
    for (const HandOver& hand_over : evidence_.hand_overs) {
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
      set_ = hand_over.next;
      since_ = next->height;
    }
    return {};
  }

  Check tip() {
    if (evidence_.basis == EvidenceBasis::kAnchor) {
      tree_size_ = options_.anchor->height;
      tree_root_ = options_.anchor->ledger_root;
      return {};
    }
    const ResultHeader& header = evidence_.tip->header;
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
      return refuse_evidence(EvidenceFailure::kWrongValidatorSet,
                             at_height(header.height) +
                                 " was not signed by the validators in force: epoch " +
                                 std::to_string(header.epoch.value) + ", expected epoch " +
                                 std::to_string(set_.epoch.value));
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
  const ChainId chain_;
  const EvidenceOptions& options_;
  const Verifier& verifier_;
  ValidatorSet set_;  // in force where the walk has come to
  Height since_;      // first height that set_ signs
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
