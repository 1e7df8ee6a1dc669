// Which action is possible in which state: the transitions of a credit, of its presentations and of
// its amendments as tables. Who may act and under which conditions is checked by the methods.
//
// Pure: no host access.
#pragma once

#include <optional>
#include <string>

#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

// The state that an action leads to, or nothing when it is not possible in `from`.
[[nodiscard]] std::optional<CreditState> next(CreditState from, Action action);
[[nodiscard]] std::optional<PresentationState> next(PresentationState from, Action action);
[[nodiscard]] std::optional<AmendmentState> next(AmendmentState from, Action action);

// Issued, advised or confirmed: it may be drawn on and amended.
[[nodiscard]] bool is_live(CreditState state);

// A decision, a payment or a reimbursement is still due: the credit cannot be closed over it.
[[nodiscard]] bool is_open(const Presentation& presentation);

// Whether an action on a presentation is possible in this state of its credit. A presentation made
// in time outlives the expiry (Art. 14(b)); of a cancelled credit refused documents still go back.
[[nodiscard]] bool carries_presentations(CreditState credit, Action action);

// The states in which an action is possible, for an error's text: "ISSUED or ADVISED".
[[nodiscard]] std::string allowed_credit_states(Action action);
[[nodiscard]] std::string allowed_presentation_states(Action action);
[[nodiscard]] std::string allowed_amendment_states(Action action);

}  // namespace usance::letter_of_credit::v1
