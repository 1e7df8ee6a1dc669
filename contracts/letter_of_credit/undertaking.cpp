// Undertakings with a maturity: deferred payment and accepted drafts (UCP 600 Art. 7, 8, 12(b)).
// They fall due by a ledger timer; each leg is paid once.
#include "contracts/letter_of_credit/undertaking.h"

#include <algorithm>

#include "contracts/letter_of_credit/bounds.h"
#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/findings.h"
#include "contracts/letter_of_credit/instant.h"
#include "contracts/letter_of_credit/limits.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/letter_of_credit/settlement.h"
#include "contracts/letter_of_credit/tenor.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

constexpr std::int64_t kPaymentGas = 40'000'000;

// The first banking day on or after a maturity, and the instant at which that day begins there.
void set_maturity(Undertaking& undertaking, const Calendar& calendar, contract::Date maturity) {
  undertaking.maturity = banking_day_on_or_after(calendar, maturity);
  undertaking.due = start_of_day(calendar, undertaking.maturity);
}

void schedule(const OpenCredit& open, Presentation& presentation, std::uint32_t part) {
  MaturityRequest request;
  request.credit = open.name;
  request.presentation = presentation.number;
  request.part = part;
  Undertaking& undertaking = presentation.undertakings[part];
  undertaking.timer =
      open.ctx.schedule<method::OnMaturity>(undertaking.due, request, kPaymentGas).value;
}

WorkItem due_task(const OpenCredit& open, const Presentation& presentation) {
  WorkItem item = task_of(open, Task::kPayAtMaturityDue, presentation.number);
  item.bank = presentation.examining_bank;
  item.place = presentation.examining_place;
  for (const Undertaking& undertaking : presentation.undertakings) {
    if (owed(undertaking) == 0 || (item.due != 0 && item.due <= undertaking.due)) continue;
    item.due = undertaking.due;
    item.due_on = undertaking.maturity;
  }
  return item;
}

// Pays what is owed of an undertaking as far as it can be paid.
Paid pay_undertaking(OpenCredit& open, Presentation& presentation, Undertaking& undertaking) {
  Paid paid = pay_legs(open, presentation, undertaking.legs);
  book_payment(open, presentation, paid.amount);
  return paid;
}

}  // namespace

void follow_up(OpenCredit& open, Presentation& presentation) {
  if (owed(presentation) != 0) {
    open.set_state(presentation, PresentationState::kUndertaken);
    add_task(open.ctx, presentation.examining_bank, due_task(open, presentation));
    return;
  }
  finish_task(open.ctx, presentation.examining_bank, Task::kPayAtMaturityDue, open.name,
              presentation.number);
  PresentationState paid = PresentationState::kHonoured;
  if (negotiates(open.terms_for(presentation), presentation)) {
    paid = PresentationState::kNegotiated;
  }
  open.set_state(presentation,
                 presentation.forwarded_as != 0 ? PresentationState::kForwarded : paid);
  end_if_used_up(open);
}

std::int64_t owed(const Undertaking& undertaking) {
  std::int64_t sum = 0;
  for (const PaymentLeg& leg : undertaking.legs) sum += leg.amount - leg.paid;
  return sum;
}

std::int64_t owed(const Presentation& presentation) {
  std::int64_t sum = 0;
  for (const Undertaking& undertaking : presentation.undertakings) sum += owed(undertaking);
  return sum;
}

