// Between banks: negotiation, the documents' way to the issuing bank, reimbursement and refund
// (UCP 600 Art. 7(c), 8(c), 12, 13, 16(g), 35).
#include <algorithm>
#include <cstdint>

#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/instant.h"
#include "contracts/letter_of_credit/limits.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/letter_of_credit/settlement.h"
#include "contracts/letter_of_credit/tenor.h"
#include "contracts/letter_of_credit/undertaking.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

bool has_paid(const Presentation& presentation) {
  return presentation.state == PresentationState::kHonoured ||
         presentation.state == PresentationState::kNegotiated ||
         presentation.state == PresentationState::kUndertaken;
}

// Documents that the issuing bank has honoured or will: its own payment is the reimbursement.
bool issuing_bank_pays(const OpenCredit& open, const Presentation& presentation) {
  if (presentation.forwarded_as == 0) return false;
  const PresentationState state = open.presentation(presentation.forwarded_as).state;
  return state == PresentationState::kHonoured || state == PresentationState::kUndertaken;
}

// The last day on which a part of the drawing falls due, at the issuing bank; not set: at sight.
contract::Date due_on(const OpenCredit& open, const Presentation& presentation) {
  const DueParts due = due_parts(open.terms, presentation.documents, presentation.sight_on,
                                 presentation.claimed.minor_units);
  if (due.problem) fail(*due.problem);
  contract::Date last;
  for (const DuePart& part : due.parts) last = std::max(last, part.maturity);
  return last;
}

// The claim on the reimbursing bank is open: made, not paid, and not taken over by the issuing
// bank.
bool claim_open(const Presentation& presentation) {
  return presentation.reimbursement_claimed && presentation.reimbursed == 0;
}

void require_nominated(const Presentation& presentation, Action action, Context& ctx) {
  if (presentation.examined_as != PartyRole::kIssuingBank) return;
  fail(errors::wrong_party(action, PartyRole::kNominatedBank, ctx.organisation()));
}

}  // namespace

void require_discount(std::int64_t discount, std::int64_t amount) {
  if (discount < 0 || discount >= amount) {
    fail(errors::bad_presentation("discount", "less than what is paid, and not negative"));
  }
}

bool negotiates(const Terms& terms, const Presentation& presentation) {
  return terms.available_by == AvailableBy::kNegotiation &&
         presentation.examined_as != PartyRole::kIssuingBank;
}

std::string_view way_to_pay(const Terms& terms, const Presentation& presentation) {
  if (negotiates(terms, presentation)) return "Negotiate";
  return has_tenor(terms) ? "Undertake" : "Honour";
}

void ask_to_forward(const OpenCredit& open, const Presentation& presentation) {
  if (presentation.examined_as == PartyRole::kIssuingBank) return;
  add_task(open.ctx, presentation.examining_bank,
           task_of(open, Task::kForwardToIssuer, presentation.number));
}

void end_claim(OpenCredit& open, const Presentation& presentation) {
  if (presentation.claimant.empty()) return;
  Presentation from = open.presentation(presentation.forwarded_from);
  if (!claim_open(from)) return;
  open.set_claim(from, false, 0);
  open.put(from);
  finish_task(open.ctx, open.terms.reimbursing_bank.organisation, Task::kReimburseClaim, open.name,
              from.number);
}

