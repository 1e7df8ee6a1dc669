// The examining bank's decision and what follows when there is none (UCP 600 Art. 14 to 16).
#include <algorithm>

#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/data_checks.h"
#include "contracts/letter_of_credit/instant.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/sdk/money.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

// Sets the amount aside for a bank that must now pay. A claim of a bank that has paid is owed to
// it, but draws nothing more on the credit.
void commit(OpenCredit& open, Presentation& presentation, std::int64_t amount) {
  presentation.committed = amount;
  if (presentation.claimant.empty()) {
    open.credit.committed += amount;
    use_transfer(open, presentation, std::min(amount, presentation.second_part));
    if (const auto made = instalment_of(open.terms, presentation.documents)) {
      open.credit.instalments_made |= std::uint64_t{1} << *made;
    }
  }
  WorkItem pay = task_of(open, Task::kPay, presentation.number);
  pay.bank = presentation.examining_bank;
  pay.place = presentation.examining_place;
  // A bank that is bound honours documents that comply, and has five days to find that they do.
  if (presentation.examined_as != PartyRole::kNominatedBank) {
    pay.due = presentation.notice_due;
    pay.due_on = presentation.notice_due_on;
  }
  add_task(open.ctx, presentation.examining_bank, pay);
}

void commit_claim(OpenCredit& open, Presentation& presentation) {
  const std::int64_t balance = balance_for(open, presentation);
  if (presentation.claimant.empty() && presentation.claimed.minor_units > balance) {
    fail(errors::overdrawn(presentation.claimed, open.amount(balance)));
  }
  commit(open, presentation, presentation.claimed.minor_units);
}

// The day from which a tenor after sight counts: for a bank's claim it is that of its own paying.
void set_sight(Presentation& presentation, contract::Date date) {
  if (!presentation.sight_on.is_set()) presentation.sight_on = date;
}

std::vector<Discrepancy> notice_of(const RefuseRequest& request, const Presentation& presentation) {
  std::vector<Discrepancy> notice = request.discrepancies;
  if (request.adopt_findings) {
    notice.insert(notice.end(), presentation.findings.begin(), presentation.findings.end());
  }
  if (notice.empty()) fail(errors::notice_defective("it names no discrepancy"));
  if (notice.size() > kMaxFindings) fail(errors::too_many(kMaxFindings, "discrepancies"));
  for (const Discrepancy& discrepancy : notice) {
    const bool in_words =
        !discrepancy.field.empty() || !discrepancy.expected.empty() || !discrepancy.found.empty();
    if (discrepancy.code == DiscrepancyCode::kOtherDiscrepancy && !in_words) {
      fail(errors::notice_defective("a discrepancy is not described"));
    }
  }
  return notice;
}

// The deadline has passed without a notice: the bank owes what is claimed, as far as the credit
// goes.
PresentationReply preclude_now(OpenCredit& open, Presentation presentation) {
  open.move(presentation, Action::kPreclude);
  end_examination(open, presentation);
  const std::int64_t claimed = presentation.claimed.minor_units;
  const std::int64_t owed =
      presentation.claimant.empty()
          ? std::clamp<std::int64_t>(balance_for(open, presentation), 0, claimed)
          : claimed;
  commit(open, presentation, owed);
  set_sight(presentation, presentation.received_on);
  open.put(presentation);
  CreditChanged event = event_of(presentation);
  event.amount = open.amount(owed);
  open.record(Action::kPreclude, event);
  return reply_of(open, presentation);
}

// Refused documents for which the applicant has answered: the bank takes them up or sends them
// back.
void ask_to_decide_on_waiver(const OpenCredit& open, const Presentation& presentation) {
  if (presentation.state != PresentationState::kRefused || !presentation.waiver_answered ||
      presentation.disposal != Disposal::kHoldWaiver) {
    return;
  }
  add_task(open.ctx, presentation.examining_bank,
           task_of(open, Task::kDecideOnWaiver, presentation.number));
}

}  // namespace

void finish_held(const OpenCredit& open, const Presentation& presentation) {
  const std::string& bank = presentation.examining_bank;
  finish_task(open.ctx, bank, Task::kReturnCalledBack, open.name, presentation.number);
  finish_task(open.ctx, bank, Task::kDecideOnWaiver, open.name, presentation.number);
  finish_task(open.ctx, open.terms.applicant.organisation, Task::kAnswerWaiverRequest, open.name,
              presentation.number);
}

void take_as_complying(OpenCredit& open, Presentation& presentation) {
  if (!presentation.substituted && open.ctx.now_ms() < presentation.substitution_due) {
    fail(errors::not_yet(Action::kMarkComplying, instant_text(presentation.substitution_due)));
  }
  open.move(presentation, Action::kMarkComplying);
  commit_claim(open, presentation);
  set_sight(presentation, presentation.received_on);
  end_examination(open, presentation);
}