PresentationReply Contract::undertake(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kUndertake);
  open.move(presentation, Action::kUndertake);
  open.require_second_person(presentation.decided_by, Action::kUndertake);
  open.require_no_hold(presentation.examining_bank);
  const Terms& terms = open.terms_for(presentation);
  if (negotiates(terms, presentation) || !has_tenor(terms)) {
    fail(errors::not_available_so(Action::kUndertake, terms.available_by,
                                  way_to_pay(terms, presentation)));
  }
  const std::int64_t amount = due_now(open, presentation);
  if (amount == 0) fail(errors::not_due(presentation.number, open.name));
  require_limit(ctx, open.amount(amount));
  const DueParts due = due_parts(terms, presentation.documents, presentation.sight_on, amount);
  if (due.problem) fail(*due.problem);

  const Calendar calendar =
      calendar_of(ctx, presentation.examining_bank, presentation.examining_place);
  const bool draft = terms.available_by == AvailableBy::kAcceptance ||
                     terms.available_by == AvailableBy::kNegotiation;
  presentation.committed = amount;  // what was reimbursed is not owed
  std::int64_t at_sight = 0;
  for (const DuePart& part : due.parts) {
    if (!part.maturity.is_set()) {
      at_sight += part.amount;
      continue;
    }
    if (part.amount == 0) continue;
    Undertaking undertaking;
    undertaking.kind =
        draft ? UndertakingKind::kAcceptedDraft : UndertakingKind::kDeferredUndertaking;
    undertaking.amount = part.amount;
    undertaking.legs = legs_of(open, presentation, part.amount);
    set_maturity(undertaking, calendar, part.maturity);
    presentation.undertakings.push_back(std::move(undertaking));
    schedule(open, presentation, static_cast<std::uint32_t>(presentation.undertakings.size() - 1));
  }
  if (at_sight != 0) book_payment(open, presentation, pay_at_once(open, presentation, at_sight));
  presentation.honoured_by = ctx.actor();
  finish_task(ctx, presentation.examining_bank, Task::kPay, open.name, presentation.number);
  follow_up(open, presentation);
  open.put(presentation);
  end_claim(open, presentation);
  ask_to_forward(open, presentation);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(amount);
  if (!presentation.undertakings.empty()) {
    event.text = "due " + to_text(presentation.undertakings.front().maturity);
  }
  open.record(Action::kUndertake, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::on_maturity(Context& ctx, const MaturityRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  const bool known = presentation.state == PresentationState::kUndertaken &&
                     request.part < presentation.undertakings.size();
  if (!known) return reply_of(open, presentation);  // paid before
  Undertaking& undertaking = presentation.undertakings[request.part];
  undertaking.timer = 0;  // it is this one
  const Calendar calendar =
      calendar_of(ctx, presentation.examining_bank, presentation.examining_place);
  if (!is_banking_day(calendar, undertaking.maturity)) {
    // A holiday announced since then: the next banking day.
    set_maturity(undertaking, calendar, undertaking.maturity);
    schedule(open, presentation, request.part);
    open.put(presentation);
    return reply_of(open, presentation);
  }
  Paid paid;
  if (const PaymentHold* hold = open.hold_of(presentation.examining_bank)) {
    paid.problem = errors::payment_on_hold(hold->reference);
  } else {
    paid = pay_undertaking(open, presentation, undertaking);
  }
  const Action action = paid.problem ? Action::kMissMaturity : Action::kPayAtMaturity;
  open.move(presentation, action);
  if (paid.problem) undertaking.unpaid_because = clipped(paid.problem->detail, kMaxReason);
  follow_up(open, presentation);
  open.put(presentation);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(paid.amount);
  if (paid.problem) event.text = clipped(paid.problem->detail, kMaxEventText);
  open.record(action, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::pay_at_maturity(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kPayAtMaturity);
  open.move(presentation, Action::kPayAtMaturity);
  open.require_no_hold(presentation.examining_bank);
  Paid all;
  for (Undertaking& undertaking : presentation.undertakings) {
    // What the timer has not tried yet is the timer's.
    if (undertaking.timer != 0 || owed(undertaking) == 0) continue;
    Paid paid = pay_undertaking(open, presentation, undertaking);
    undertaking.unpaid_because =
        paid.problem ? clipped(paid.problem->detail, kMaxReason) : std::string();
    all.amount += paid.amount;
    if (paid.problem) all.problem = std::move(paid.problem);
  }
  if (all.amount == 0) {
    fail(all.problem ? *all.problem : errors::not_due(presentation.number, open.name));
  }
  follow_up(open, presentation);
  open.put(presentation);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(all.amount);
  if (all.problem) event.text = clipped(all.problem->detail, kMaxEventText);
  open.record(Action::kPayAtMaturity, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::prepay(Context& ctx, const AdvanceRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kPrepay);
  if (presentation.examined_as == PartyRole::kIssuingBank) {
    fail(errors::not_available_so(Action::kPrepay, open.terms.available_by, "PayAtMaturity"));
  }
  // What is due has its payees, and is not divided anew.
  for (const Undertaking& undertaking : presentation.undertakings) {
    if (undertaking.timer == 0 && owed(undertaking) != 0) {
      fail(errors::no_claim(Action::kPrepay, "what is due is paid with PayAtMaturity"));
    }
  }
  open.move(presentation, Action::kPrepay);
  open.require_no_hold(presentation.examining_bank);
  const std::int64_t amount = owed(presentation);
  require_limit(ctx, open.amount(amount));
  require_discount(request.discount, amount);
  for (Undertaking& undertaking : presentation.undertakings) {
    if (undertaking.timer != 0) ctx.cancel(contract::TimerId{undertaking.timer});
    undertaking.timer = 0;
    undertaking.unpaid_because.clear();
    for (PaymentLeg& leg : undertaking.legs) leg.paid = leg.amount;
  }
  const std::int64_t paid = pay_at_once(open, presentation, amount - request.discount);
  // What a payee could not take has the place of a part that is settled early: the bound stands.
  std::vector<Undertaking>& parts = presentation.undertakings;
  if (parts.size() > kMaxParts) {
    parts[kMaxParts - 1] = std::move(parts.back());
    parts.pop_back();
  }
  book_payment(open, presentation, paid + request.discount);
  presentation.discount = request.discount;
  follow_up(open, presentation);
  open.put(presentation);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(paid);
  open.record(Action::kPrepay, event);
  return reply_of(open, presentation);
}

}  // namespace usance::letter_of_credit::v1
