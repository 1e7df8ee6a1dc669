// Drafting, issuing and advising a credit (UCP 600 Art. 2, 6, 7, 9).
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/limits.h"
#include "contracts/letter_of_credit/open_credit.h"
#include "contracts/letter_of_credit/settlement.h"
#include "contracts/letter_of_credit/terms_check.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

void require_issuable(Context& ctx, const Terms& terms, const Funding& funding) {
  if (const auto problem = check_terms(terms, ctx.organisation())) fail(*problem);
  if (expiry_instant(ctx, terms) <= ctx.now_ms()) {
    fail(errors::bad_term("expiry_date", "has passed"));
  }
  if (funding.margin > 10'000) fail(errors::bad_term("margin", "at most 100 %"));
  if (funding.margin != 0 && terms.applicant.organisation.empty()) {
    fail(errors::bad_term("margin", "an applicant that is no member has no account to hold it on"));
  }
}

}  // namespace

CreditReply Contract::draft_issue(Context& ctx, const DraftIssueRequest& request) {
  require_issuable(ctx, request.terms, request.funding);
  OpenCredit open(ctx, ctx.organisation(), request.terms);
  if (auto existing = contract::Record<Credit>(ctx, open.name).find()) {
    if (existing->state != CreditState::kDraft) fail(errors::credit_exists(open.name));
    open.credit = *std::move(existing);
  }
  open.move(Action::kDrafted);
  open.funding = request.funding;
  open.credit.drafted_by = ctx.actor();
  open.credit.ceiling = open.amount(ceiling(open.terms).value_or(0));
  open.put_terms();
  add_task(ctx, open.credit.issuing_bank, task_of(open, Task::kCheckDraft));
  CreditChanged event;
  event.amount = open.terms.amount;
  open.record(Action::kDrafted, event);
  return open.reply();
}

CreditReply Contract::issue(Context& ctx, const IssueRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kIssue);
  open.move(Action::kIssue);
  open.require_second_person(open.credit.drafted_by, Action::kIssue);
  if (request.draft_version != open.credit.version) {
    fail(errors::draft_changed(open.credit.version, request.draft_version));
  }
  require_limit(ctx, open.credit.ceiling);
  require_issuable(ctx, open.terms, open.funding);
  open.credit.issued_by = ctx.actor();
  open.credit.issued_at = ctx.now_ms();
  open.credit.screening = request.screening;
  hold_margin(open, open.credit.ceiling.minor_units);
  schedule_expiry(open);
  finish_task(ctx, open.credit.issuing_bank, Task::kCheckDraft, open.name, 0);
  add_task(ctx, open.terms.advising_bank.organisation, task_of(open, Task::kAdviseCredit));
  if (open.terms.confirmation != Confirmation::kWithout) {
    add_task(ctx, requested_confirming_bank(open.terms), task_of(open, Task::kDecideConfirmation));
  }
  CreditChanged event;
  event.amount = open.credit.ceiling;
  open.record(Action::kIssue, event);
  return open.reply();
}

CreditReply Contract::advise(Context& ctx, const AdviseRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kAdvisingBank, Action::kAdvise);
  open.move(Action::kAdvise);
  open.credit.advice_declined = false;
  open.credit.advising_reference = request.reference;
  finish_task(ctx, ctx.organisation(), Task::kAdviseCredit, open.name, 0);
  finish_task(ctx, open.credit.issuing_bank, Task::kAdviceDeclined, open.name, 0);
  CreditChanged event;
  event.text = request.reference;
  if (request.without_confirmation) {
    const bool asked = open.terms.confirmation != Confirmation::kWithout &&
                       ctx.organisation() == requested_confirming_bank(open.terms);
    if (!asked) fail(errors::not_requested());
    finish_task(ctx, ctx.organisation(), Task::kDecideConfirmation, open.name, 0);
    event.text += event.text.empty() ? "without confirmation" : "; without confirmation";
  }
  open.record(Action::kAdvise, event);
  return open.reply();
}

CreditReply Contract::decline_advice(Context& ctx, const DeclineAdviceRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kAdvisingBank, Action::kDeclineAdvice);
  open.move(Action::kDeclineAdvice);
  open.credit.advice_declined = true;
  finish_task(ctx, ctx.organisation(), Task::kAdviseCredit, open.name, 0);
  add_task(ctx, open.credit.issuing_bank, task_of(open, Task::kAdviceDeclined));
  CreditChanged event;
  event.text = request.reason;
  open.record(Action::kDeclineAdvice, event);
  return open.reply();
}

}  // namespace usance::letter_of_credit::v1
