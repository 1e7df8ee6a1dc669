#include "contracts/letter_of_credit/transitions.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace usance::letter_of_credit::v1 {
namespace {

using CS = CreditState;
using PS = PresentationState;
using AS = AmendmentState;

template <class State>
struct Transition {
  State from;
  Action action;
  State to;
};

// A credit's states as a set.
constexpr std::uint32_t in(CS state) {
  return 1U << static_cast<std::uint32_t>(state);
}
constexpr std::uint32_t kLive = in(CS::kIssued) | in(CS::kAdvised) | in(CS::kConfirmed);
constexpr std::uint32_t kPaying = kLive | in(CS::kExpired) | in(CS::kExhausted);

struct CreditRule {
  std::uint32_t from;  // a set of states
  Action action;
  CS to;  // kCreditStateNone: as it was
};

constexpr CS kStays = CS::kCreditStateNone;

// EXHAUSTED is no row: it follows the payment of the drawing that leaves nothing to draw.
constexpr CreditRule kCredit[] = {
    {in(CS::kCreditStateNone) | in(CS::kDraft), Action::kDrafted, CS::kDraft},
    {in(CS::kDraft), Action::kIssue, CS::kIssued},
    {in(CS::kIssued), Action::kAdvise, CS::kAdvised},
    {in(CS::kIssued), Action::kDeclineAdvice, kStays},
    {in(CS::kIssued) | in(CS::kAdvised), Action::kConfirmCredit, CS::kConfirmed},
    {kLive, Action::kDraftAmendment, kStays},
    {kLive, Action::kProposeAmendment, kStays},
    {kLive, Action::kDecideOnConfirmation, kStays},
    {kLive, Action::kAcceptAmendment, kStays},
    {kLive, Action::kRejectAmendment, kStays},
    {kLive, Action::kConsentToCancellation, kStays},
    {kLive, Action::kCancel, CS::kCancelled},
    {kLive, Action::kRequestTransfer, kStays},
    {kLive, Action::kTransferCreditOn, kStays},
    {kLive, Action::kDeclineTransfer, kStays},
    {kLive, Action::kReturnTransfer, kStays},
    {kLive, Action::kAnswerTransferredAmendment, kStays},
    {kPaying, Action::kAssignProceeds, kStays},
    {kPaying, Action::kAcknowledgeAssignment, kStays},
    {kLive | in(CS::kExpired), Action::kPresent, kStays},
    {kLive, Action::kExpire, CS::kExpired},
    {kPaying, Action::kHoldPayment, kStays},
    {kPaying, Action::kReleasePayment, kStays},
    {in(CS::kExhausted) | in(CS::kExpired) | in(CS::kCancelled), Action::kClose, CS::kClosed},
};

constexpr Transition<PS> kPresentation[] = {
    {PS::kReceived, Action::kDemandSubstitution, PS::kReceived},
    {PS::kReceived, Action::kSubstitute, PS::kReceived},
    {PS::kReceived, Action::kMarkComplying, PS::kComplying},
    {PS::kWaiverSought, Action::kMarkComplying, PS::kComplying},
    {PS::kReceived, Action::kApproachApplicant, PS::kWaiverSought},
    {PS::kWaiverSought, Action::kAnswerWaiver, PS::kWaiverSought},
    {PS::kRefused, Action::kAnswerWaiver, PS::kRefused},
    {PS::kReceived, Action::kRefuse, PS::kRefused},
    {PS::kWaiverSought, Action::kRefuse, PS::kRefused},
    {PS::kReceived, Action::kPreclude, PS::kPrecluded},
    {PS::kWaiverSought, Action::kPreclude, PS::kPrecluded},
    {PS::kRefused, Action::kTakeUp, PS::kComplying},
    {PS::kRefused, Action::kCallBack, PS::kRefused},
    {PS::kRefused, Action::kReturnDocuments, PS::kReturned},
    {PS::kComplying, Action::kHonour, PS::kHonoured},
    {PS::kPrecluded, Action::kHonour, PS::kHonoured},
    {PS::kComplying, Action::kUndertake, PS::kUndertaken},
    {PS::kPrecluded, Action::kUndertake, PS::kUndertaken},
    {PS::kUndertaken, Action::kPayAtMaturity, PS::kUndertaken},  // HONOURED with the last part
    {PS::kUndertaken, Action::kMissMaturity, PS::kUndertaken},
    {PS::kUndertaken, Action::kPrepay, PS::kHonoured},
    {PS::kComplying, Action::kNegotiate, PS::kNegotiated},
    {PS::kPrecluded, Action::kNegotiate, PS::kNegotiated},
    {PS::kReceived, Action::kForwardDocuments, PS::kForwarded},
    {PS::kComplying, Action::kForwardDocuments, PS::kForwarded},
    {PS::kHonoured, Action::kForwardDocuments, PS::kForwarded},
    {PS::kNegotiated, Action::kForwardDocuments, PS::kForwarded},
    {PS::kUndertaken, Action::kForwardDocuments, PS::kUndertaken},  // and is still to be paid
    {PS::kHonoured, Action::kClaimReimbursement, PS::kHonoured},
    {PS::kNegotiated, Action::kClaimReimbursement, PS::kNegotiated},
    {PS::kForwarded, Action::kClaimReimbursement, PS::kForwarded},
    {PS::kHonoured, Action::kReimburse, PS::kHonoured},
    {PS::kNegotiated, Action::kReimburse, PS::kNegotiated},
    {PS::kForwarded, Action::kReimburse, PS::kForwarded},
    {PS::kHonoured, Action::kClaimInterest, PS::kHonoured},
    {PS::kNegotiated, Action::kClaimInterest, PS::kNegotiated},
    {PS::kForwarded, Action::kClaimInterest, PS::kForwarded},
    {PS::kHonoured, Action::kPayInterest, PS::kHonoured},
    {PS::kNegotiated, Action::kPayInterest, PS::kNegotiated},
    {PS::kForwarded, Action::kPayInterest, PS::kForwarded},
    {PS::kForwarded, Action::kRefund, PS::kRefunded},
};

constexpr Transition<AS> kAmendment[] = {
    {AS::kAmendmentStateNone, Action::kDraftAmendment, AS::kPrepared},
    {AS::kPrepared, Action::kProposeAmendment, AS::kPending},
    {AS::kPending, Action::kDecideOnConfirmation, AS::kPending},
    {AS::kPending, Action::kAcceptAmendment, AS::kAccepted},
    {AS::kPending, Action::kPresent, AS::kAccepted},
    {AS::kPending, Action::kRejectAmendment, AS::kRejected},
};

template <class State>
std::optional<State> find(std::span<const Transition<State>> table, State from, Action action) {
  for (const Transition<State>& row : table) {
    if (row.from == from && row.action == action) return row.to;
  }
  return std::nullopt;
}

void append_state(std::string& text, std::string_view state) {
  if (!text.empty()) text += " or ";
  text += state;
}

template <class State>
std::string states_before(std::span<const Transition<State>> table, Action action) {
  std::string text;
  for (const Transition<State>& row : table) {
    if (row.action == action) append_state(text, to_text(row.from));
  }
  return text;
}

}  // namespace

