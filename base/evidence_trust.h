// The first half of verifying evidence: from the genesis or an anchor to the one ledger root that
// everything else in the bundle hangs on. Internal to base/evidence_verify.
#pragma once

#include <string>

#include "base/evidence_verify.h"

namespace usance {

[[nodiscard]] inline tl::unexpected<EvidenceError> refuse_evidence(EvidenceFailure failure,
                                                                   std::string what) {
  return tl::unexpected<EvidenceError>(EvidenceError{failure, std::move(what)});
}
[[nodiscard]] inline std::string at_height(Height height) {
  return "height " + std::to_string(height.value);
}

struct EvidenceTrust {
  ValidatorSet tip_set;  // that signed the tip; meaningless with an anchor alone
  Height tree_size;      // of the ledger tree that the bundle's result headers lie in
  Hash32 tree_root;
  std::vector<EvidenceRecovery> recoveries;
};
[[nodiscard]] EvidenceResult<EvidenceTrust> verify_evidence_basis(const Evidence& evidence,
                                                                  const Genesis& genesis,
                                                                  const EvidenceOptions& options,
                                                                  const Verifier& verifier);

// That the result header is leaf header.height of the ledger tree; `failure` otherwise.
[[nodiscard]] EvidenceResult<void> verify_on_ledger(const ChainId& chain,
                                                    const ProvenResult& result, Height size,
                                                    const Hash32& root, EvidenceFailure failure);

}  // namespace usance

// USANCE_TRY for steps that return EvidenceResult<void>.
#define EVIDENCE_TRY(expression)                                                           \
  do {                                                                                     \
    if (::usance::EvidenceResult<void> evidence_check = (expression); !evidence_check)     \
      return ::tl::unexpected<::usance::EvidenceError>(std::move(evidence_check).error()); \
  } while (false)