PresentationReply Contract::mark_complying(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kMarkComplying);
  take_as_complying(open, presentation);
  presentation.decided_by = ctx.actor();
  open.put(presentation);
  CreditChanged event = event_of(presentation);
  event.amount = presentation.claimed;
  open.record(Action::kMarkComplying, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::refuse(Context& ctx, const RefuseRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kRefuse);
  if (presentation.state == PresentationState::kRefused ||
      presentation.state == PresentationState::kReturned) {
    fail(errors::notice_already_given());
  }
  const bool undecided = presentation.state == PresentationState::kReceived ||
                         presentation.state == PresentationState::kWaiverSought;
  if (presentation.state == PresentationState::kPrecluded ||
      (undecided && ctx.now_ms() >= presentation.notice_due)) {
    fail(errors::notice_late(instant_text(presentation.notice_due)));
  }
  open.move(presentation, Action::kRefuse);
  if (request.disposal == Disposal::kDisposalNotStated) {
    fail(errors::notice_defective("it does not say what happens to the documents"));
  }
  if (request.disposal == Disposal::kHoldWaiver &&
      presentation.examined_as != PartyRole::kIssuingBank) {
    fail(errors::notice_defective("only the issuing bank holds documents for a waiver"));
  }
  presentation.refused_for = notice_of(request, presentation);
  presentation.disposal = request.disposal;
  presentation.decided_by = ctx.actor();
  end_examination(open, presentation);
  // Held for a waiver, they wait for the applicant's answer, with no day by which it must come.
  if (presentation.disposal == Disposal::kHoldWaiver && !presentation.waiver_answered) {
    add_task(ctx, open.terms.applicant.organisation,
             task_of(open, Task::kAnswerWaiverRequest, presentation.number));
  }
  ask_to_decide_on_waiver(open, presentation);
  open.put(presentation);
  if (!presentation.claimant.empty() &&
      open.presentation(presentation.forwarded_from).reimbursed != 0) {
    add_task(ctx, presentation.claimant,
             task_of(open, Task::kRefundReimbursement, presentation.forwarded_from));
  }
  CreditChanged event = event_of(presentation);
  event.amount = presentation.claimed;
  event.discrepancies = presentation.refused_for;
  event.disposal = presentation.disposal;
  open.record(Action::kRefuse, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::approach_applicant(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kIssuingBank, Action::kApproachApplicant);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kApproachApplicant);
  open.move(presentation, Action::kApproachApplicant);
  open.put(presentation);
  WorkItem work = task_of(open, Task::kAnswerWaiverRequest, presentation.number);
  work.due = presentation.notice_due;
  work.due_on = presentation.notice_due_on;
  add_task(ctx, open.terms.applicant.organisation, work);
  open.record(Action::kApproachApplicant, event_of(presentation));
  return reply_of(open, presentation);
}

PresentationReply Contract::answer_waiver(Context& ctx, const AnswerWaiverRequest& request) {
  OpenCredit open(ctx, request.credit);
  // The bank writes down the answer of an applicant that is no member.
  open.require_role(
      open.terms.applicant.organisation.empty() ? PartyRole::kIssuingBank : PartyRole::kApplicant,
      Action::kAnswerWaiver);
  Presentation presentation = open.presentation(request.presentation);
  open.move(presentation, Action::kAnswerWaiver);
  presentation.waiver_answered = true;
  presentation.waived = request.waived;
  open.put(presentation);
  finish_task(ctx, ctx.organisation(), Task::kAnswerWaiverRequest, open.name, presentation.number);
  ask_to_decide_on_waiver(open, presentation);
  CreditChanged event = event_of(presentation);
  event.text = request.waived ? "waived" : "declined";
  open.record(Action::kAnswerWaiver, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::take_up(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kTakeUp);
  open.move(presentation, Action::kTakeUp);
  if (presentation.disposal != Disposal::kHoldWaiver || !presentation.waived) {
    fail(errors::no_waiver());
  }
  if (presentation.replaced_by != 0 || presentation.called_back_by != contract::Actor{}) {
    fail(errors::called_back());
  }
  commit_claim(open, presentation);
  set_sight(presentation,
            local_date(calendar_of(ctx, presentation.examining_bank, presentation.examining_place),
                       ctx.now_ms()));
  presentation.decided_by = ctx.actor();
  finish_held(open, presentation);
  finish_task(ctx, presentation.claimant, Task::kRefundReimbursement, open.name,
              presentation.forwarded_from);
  open.put(presentation);
  CreditChanged event = event_of(presentation);
  event.amount = presentation.claimed;
  open.record(Action::kTakeUp, event);
  return reply_of(open, presentation);
}

PresentationReply Contract::call_back(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  const std::string& presenter = presentation.presented_by.organisation;
  if (ctx.organisation() != presenter) {
    fail(errors::wrong_party(Action::kCallBack, presenter, ctx.organisation()));
  }
  open.act_as(presentation.presented_as);
  open.move(presentation, Action::kCallBack);
  if (presentation.called_back_by != contract::Actor{}) fail(errors::called_back());
  presentation.called_back_by = ctx.actor();
  open.put(presentation);
  add_task(ctx, presentation.examining_bank,
           task_of(open, Task::kReturnCalledBack, presentation.number));
  open.record(Action::kCallBack, event_of(presentation));
  return reply_of(open, presentation);
}

PresentationReply Contract::return_documents(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kReturnDocuments);
  open.move(presentation, Action::kReturnDocuments);
  open.put(presentation);
  finish_held(open, presentation);
  open.record(Action::kReturnDocuments, event_of(presentation));
  return reply_of(open, presentation);
}

PresentationReply Contract::preclude(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  if (presentation.examined_as == PartyRole::kNominatedBank) {
    fail(errors::not_bound(presentation.examining_bank));
  }
  const bool undecided = presentation.state == PresentationState::kReceived ||
                         presentation.state == PresentationState::kWaiverSought;
  if (undecided && ctx.now_ms() < presentation.notice_due) {
    fail(errors::not_yet("PRECLUDE", instant_text(presentation.notice_due)));
  }
  return preclude_now(open, std::move(presentation));
}

PresentationReply Contract::on_notice_due(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  if (presentation.state != PresentationState::kReceived &&
      presentation.state != PresentationState::kWaiverSought) {
    return reply_of(open, presentation);  // somebody called Preclude first
  }
  presentation.deadline_timer = 0;  // it is this one
  return preclude_now(open, std::move(presentation));
}

}  // namespace usance::letter_of_credit::v1
