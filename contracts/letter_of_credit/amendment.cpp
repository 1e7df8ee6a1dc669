// Amendments (UCP 600 Art. 10): the issuing bank is bound when it proposes, the beneficiary when it
// accepts. There is no timer here: silence is no consent (Art. 10(f)).
#include <algorithm>
#include <utility>

#include "contracts/letter_of_credit/amending.h"
#include "contracts/letter_of_credit/amendments.h"
#include "contracts/letter_of_credit/bounds.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/limits.h"
#include "contracts/letter_of_credit/settlement.h"
#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/sdk/money.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

// The terms as they would be, or the end of the call.
Terms amended(const OpenCredit& open, const TermsChange& change) {
  Terms terms = open.terms;
  if (const auto problem = apply_change(terms, change, open.credit.instalments_made))
    fail(*problem);
  // A bank that has confirmed is bound (Art. 8(b)), whatever the instructions become.
  if (!open.credit.confirming_bank.empty()) terms.confirmation = open.terms.confirmation;
  const std::int64_t drawn = open.credit.honoured + open.credit.committed + open.credit.transferred;
  if (ceiling(terms).value_or(0) < drawn) {
    fail(errors::below_drawn(open.amount(drawn), terms.amount));
  }
  return terms;
}

// Who answers for the beneficiary, and so has the answer on its work list.
const std::string& voice_of_beneficiary(const OpenCredit& open) {
  return open.terms.beneficiary.organisation.empty() ? open.terms.advising_bank.organisation
                                                     : open.terms.beneficiary.organisation;
}

// What an amendment that comes into force does to the terms that bind the confirming bank: nothing
// unless it has extended its confirmation, and then it is applied to them as well.
void follow_confirmation(OpenCredit& open, const Amendment& amendment) {
  if (open.credit.confirming_bank.empty()) return;
  const bool extended = amendment.confirmation == ConfirmationOfAmendment::kExtended;
  if (extended && !open.credit.confirmed_apart) return;
  Presentation any;
  any.examined_as = PartyRole::kConfirmingBank;
  Terms confirmed = open.terms_for(any);
  // An amendment that presupposes another one, not extended, cannot bind the confirming bank.
  if (extended && apply_change(confirmed, amendment.change, open.credit.instalments_made)) {
    confirmed = open.terms_for(any);
  }
  open.put_confirmed(std::move(confirmed));
}

// The instructions on confirmation (49) ask a bank, or no longer.
void follow_instructions(const OpenCredit& open, Confirmation before) {
  const bool asked = before != Confirmation::kWithout;
  const bool asks = open.terms.confirmation != Confirmation::kWithout;
  if (asked == asks || open.credit.state == CreditState::kExpired) return;
  const std::string& bank = requested_confirming_bank(open.terms);
  if (asks) {
    add_task(open.ctx, bank, task_of(open, Task::kDecideConfirmation));
  } else {
    finish_task(open.ctx, bank, Task::kDecideConfirmation, open.name, 0);
  }
}

// An amendment is answered, or never will be.
void finish_answer(const OpenCredit& open, std::uint32_t number) {
  finish_task(open.ctx, voice_of_beneficiary(open), Task::kAnswerAmendment, open.name, number);
  finish_task(open.ctx, open.credit.confirming_bank, Task::kDecideConfirmation, open.name, number);
}

}  // namespace

AmendmentReply reply_of(const OpenCredit& open, const Amendment& amendment) {
  AmendmentReply reply;
  reply.credit = open.name;
  reply.amendment = amendment.number;
  reply.state = amendment.state;
  return reply;
}

CreditChanged event_of(const Amendment& amendment) {
  CreditChanged event;
  event.amendment = amendment.number;
  event.amendment_state = amendment.state;
  return event;
}

void take_amendment(OpenCredit& open, Amendment& amendment, std::uint32_t by_presentation) {
  const auto old_expiry = open.terms.expiry_date;
  const auto old_instructions = open.terms.confirmation;
  follow_confirmation(open, amendment);
  open.terms = amended(open, amendment.change);
  open.credit.ceiling = open.amount(ceiling(open.terms).value_or(0));
  // An expired credit does not come to life again by a presentation.
  if (open.terms.expiry_date != old_expiry && open.credit.state != CreditState::kExpired) {
    schedule_expiry(open);
  }
  follow_instructions(open, old_instructions);
  amendment.answered_by = open.ctx.actor();
  amendment.accepted_by_presentation = by_presentation;
  open.put_terms();
  open.put(amendment);
  finish_answer(open, amendment.number);
}

