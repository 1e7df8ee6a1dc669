// Names, anchors and look-ups around evidence verification.
#include <algorithm>
#include <charconv>

#include "base/evidence_verify.h"

namespace usance {

std::string_view to_string(EvidenceFailure failure) {
  switch (failure) {
    case EvidenceFailure::kMalformed: return "MALFORMED";
    case EvidenceFailure::kWrongChain: return "WRONG_CHAIN";
    case EvidenceFailure::kWrongValidatorSet: return "WRONG_VALIDATOR_SET";
    case EvidenceFailure::kNotEnoughSignatures: return "NOT_ENOUGH_SIGNATURES";
    case EvidenceFailure::kBadSignature: return "BAD_SIGNATURE";
    case EvidenceFailure::kBrokenPath: return "BROKEN_PATH";
    case EvidenceFailure::kHistoryIncomplete: return "HISTORY_INCOMPLETE";
    case EvidenceFailure::kWrongAnchor: return "WRONG_ANCHOR";
    case EvidenceFailure::kWrongInterface: return "WRONG_INTERFACE";
    case EvidenceFailure::kTooOld: return "TOO_OLD";
  }
  return "UNKNOWN";
}

Result<Anchor> parse_anchor(std::string_view text) {
  Anchor anchor;
  const std::size_t colon = text.find(':');
  const std::string_view number = text.substr(0, colon);
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), anchor.height.value);
  if (colon == std::string_view::npos || error != std::errc{} ||
      end != number.data() + number.size() || anchor.height == Height{0} ||
      !fixed_from_hex(text.substr(colon + 1), anchor.ledger_root))
    return fail(ErrorCode::kInvalidArgument,
                "an anchor is HEIGHT:ROOT, a height above 0 and 64 hexadecimal digits");
  return anchor;
}

const ResultHeader& VerifiedEvidence::header(Height height) const {
  if (evidence.tip && evidence.tip->header.height == height) return evidence.tip->header;
  const auto found = std::lower_bound(
      evidence.results.begin(), evidence.results.end(), height,
      [](const ProvenResult& result, Height wanted) { return result.header.height < wanted; });
  USANCE_INVARIANT(found != evidence.results.end() && found->header.height == height);
  return found->header;
}

}  // namespace usance
