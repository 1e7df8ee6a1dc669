#include "contracts/letter_of_credit/transitions.h"

namespace usance::letter_of_credit::v1 {
namespace {

using CS = CreditState;
using PS = PresentationState;
using AS = AmendmentState;

// EXHAUSTED is no row: it follows HONOUR of the drawing that leaves nothing to draw.
constexpr Transition<CS> kCredit[] = {
    {CS::kCreditStateNone, Action::kDrafted, CS::kDraft},
    {CS::kDraft, Action::kDrafted, CS::kDraft},
    {CS::kDraft, Action::kIssue, CS::kIssued},
    {CS::kIssued, Action::kAdvise, CS::kAdvised},
    {CS::kIssued, Action::kDeclineAdvice, CS::kIssued},
    {CS::kIssued, Action::kDraftAmendment, CS::kIssued},
    {CS::kAdvised, Action::kDraftAmendment, CS::kAdvised},
    {CS::kIssued, Action::kProposeAmendment, CS::kIssued},
    {CS::kAdvised, Action::kProposeAmendment, CS::kAdvised},
    {CS::kIssued, Action::kAcceptAmendment, CS::kIssued},
    {CS::kAdvised, Action::kAcceptAmendment, CS::kAdvised},
    {CS::kIssued, Action::kRejectAmendment, CS::kIssued},
    {CS::kAdvised, Action::kRejectAmendment, CS::kAdvised},
    {CS::kIssued, Action::kConsentToCancellation, CS::kIssued},
    {CS::kAdvised, Action::kConsentToCancellation, CS::kAdvised},
    {CS::kIssued, Action::kCancel, CS::kCancelled},
    {CS::kAdvised, Action::kCancel, CS::kCancelled},
    {CS::kIssued, Action::kPresent, CS::kIssued},
    {CS::kAdvised, Action::kPresent, CS::kAdvised},
    {CS::kExpired, Action::kPresent, CS::kExpired},
    {CS::kIssued, Action::kExpire, CS::kExpired},
    {CS::kAdvised, Action::kExpire, CS::kExpired},
    {CS::kIssued, Action::kHoldPayment, CS::kIssued},
    {CS::kAdvised, Action::kHoldPayment, CS::kAdvised},
    {CS::kExpired, Action::kHoldPayment, CS::kExpired},
    {CS::kExhausted, Action::kHoldPayment, CS::kExhausted},
    {CS::kExhausted, Action::kReleasePayment, CS::kExhausted},
    {CS::kIssued, Action::kReleasePayment, CS::kIssued},
    {CS::kAdvised, Action::kReleasePayment, CS::kAdvised},
    {CS::kExpired, Action::kReleasePayment, CS::kExpired},
    {CS::kExhausted, Action::kClose, CS::kClosed},
    {CS::kExpired, Action::kClose, CS::kClosed},
    {CS::kCancelled, Action::kClose, CS::kClosed},
};

constexpr Transition<PS> kPresentation[] = {
    {PS::kPresentationStateNone, Action::kPresent, PS::kReceived},
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
    {PS::kRefused, Action::kReturnDocuments, PS::kReturned},
    {PS::kComplying, Action::kHonour, PS::kHonoured},
    {PS::kPrecluded, Action::kHonour, PS::kHonoured},
};

constexpr Transition<AS> kAmendment[] = {
    {AS::kAmendmentStateNone, Action::kDraftAmendment, AS::kPrepared},
    {AS::kPrepared, Action::kProposeAmendment, AS::kPending},
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

template <class State>
std::string states_before(std::span<const Transition<State>> table, Action action) {
  std::string text;
  for (const Transition<State>& row : table) {
    if (row.action != action) continue;
    if (!text.empty()) text += " or ";
    text += to_text(row.from);
  }
  return text;
}

}  // namespace

std::span<const Transition<CreditState>> credit_transitions() {
  return kCredit;
}
std::span<const Transition<PresentationState>> presentation_transitions() {
  return kPresentation;
}
std::span<const Transition<AmendmentState>> amendment_transitions() {
  return kAmendment;
}

std::optional<CreditState> next(CreditState from, Action action) {
  return find(credit_transitions(), from, action);
}
std::optional<PresentationState> next(PresentationState from, Action action) {
  return find(presentation_transitions(), from, action);
}
std::optional<AmendmentState> next(AmendmentState from, Action action) {
  return find(amendment_transitions(), from, action);
}

bool is_open(PresentationState state) {
  switch (state) {
    case PS::kReceived:
    case PS::kWaiverSought:
    case PS::kComplying:
    case PS::kPrecluded: return true;
    default: return false;
  }
}

bool carries_presentations(CreditState credit, Action action) {
  switch (credit) {
    case CS::kIssued:
    case CS::kAdvised:
    case CS::kExpired:
    case CS::kExhausted: return true;
    case CS::kCancelled: return action == Action::kReturnDocuments;
    default: return false;
  }
}

std::string allowed_credit_states(Action action) {
  return states_before(credit_transitions(), action);
}
std::string allowed_presentation_states(Action action) {
  return states_before(presentation_transitions(), action);
}
std::string allowed_amendment_states(Action action) {
  return states_before(amendment_transitions(), action);
}

}  // namespace usance::letter_of_credit::v1
