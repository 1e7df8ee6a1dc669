#include "contracts/letter_of_credit/transitions.h"

namespace usance::letter_of_credit::v1 {
namespace {

using CS = CreditState;
using PS = PresentationState;
using AS = AmendmentState;

// EXHAUSTED follows HONOUR only when nothing is left to draw; the method decides that, so the table
// has the state that the credit keeps otherwise. A presentation that came in time outlives the
// credit's expiry (Art. 14(b)), therefore its actions are listed for EXPIRED and EXHAUSTED too.
constexpr Transition<CS> kCredit[] = {
    {CS::CREDIT_STATE_NONE, Action::DRAFTED, CS::DRAFT},
    {CS::DRAFT, Action::DRAFTED, CS::DRAFT},
    {CS::DRAFT, Action::ISSUE, CS::ISSUED},
    {CS::ISSUED, Action::ADVISE, CS::ADVISED},
    {CS::ISSUED, Action::DECLINE_ADVICE, CS::ISSUED},
    {CS::ISSUED, Action::DRAFT_AMENDMENT, CS::ISSUED},
    {CS::ADVISED, Action::DRAFT_AMENDMENT, CS::ADVISED},
    {CS::ISSUED, Action::PROPOSE_AMENDMENT, CS::ISSUED},
    {CS::ADVISED, Action::PROPOSE_AMENDMENT, CS::ADVISED},
    {CS::ISSUED, Action::ACCEPT_AMENDMENT, CS::ISSUED},
    {CS::ADVISED, Action::ACCEPT_AMENDMENT, CS::ADVISED},
    {CS::ISSUED, Action::REJECT_AMENDMENT, CS::ISSUED},
    {CS::ADVISED, Action::REJECT_AMENDMENT, CS::ADVISED},
    {CS::ISSUED, Action::CONSENT_TO_CANCELLATION, CS::ISSUED},
    {CS::ADVISED, Action::CONSENT_TO_CANCELLATION, CS::ADVISED},
    {CS::ISSUED, Action::CANCEL, CS::CANCELLED},
    {CS::ADVISED, Action::CANCEL, CS::CANCELLED},
    {CS::ISSUED, Action::PRESENT, CS::ISSUED},
    {CS::ADVISED, Action::PRESENT, CS::ADVISED},
    {CS::EXPIRED, Action::PRESENT, CS::EXPIRED},
    {CS::ISSUED, Action::EXPIRE, CS::EXPIRED},
    {CS::ADVISED, Action::EXPIRE, CS::EXPIRED},
    {CS::EXHAUSTED, Action::CLOSE, CS::CLOSED},
    {CS::EXPIRED, Action::CLOSE, CS::CLOSED},
    {CS::CANCELLED, Action::CLOSE, CS::CLOSED},
};

constexpr Transition<PS> kPresentation[] = {
    {PS::PRESENTATION_STATE_NONE, Action::PRESENT, PS::RECEIVED},
    {PS::RECEIVED, Action::MARK_COMPLYING, PS::COMPLYING},
    {PS::WAIVER_SOUGHT, Action::MARK_COMPLYING, PS::COMPLYING},
    {PS::RECEIVED, Action::APPROACH_APPLICANT, PS::WAIVER_SOUGHT},
    {PS::WAIVER_SOUGHT, Action::ANSWER_WAIVER, PS::WAIVER_SOUGHT},
    {PS::REFUSED, Action::ANSWER_WAIVER, PS::REFUSED},
    {PS::RECEIVED, Action::REFUSE, PS::REFUSED},
    {PS::WAIVER_SOUGHT, Action::REFUSE, PS::REFUSED},
    {PS::RECEIVED, Action::PRECLUDE, PS::PRECLUDED},
    {PS::WAIVER_SOUGHT, Action::PRECLUDE, PS::PRECLUDED},
    {PS::REFUSED, Action::TAKE_UP, PS::COMPLYING},
    {PS::REFUSED, Action::RETURN_DOCUMENTS, PS::RETURNED},
    {PS::COMPLYING, Action::HONOUR, PS::HONOURED},
    {PS::PRECLUDED, Action::HONOUR, PS::HONOURED},
};

constexpr Transition<AS> kAmendment[] = {
    {AS::AMENDMENT_STATE_NONE, Action::DRAFT_AMENDMENT, AS::PREPARED},
    {AS::PREPARED, Action::PROPOSE_AMENDMENT, AS::PENDING},
    {AS::PENDING, Action::ACCEPT_AMENDMENT, AS::ACCEPTED},
    {AS::PENDING, Action::PRESENT, AS::ACCEPTED},
    {AS::PENDING, Action::REJECT_AMENDMENT, AS::REJECTED},
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

std::span<const Transition<CreditState>> credit_transitions() { return kCredit; }
std::span<const Transition<PresentationState>> presentation_transitions() { return kPresentation; }
std::span<const Transition<AmendmentState>> amendment_transitions() { return kAmendment; }

std::optional<CreditState> next(CreditState from, Action action) {
  return find(credit_transitions(), from, action);
}
std::optional<PresentationState> next(PresentationState from, Action action) {
  return find(presentation_transitions(), from, action);
}
std::optional<AmendmentState> next(AmendmentState from, Action action) {
  return find(amendment_transitions(), from, action);
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
