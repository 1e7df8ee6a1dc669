// How a credit ends: cancelled by consent, expired by the calendar, closed in the books.
#include "contracts/letter_of_credit/amendments.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/instant.h"
#include "contracts/letter_of_credit/open_credit.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/letter_of_credit/settlement.h"
#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/letter_of_credit/transferring.h"
#include "contracts/letter_of_credit/transitions.h"
#include "contracts/sdk/money.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

void require_nothing_open(const OpenCredit& open) {
  if (open.credit.open_presentations == 0) return;
  open.each_presentation([&open](const Presentation& presentation) {
    if (is_open(presentation)) {
      fail(errors::presentation_open(presentation.number, open.name, presentation.state));
    }
    return true;
  });
}

// No more drawings: tasks of a living credit go, and the margin that nobody can claim.
void leave_live(OpenCredit& open) {
  cancel_expiry(open);
  finish_unanswered(open);
  // Open presentations may still need the margin. The end of a credit does not wait for the deposit
  // contract: what it refuses now is released when the books are closed.
  if (open.credit.open_presentations == 0) static_cast<void>(release_margin_down_to(open, 0));
}

// Every second beneficiary whose part is not drawn has a say in its end.
void require_second_consents(const OpenCredit& open) {
  for (std::uint32_t number = 1; number <= open.credit.transfers; ++number) {
    const Transfer transfer = open.transfer(number);
    const bool holds = transfer.state == TransferState::kTransferred && left_of(transfer) > 0;
    if (holds && transfer.cancellation_consent == contract::Actor{}) {
      fail(errors::consent_missing(open.name, transfer.terms.beneficiary.name));
    }
  }
}

// The caller consents for the parts of the credit that were transferred to it or to those it speaks
// for. True if there are.
bool second_consents(OpenCredit& open) {
  bool any = false;
  for (std::uint32_t number = 1; number <= open.credit.transfers; ++number) {
    Transfer transfer = open.transfer(number);
    if (open.voice_of(transfer) != open.ctx.organisation()) continue;
    transfer.cancellation_consent = open.ctx.actor();
    open.put(transfer);
    open.act_as(PartyRole::kSecondBeneficiary);
    any = true;
  }
  return any;
}

CreditReply expire_now(OpenCredit& open) {
  open.move(Action::kExpire);
  CreditChanged event;
  event.amount = open.amount(open.balance());
  leave_live(open);
  open.record(Action::kExpire, event);
  return open.reply();
}

}  // namespace

CreditReply Contract::consent_to_cancellation(Context& ctx, const CreditRequest& request) {
  OpenCredit open(ctx, request.credit);
  const bool confirmer =
      ctx.organisation() == open.credit.confirming_bank && !open.credit.confirming_bank.empty();
  // A bank that has confirmed and speaks for a beneficiary that is no member consents for both.
  const bool speaks = open.terms.beneficiary.organisation.empty() &&
                      ctx.organisation() == open.terms.advising_bank.organisation;
  if (confirmer) {
    open.require_role(PartyRole::kConfirmingBank, Action::kConsentToCancellation);
    open.credit.confirmer_consent = ctx.actor();
  }
  const bool second = second_consents(open);
  if ((!confirmer && !second) || speaks) {
    open.require_voice_of_beneficiary(Action::kConsentToCancellation);
    open.credit.cancellation_consent = ctx.actor();
  }
  open.move(Action::kConsentToCancellation);
  open.record(Action::kConsentToCancellation);
  return open.reply();
}

CreditReply Contract::cancel(Context& ctx, const CancelRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kCancel);
  open.move(Action::kCancel);
  require_second_consents(open);
  if (open.credit.cancellation_consent == contract::Actor{}) {
    fail(errors::consent_missing(open.name, open.terms.beneficiary.name));
  }
  const bool confirmer_agrees = open.credit.confirmer_consent != contract::Actor{};
  if (!open.credit.confirming_bank.empty() && !confirmer_agrees) {
    fail(errors::consent_missing(open.name, open.credit.confirming_bank));
  }
  require_nothing_open(open);
  leave_live(open);
  CreditChanged event;
  event.amount = open.amount(open.balance());
  event.text = request.reason;
  open.record(Action::kCancel, event);
  return open.reply();
}

CreditReply Contract::expire(Context& ctx, const CreditRequest& request) {
  OpenCredit open(ctx, request.credit);
  if (is_live(open.credit.state)) {
    const std::int64_t at = expiry_instant(ctx, open.terms);
    if (ctx.now_ms() < at) fail(errors::not_yet("EXPIRE", instant_text(at)));
  }
  return expire_now(open);
}

CreditReply Contract::on_expiry(Context& ctx, const CreditRequest& request) {
  OpenCredit open(ctx, request.credit);
  if (!is_live(open.credit.state)) return open.reply();  // somebody called Expire first
  open.credit.expiry_timer = 0;                          // it is this one
  if (ctx.now_ms() < expiry_instant(ctx, open.terms)) {
    // A holiday announced since then closes the bank on that day (Art. 29).
    schedule_expiry(open);
    contract::Record<Credit>(ctx, open.name).put(open.credit);
    return open.reply();
  }
  return expire_now(open);
}

CreditReply Contract::close(Context& ctx, const CreditRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kClose);
  require_nothing_open(open);
  open.move(Action::kClose);
  if (!release_margin_down_to(open, 0)) {
    fail(errors::margin_not_covered(open.amount(open.credit.margin_held), open.name,
                                    "the deposit contract does not release it"));
  }
  for (std::uint32_t number = 1; number <= open.credit.assignments; ++number) {
    finish_task(ctx, open.assignment(number).bank, Task::kAcknowledgeAssignmentOf, open.name,
                number);
  }
  open.each_presentation([&open](const Presentation& presentation) {
    finish_held(open, presentation);
    finish_task(open.ctx, presentation.claimant, Task::kRefundReimbursement, open.name,
                presentation.forwarded_from);
    finish_task(open.ctx, open.credit.issuing_bank, Task::kSettleInterest, open.name,
                presentation.number);
    return true;
  });
  finish_task(ctx, open.credit.issuing_bank, Task::kCloseBooks, open.name, 0);
  open.record(Action::kClose);
  return open.reply();
}

}  // namespace usance::letter_of_credit::v1