std::optional<CreditState> next(CreditState from, Action action) {
  for (const CreditRule& row : kCredit) {
    if (row.action == action && (row.from & in(from)) != 0) return row.to == kStays ? from : row.to;
  }
  return std::nullopt;
}
std::optional<PresentationState> next(PresentationState from, Action action) {
  return find<PS>(kPresentation, from, action);
}
std::optional<AmendmentState> next(AmendmentState from, Action action) {
  return find<AS>(kAmendment, from, action);
}

bool is_live(CreditState state) {
  return (kLive & in(state)) != 0;
}

bool is_open(const Presentation& presentation) {
  switch (presentation.state) {
    case PS::kReceived:
    case PS::kWaiverSought:
    case PS::kComplying:
    case PS::kPrecluded:
    case PS::kUndertaken: return true;
    case PS::kHonoured:
    case PS::kNegotiated: return presentation.examined_as != PartyRole::kIssuingBank;
    case PS::kForwarded: return presentation.reimbursement_claimed && presentation.reimbursed == 0;
    default: return false;
  }
}

bool carries_presentations(CreditState credit, Action action) {
  if ((kPaying & in(credit)) != 0) return true;
  return credit == CS::kCancelled && action == Action::kReturnDocuments;
}

std::string allowed_credit_states(Action action) {
  std::string text;
  for (const CreditRule& row : kCredit) {
    if (row.action != action) continue;
    for (std::uint32_t state = 0; state < 32; ++state) {
      if ((row.from >> state & 1U) != 0) append_state(text, to_text(static_cast<CS>(state)));
    }
  }
  return text;
}
std::string allowed_presentation_states(Action action) {
  return states_before<PS>(kPresentation, action);
}
std::string allowed_amendment_states(Action action) {
  return states_before<AS>(kAmendment, action);
}

}  // namespace usance::letter_of_credit::v1
