// Payment at sight (UCP 600 Art. 7, 15), and what can stop it.
#include "contracts/letter_of_credit/amendments.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/letter_of_credit/settlement.h"
#include "contracts/sdk/money.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

// Whether nothing can be drawn any more: the amount is used up, or the one drawing is made.
bool is_used_up(const OpenCredit& open) {
  if (open.credit.open_presentations != 0) return false;
  return open.balance() <= 0 || open.terms.partial_shipments == Allowed::kNotAllowed;
}

void exhaust(OpenCredit& open) {
  open.credit.state = CreditState::kExhausted;
  cancel_expiry(open);
  finish_amendment_tasks(open);
  // What is left of the margin goes back now, or at closing when the deposit contract refuses.
  static_cast<void>(release_margin_down_to(open, 0));
  add_task(open.ctx, open.credit.issuing_bank, task_of(open, Task::kCloseBooks));
}

}  // namespace

PresentationReply Contract::honour(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kHonour);
  Presentation presentation = open.presentation(request.presentation);
  open.move(presentation, Action::kHonour);
  open.require_second_person(presentation.decided_by, Action::kHonour);
  if (!open.credit.payment_hold.empty()) {
    fail(errors::payment_on_hold(open.credit.payment_hold));
  }
  const std::int64_t amount = presentation.committed;
  if (amount > 0) pay_beneficiary(open, presentation.number, amount);
  presentation.committed = 0;
  presentation.paid = amount;
  presentation.honoured_by = ctx.actor();
  open.credit.committed -= amount;
  open.credit.honoured += amount;
  open.put(presentation);
  finish_task(ctx, presentation.examining_bank, Task::kPay, open.name, presentation.number);
  const bool live =
      open.credit.state == CreditState::kIssued || open.credit.state == CreditState::kAdvised;
  if (live && is_used_up(open)) exhaust(open);

  CreditChanged event = event_of(presentation);
  event.amount = open.amount(amount);
  const std::int64_t unpaid = presentation.claimed.minor_units - amount;
  if (unpaid > 0) {
    // Only after preclusion: the bank owes it, but not out of this credit (for its lawyers).
    event.text = to_text(open.amount(unpaid)) + " is claimed beyond the credit's balance";
  }
  open.record(Action::kHonour, event);
  return reply_of(open, presentation);
}

CreditReply Contract::hold_payment(Context& ctx, const HoldPaymentRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kHoldPayment);
  open.move(Action::kHoldPayment);
  open.credit.payment_hold = request.reference;
  CreditChanged event;
  event.text = request.reference;
  open.record(Action::kHoldPayment, event);
  return open.reply();
}

CreditReply Contract::release_payment(Context& ctx, const CreditRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kReleasePayment);
  open.move(Action::kReleasePayment);
  CreditChanged event;
  event.text = open.credit.payment_hold;
  open.credit.payment_hold.clear();
  open.record(Action::kReleasePayment, event);
  return open.reply();
}

}  // namespace usance::letter_of_credit::v1
