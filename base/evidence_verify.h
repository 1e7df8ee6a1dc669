// Checks an evidence bundle against a genesis (and, where it begins at one, an anchor), with no
// network and no state: docs/spec/evidence.md, "Verification".
//
// What it assumes: the genesis is right, and in no epoch on the way so many consensus keys leaked
// that a quorum could be forged. An anchor, published or time-stamped elsewhere, replaces that
// assumption for everything older than it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/evidence.h"
#include "base/recovery_record.h"

namespace usance {

// What failed. The names that to_string gives are API.
enum class EvidenceFailure {
  kMalformed,            // MALFORMED: the file does not decode, or its parts do not fit together
  kWrongChain,           // WRONG_CHAIN: evidence of another network
  kWrongValidatorSet,    // WRONG_VALIDATOR_SET: signed by another set than the one in force
  kNotEnoughSignatures,  // NOT_ENOUGH_SIGNATURES: a certificate with less than a quorum
  kBadSignature,         // BAD_SIGNATURE: of a validator or of a transaction's signer
  kBrokenPath,           // BROKEN_PATH: something does not lead to the root it claims
  kHistoryIncomplete,    // HISTORY_INCOMPLETE: changes of an object are missing, moved or added
  kWrongAnchor,          // WRONG_ANCHOR: begins at an anchor that was not given, or at another
  kWrongInterface,       // WRONG_INTERFACE: a module that the registry does not name
  kTooOld,               // TOO_OLD: as of an earlier time than the caller accepts
};
[[nodiscard]] std::string_view to_string(EvidenceFailure failure);

struct EvidenceError {
  EvidenceFailure failure = EvidenceFailure::kMalformed;
  std::string what;  // for people: which part of the bundle, and why
};
template <class T>
using EvidenceResult = tl::expected<T, EvidenceError>;

// A ledger root published elsewhere: over the leaves 0 .. height - 1.
struct Anchor {
  Height height;
  Hash32 ledger_root;
};
// "HEIGHT:ROOT", the root as 64 hexadecimal digits.
[[nodiscard]] Result<Anchor> parse_anchor(std::string_view text);

struct EvidenceOptions {
  std::optional<Anchor> anchor;
  std::optional<TimeMs> min_time;  // the subject's "as of" must not be earlier
  // Without its record, nothing above a recovery verifies (docs/spec/recovery.md). In any order;
  // those that the bundle does not reach are not looked at.
  std::vector<RecoveryRecord> recoveries;
};

// A point where the members, and not a quorum of validators, said how the ledger goes on.
struct EvidenceRecovery {
  Height last;  // the last height of the validators before
  Epoch epoch;  // that began behind it
  RecoverySigners signers;
  std::string reason;
};

// What a verified bundle stands for.
struct VerifiedEvidence {
  Evidence evidence;
  // Items and objects: the height and block time whose state they are. Transactions and events:
  // those of the tip (their own stand beside them).
  Height as_of_height;
  TimeMs as_of_time;
  std::optional<Height> tip_height;  // signed by the validators below; none with kAnchor
  std::vector<Validator> tip_signers;
  std::size_t tip_quorum = 0;
  std::vector<EvidenceRecovery> recoveries;  // that it hangs on, ascending

  // The proven header of a height that the evidence refers to.
  [[nodiscard]] const ResultHeader& header(Height height) const;
  [[nodiscard]] TimeMs time(Height height) const { return header(height).time; }
};

// Pure; checks every byte of the bundle.
[[nodiscard]] EvidenceResult<VerifiedEvidence> verify_evidence(const Evidence& evidence,
                                                               const Genesis& genesis,
                                                               const EvidenceOptions& options,
                                                               const Verifier& verifier);
// Reads and verifies; a file that does not decode is kMalformed, or kWrongChain when it decodes
// but belongs to another network.
[[nodiscard]] EvidenceResult<VerifiedEvidence> verify_evidence_file(ByteView file,
                                                                    const Genesis& genesis,
                                                                    const EvidenceOptions& options,
                                                                    const Verifier& verifier);

}  // namespace usance
