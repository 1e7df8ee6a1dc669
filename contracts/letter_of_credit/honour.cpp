// Payment at sight (UCP 600 Art. 7, 8, 15), and what can stop payments.
#include <algorithm>

#include "contracts/letter_of_credit/amendments.h"
#include "contracts/letter_of_credit/bounds.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/findings.h"
#include "contracts/letter_of_credit/limits.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/letter_of_credit/settlement.h"
#include "contracts/letter_of_credit/tenor.h"
#include "contracts/letter_of_credit/transitions.h"
#include "contracts/letter_of_credit/undertaking.h"
#include "contracts/sdk/money.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

// Whether nothing can be drawn any more: the amount is used up, or the one drawing is made.
bool is_used_up(const OpenCredit& open) {
  if (open.credit.open_presentations != 0 || open.credit.honoured == 0) return false;
  return open.balance() <= 0 || open.terms.partial_shipments == Allowed::kNotAllowed;
}

// HONOUR is for what is due at sight, and not for drafts that a bank was asked to negotiate.
void require_due_at_sight(OpenCredit& open, const Presentation& presentation) {
  const Terms& terms = open.terms_for(presentation);
  if (negotiates(terms, presentation) || has_tenor(terms)) {
    fail(errors::not_available_so(Action::kHonour, terms.available_by,
                                  way_to_pay(terms, presentation)));
  }
}

// In a credit available with any bank the one at which documents were presented is the nominated
// one (Art. 2).
bool examines(const OpenCredit& open, const std::string& bank) {
  bool found = false;
  open.each_presentation([&](const Presentation& presentation) {
    found = presentation.examining_bank == bank;
    return !found;
  });
  return found;
}

void require_payer(OpenCredit& open, Action action) {
  for (const PartyRole bank : {PartyRole::kIssuingBank, PartyRole::kConfirmingBank,
                               PartyRole::kNominatedBank, PartyRole::kReimbursingBank}) {
    if (open.ctx.organisation() == open.organisation_of(bank)) return;
  }
  if (open.terms.available_with_any_bank && examines(open, open.ctx.organisation())) {
    return open.act_as(PartyRole::kNominatedBank);
  }
  fail(errors::wrong_party(action, "a bank that pays under it", open.ctx.organisation()));
}

}  // namespace

void end_if_used_up(OpenCredit& open) {
  if (!is_live(open.credit.state) || !is_used_up(open)) return;
  open.credit.state = CreditState::kExhausted;
  cancel_expiry(open);
  finish_unanswered(open);
  // What is left of the margin goes back now, or at closing when the deposit contract refuses.
  static_cast<void>(release_margin_down_to(open, 0));
}

void book_payment(OpenCredit& open, Presentation& presentation, std::int64_t amount) {
  presentation.committed -= amount;
  presentation.paid += amount;
  if (amount > 0) presentation.paid_at = open.ctx.now_ms();
  if (!presentation.claimant.empty()) return;
  open.credit.committed -= amount;
  open.credit.honoured += amount;
}

std::int64_t due_now(const OpenCredit& open, const Presentation& presentation) {
  if (presentation.claimant.empty()) return presentation.committed;
  // What the reimbursing bank has paid, the issuing bank does not pay again.
  const Presentation paid = open.presentation(presentation.forwarded_from);
  return presentation.committed - std::min(presentation.committed, paid.reimbursed);
}

PresentationReply Contract::honour(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kHonour);
  open.move(presentation, Action::kHonour);
  open.require_second_person(presentation.decided_by, Action::kHonour);
  open.require_no_hold(presentation.examining_bank);
  const std::int64_t amount = due_now(open, presentation);
  const bool pays = amount > 0 && amount == presentation.committed;
  require_limit(ctx, open.amount(amount));
  if (pays) require_due_at_sight(open, presentation);
  const std::int64_t paid = pay_at_once(open, presentation, amount);
  book_payment(open, presentation, paid);
  presentation.committed = owed(presentation);
  if (presentation.committed != 0) follow_up(open, presentation);
  presentation.honoured_by = ctx.actor();
  open.put(presentation);
  finish_task(ctx, presentation.examining_bank, Task::kPay, open.name, presentation.number);
  end_claim(open, presentation);
  ask_to_forward(open, presentation);
  end_if_used_up(open);

  CreditChanged event = event_of(presentation);
  event.amount = open.amount(paid);
  const std::int64_t unpaid = presentation.claimed.minor_units - amount;
  if (presentation.committed != 0) {
    event.text = clipped(presentation.undertakings.back().unpaid_because, kMaxEventText);
  } else if (unpaid > 0 && presentation.claimant.empty()) {
    // Only after preclusion: the bank owes it, but not out of this credit (for its lawyers).
    event.text = to_text(open.amount(unpaid)) + " is claimed beyond the credit's balance";
  }
  open.record(Action::kHonour, event);
  return reply_of(open, presentation);
}

CreditReply Contract::hold_payment(Context& ctx, const HoldPaymentRequest& request) {
  OpenCredit open(ctx, request.credit);
  require_payer(open, Action::kHoldPayment);
  open.move(Action::kHoldPayment);
  std::erase_if(open.credit.payment_holds,
                [&](const PaymentHold& hold) { return hold.bank == ctx.organisation(); });
  open.credit.payment_holds.push_back({ctx.organisation(), request.reference});
  CreditChanged event;
  event.text = request.reference;
  open.record(Action::kHoldPayment, event);
  return open.reply();
}

CreditReply Contract::release_payment(Context& ctx, const CreditRequest& request) {
  OpenCredit open(ctx, request.credit);
  require_payer(open, Action::kReleasePayment);
  open.move(Action::kReleasePayment);
  CreditChanged event;
  if (const PaymentHold* hold = open.hold_of(ctx.organisation())) event.text = hold->reference;
  std::erase_if(open.credit.payment_holds,
                [&](const PaymentHold& hold) { return hold.bank == ctx.organisation(); });
  open.record(Action::kReleasePayment, event);
  return open.reply();
}

}  // namespace usance::letter_of_credit::v1