PresentationReply Contract::negotiate(Context& ctx, const AdvanceRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kNegotiate);
  const Terms& terms = open.terms_for(presentation);
  if (!negotiates(terms, presentation)) {
    fail(errors::not_available_so(Action::kNegotiate, terms.available_by,
                                  way_to_pay(terms, presentation)));
  }
  open.move(presentation, Action::kNegotiate);
  open.require_second_person(presentation.decided_by, Action::kNegotiate);
  open.require_no_hold(presentation.examining_bank);
  const std::int64_t amount = presentation.committed;
  require_limit(ctx, open.amount(amount));
  require_discount(request.discount, amount);
  static_cast<void>(due_on(open, presentation));  // the documents show when the drafts fall due
  const std::int64_t paid = pay_at_once(open, presentation, amount - request.discount);
  book_payment(open, presentation, paid + request.discount);
  presentation.discount = request.discount;
  presentation.honoured_by = ctx.actor();
  if (owed(presentation) != 0) follow_up(open, presentation);
  open.put(presentation);
  finish_task(ctx, presentation.examining_bank, Task::kPay, open.name, presentation.number);
  ask_to_forward(open, presentation);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(paid);
  // A confirming bank buys without recourse (Art. 8(a)(ii)); another one by its own agreement.
  if (presentation.examined_as == PartyRole::kConfirmingBank) event.text = "without recourse";
  open.record(Action::kNegotiate, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::forward_documents(Context& ctx, const ForwardRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation from = open.presentation(request.presentation);
  open.require_examiner(from, Action::kForwardDocuments);
  require_nominated(from, Action::kForwardDocuments, ctx);
  const bool bound = from.examined_as == PartyRole::kConfirmingBank;
  if (from.forwarded_as != 0)
    fail(errors::no_claim(Action::kForwardDocuments, "they are forwarded"));
  const bool paid = has_paid(from);
  if (bound && !paid) {
    fail(errors::no_claim(Action::kForwardDocuments,
                          "a confirming bank honours or negotiates first"));
  }
  if (request.lost_in_transit && from.state == PresentationState::kReceived) {
    fail(errors::no_claim(Action::kForwardDocuments, "nobody has found that they comply"));
  }
  const PresentationState before = from.state;
  open.move(from, Action::kForwardDocuments);

  Presentation to;
  to.presented_as = from.examined_as;
  to.claimed = from.claimed;
  to.documents = from.documents;
  to.forwarded_from = from.number;
  to.accepted_amendment = from.accepted_amendment;
  to.findings = from.findings;
  to.time_extended = from.time_extended;
  to.transfer = from.transfer;
  to.second_part = from.second_part;
  to.substituted = from.substituted;
  to.lost_in_transit = request.lost_in_transit;
  if (paid) {
    to.claimant = from.examining_bank;
    to.claimed = open.amount(from.paid + from.committed);
    to.sight_on = from.sight_on;  // one maturity for both banks
  } else if (before == PresentationState::kComplying) {
    open.credit.committed -= from.committed;  // the issuing bank sets it aside when it has found so
    use_transfer(open, from, -std::min(from.committed, from.second_part));
    from.committed = 0;
  }
  end_examination(open, from);
  receive(open, to, open.credit.issuing_bank, open.terms.issuing_bank.place);
  from.forwarded_as = to.number;
  if (request.lost_in_transit) take_as_complying(open, to);
  open.put(from);
  open.put(to);
  finish_task(ctx, from.examining_bank, Task::kForwardToIssuer, open.name, from.number);
  // A bank that does not act has nothing to pay.
  if (!paid) finish_task(ctx, from.examining_bank, Task::kPay, open.name, from.number);
  CreditChanged event = event_of(to);
  event.amount = to.claimed;
  if (from.time_extended) event.text = "presented in time as extended by Art. 29(a)";
  if (request.lost_in_transit) {
    event.text += event.text.empty() ? "lost in transit" : "; lost in transit";
  }
  open.record(Action::kForwardDocuments, event);
  return reply_of(open, to);
}

PresentationReply Contract::claim_reimbursement(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  constexpr Action kAction = Action::kClaimReimbursement;
  open.require_examiner(presentation, kAction);
  require_nominated(presentation, kAction, ctx);
  open.move(presentation, kAction);
  if (open.terms.reimbursing_bank.organisation.empty()) {
    fail(errors::no_claim(kAction, "the credit names no reimbursing bank: forward the documents"));
  }
  if (presentation.paid == 0) fail(errors::no_claim(kAction, "nothing was paid"));
  if (presentation.reimbursement_claimed) fail(errors::no_claim(kAction, "it is claimed"));
  if (issuing_bank_pays(open, presentation)) {
    fail(errors::no_claim(kAction, "the issuing bank reimburses"));
  }
  const contract::Date due = due_on(open, presentation);
  const Calendar calendar =
      calendar_of(ctx, open.credit.issuing_bank, open.terms.issuing_bank.place);
  if (due.is_set() && local_date(calendar, ctx.now_ms()) < due) {
    fail(errors::not_yet(kAction, to_text(due)));
  }
  open.set_claim(presentation, true, 0);
  presentation.claimed_at = ctx.now_ms();
  open.put(presentation);
  add_task(ctx, open.terms.reimbursing_bank.organisation,
           task_of(open, Task::kReimburseClaim, presentation.number));
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(presentation.paid);
  open.record(kAction, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::reimburse(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kReimbursingBank, Action::kReimburse);
  Presentation presentation = open.presentation(request.presentation);
  open.move(presentation, Action::kReimburse);
  open.require_no_hold(ctx.organisation());
  if (!claim_open(presentation)) {
    fail(errors::no_claim(Action::kReimburse, "no claim is open"));
  }
  require_limit(ctx, open.amount(presentation.paid));
  const std::string nostro =
      ctx.organisation() + "/" + open.credit.issuing_bank + "/" + open.terms.amount.currency;
  pay_directly(open, presentation.number, nostro, own_account(open, presentation.examining_bank),
               presentation.paid);
  open.set_claim(presentation, true, presentation.paid);
  open.put(presentation);
  finish_task(ctx, ctx.organisation(), Task::kReimburseClaim, open.name, presentation.number);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(presentation.reimbursed);
  open.record(Action::kReimburse, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::claim_interest(Context& ctx, const InterestRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  constexpr Action kAction = Action::kClaimInterest;
  open.require_examiner(presentation, kAction);
  open.move(presentation, kAction);
  // Art. 13(b)(iii) speaks of a reimbursing bank that was asked and did not pay.
  if (presentation.claimed_at == 0 || presentation.reimbursed != 0) {
    fail(errors::no_claim(kAction, "the reimbursing bank has not failed to pay"));
  }
  if (presentation.interest_claimed != 0) fail(errors::no_claim(kAction, "it is claimed"));
  if (request.interest.currency != open.terms.amount.currency ||
      request.interest.minor_units <= 0) {
    fail(errors::bad_presentation("interest", "positive, and in the credit's currency"));
  }
  presentation.interest_claimed = request.interest.minor_units;
  open.put(presentation);
  add_task(ctx, open.credit.issuing_bank,
           task_of(open, Task::kSettleInterest, presentation.number));
  CreditChanged event = event_of(presentation);
  event.amount = request.interest;
  open.record(kAction, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::pay_interest(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kPayInterest);
  Presentation presentation = open.presentation(request.presentation);
  open.move(presentation, Action::kPayInterest);
  open.require_no_hold(ctx.organisation());
  const std::int64_t amount = presentation.interest_claimed - presentation.interest_paid;
  if (amount == 0) fail(errors::no_claim(Action::kPayInterest, "no interest is owed"));
  require_limit(ctx, open.amount(amount));
  pay_directly(open, presentation.number, own_account(open, open.credit.issuing_bank),
               own_account(open, presentation.examining_bank), amount);
  presentation.interest_paid = amount;
  open.put(presentation);
  finish_task(ctx, ctx.organisation(), Task::kSettleInterest, open.name, presentation.number);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(amount);
  open.record(Action::kPayInterest, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::refund(Context& ctx, const RefundRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kRefund);
  open.move(presentation, Action::kRefund);
  if (presentation.reimbursed == 0)
    fail(errors::no_claim(Action::kRefund, "nothing was reimbursed"));
  const Presentation examined = open.presentation(presentation.forwarded_as);
  if (examined.state != PresentationState::kRefused &&
      examined.state != PresentationState::kReturned) {
    fail(
        errors::no_claim(Action::kRefund, "the issuing bank has given no valid notice of refusal"));
  }
  if (request.interest < 0 || request.interest > INT64_MAX - presentation.reimbursed) {
    fail(errors::bad_presentation("interest", "not negative, and it fits"));
  }
  const std::int64_t amount = presentation.reimbursed + request.interest;
  pay_directly(open, presentation.number, own_account(open, presentation.examining_bank),
               own_account(open, open.credit.issuing_bank), amount);
  presentation.refunded = amount;
  presentation.reimbursed = 0;  // if the issuing bank takes the documents up, it pays itself
  open.put(presentation);
  finish_task(ctx, presentation.examining_bank, Task::kRefundReimbursement, open.name,
              presentation.number);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(amount);
  open.record(Action::kRefund, event);
  return reply_of(open, presentation);
}

}  // namespace usance::letter_of_credit::v1