void finish_unanswered(const OpenCredit& open) {
  // By number alone: a timer's gas must do for any amendments.
  for (std::uint32_t number = 1; number <= open.credit.amendments; ++number) {
    finish_answer(open, number);
    finish_task(open.ctx, open.credit.issuing_bank, Task::kCheckAmendment, open.name, number);
  }
  finish_task(open.ctx, open.terms.advising_bank.organisation, Task::kAdviseCredit, open.name, 0);
  finish_task(open.ctx, open.credit.issuing_bank, Task::kAdviceDeclined, open.name, 0);
  finish_task(open.ctx, requested_confirming_bank(open.terms), Task::kDecideConfirmation, open.name,
              0);
  for (std::uint32_t number = 1; number <= open.credit.transfers; ++number) {
    finish_task(open.ctx, open.organisation_of(PartyRole::kTransferringBank), Task::kTransferCredit,
                open.name, number);
  }
}

AmendmentReply Contract::draft_amendment(Context& ctx, const DraftAmendmentRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kDraftAmendment);
  open.move(Action::kDraftAmendment);
  const std::size_t stated = contract::to_wire(request.change).size();
  if (stated == 0) fail(errors::nothing_changed());  // what is not stated is not encoded
  if (stated > kMaxTermsBytes) {
    fail(errors::bad_term("change", "longer than 48 KiB"));
  }
  if (request.change.confirmation && !open.credit.confirming_bank.empty()) {
    fail(errors::bad_term("confirmation", "a bank has confirmed the credit (Art. 8(b))"));
  }
  static_cast<void>(amended(open, request.change));  // only to refuse what cannot become terms
  if (open.credit.amendments == kMaxAmendments)
    fail(errors::too_many(kMaxAmendments, "amendments"));
  Amendment amendment;
  amendment.number = ++open.credit.amendments;
  open.move(amendment, Action::kDraftAmendment);
  amendment.change = request.change;
  amendment.drafted_by = ctx.actor();
  open.put(amendment);
  add_task(ctx, open.credit.issuing_bank, task_of(open, Task::kCheckAmendment, amendment.number));
  open.record(Action::kDraftAmendment, event_of(amendment));
  return reply_of(open, amendment);
}

AmendmentReply Contract::propose_amendment(Context& ctx, const AmendmentRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kProposeAmendment);
  open.move(Action::kProposeAmendment);
  Amendment amendment = open.amendment(request.amendment);
  open.move(amendment, Action::kProposeAmendment);
  open.require_second_person(amendment.drafted_by, Action::kProposeAmendment);
  const Terms terms = amended(open, amendment.change);
  // What the bank is bound by beyond the credit as it stands: a tolerance counts like an increase.
  require_limit(ctx, open.amount(std::max<std::int64_t>(
                         0, ceiling(terms).value_or(0) - open.credit.ceiling.minor_units)));
  if (expiry_instant(ctx, terms) <= ctx.now_ms()) {
    fail(errors::bad_term("expiry_date", "has passed"));
  }
  // The bank is bound by an increase from now on, so its client's margin follows now.
  hold_margin(open, std::max(open.credit.ceiling.minor_units, ceiling(terms).value_or(0)));
  amendment.proposed_by = ctx.actor();
  open.put(amendment);
  finish_task(ctx, open.credit.issuing_bank, Task::kCheckAmendment, open.name, amendment.number);
  add_task(ctx, voice_of_beneficiary(open),
           task_of(open, Task::kAnswerAmendment, amendment.number));
  add_task(ctx, open.credit.confirming_bank,
           task_of(open, Task::kDecideConfirmation, amendment.number));
  open.record(Action::kProposeAmendment, event_of(amendment));
  return reply_of(open, amendment);
}

AmendmentReply Contract::accept_amendment(Context& ctx, const AcceptAmendmentRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_voice_of_beneficiary(Action::kAcceptAmendment);
  open.move(Action::kAcceptAmendment);
  if (!request.except.empty()) fail(errors::partial_acceptance(request.except.front()));
  Amendment amendment = open.amendment(request.amendment);
  open.move(amendment, Action::kAcceptAmendment);
  take_amendment(open, amendment, 0);
  open.record(Action::kAcceptAmendment, event_of(amendment));
  return reply_of(open, amendment);
}

AmendmentReply Contract::reject_amendment(Context& ctx, const RejectAmendmentRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_voice_of_beneficiary(Action::kRejectAmendment);
  open.move(Action::kRejectAmendment);
  Amendment amendment = open.amendment(request.amendment);
  open.move(amendment, Action::kRejectAmendment);
  amendment.answered_by = ctx.actor();
  amendment.reason = request.reason;
  open.put(amendment);
  finish_answer(open, amendment.number);
  CreditChanged event = event_of(amendment);
  event.text = request.reason;
  open.record(Action::kRejectAmendment, event);
  return reply_of(open, amendment);
}

}  // namespace usance::letter_of_credit::v1
