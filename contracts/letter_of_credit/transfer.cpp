// Transfer of a credit to second beneficiaries (UCP 600 Art. 38) and assignment of proceeds
// (Art. 39).
#include "contracts/letter_of_credit/amending.h"
#include "contracts/letter_of_credit/amounts.h"
#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/data_checks.h"
#include "contracts/letter_of_credit/instant.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/letter_of_credit/transferring.h"
#include "contracts/sdk/money.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

CreditChanged event_of(const Transfer& transfer) {
  CreditChanged event;
  event.transfer = transfer.number;
  event.transfer_state = transfer.state;
  return event;
}

TransferReply reply_of(const OpenCredit& open, const Transfer& transfer) {
  TransferReply reply;
  reply.credit = open.name;
  reply.transfer = transfer.number;
  reply.state = transfer.state;
  return reply;
}

void step(Transfer& transfer, TransferState from, TransferState to, const OpenCredit& open,
          Action action) {
  if (transfer.state != from) {
    const std::string object =
        "transfer " + contract::decimal(std::uint64_t{transfer.number}) + " of " + open.name;
    fail(errors::wrong_state(object, transfer.state, action, to_text(from)));
  }
  transfer.state = to;
}

// What the first beneficiary has neither drawn nor given away.
void require_room(const OpenCredit& open, const Transfer& transfer) {
  const std::int64_t room = open.balance() - open.credit.transferred;
  if (transferred_amount(transfer) > room) {
    fail(errors::overdrawn(open.amount(transferred_amount(transfer)), open.amount(room)));
  }
}

// Without partial drawings one second beneficiary has it all (Art. 38(d)).
void require_only_one(const OpenCredit& open) {
  if (open.terms.partial_shipments != Allowed::kNotAllowed) return;
  for (std::uint32_t number = 1; number <= open.credit.transfers; ++number) {
    if (!takes_part(open.transfer(number))) continue;
    fail(errors::transfer_term_changed("a second transfer", "needs partial drawings (Art. 38(d))"));
  }
}

void require_second_beneficiary(OpenCredit& open, const Transfer& transfer, Action action) {
  const std::string& second = transfer.terms.beneficiary.organisation;
  // The transferring bank speaks for one that is no member.
  if (second.empty()) return open.require_role(PartyRole::kTransferringBank, action);
  if (open.ctx.organisation() != second) {
    fail(errors::wrong_party(action, PartyRole::kSecondBeneficiary, open.ctx.organisation()));
  }
  open.act_as(PartyRole::kSecondBeneficiary);
}

// The transferring bank's answer to a request: begun here,
Transfer begin_answer(OpenCredit& open, std::uint32_t number, TransferState to, Action action) {
  open.require_role(PartyRole::kTransferringBank, action);
  open.move(action);
  Transfer transfer = open.transfer(number);
  step(transfer, TransferState::kRequested, to, open, action);
  return transfer;
}

// and given here.
TransferReply give_answer(OpenCredit& open, const Transfer& transfer, Action action) {
  open.put(transfer);
  finish_task(open.ctx, open.ctx.organisation(), Task::kTransferCredit, open.name, transfer.number);
  CreditChanged event = event_of(transfer);
  event.amount = transfer.terms.amount;
  event.text = transfer.decline_reason;
  open.record(action, event);
  return reply_of(open, transfer);
}

}  // namespace

TransferReply Contract::request_transfer(Context& ctx, const TransferRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_voice_of_beneficiary(Action::kRequestTransfer);
  open.move(Action::kRequestTransfer);
  if (open.terms.form != Form::kIrrevocableTransferable) fail(errors::not_transferable(open.name));
  if (request.second_beneficiary.name.empty() || request.second_beneficiary_bank.empty()) {
    fail(errors::bad_term("second_beneficiary", "its name and the bank that keeps its account"));
  }
  require_only_one(open);
  if (open.credit.transfers == kMaxTransfers) fail(errors::too_many(kMaxTransfers, "transfers"));
  Cut cut = cut_terms(open.terms, request);
  if (cut.problem) fail(*cut.problem);
  Transfer transfer;
  transfer.number = ++open.credit.transfers;
  transfer.state = TransferState::kRequested;
  transfer.terms = std::move(cut.terms);
  transfer.amendments_to_second = request.amendments_to_second;
  transfer.requested_by = ctx.actor();
  require_room(open, transfer);
  open.put(transfer);
  add_task(ctx, open.organisation_of(PartyRole::kTransferringBank),
           task_of(open, Task::kTransferCredit, transfer.number));
  CreditChanged event = event_of(transfer);
  event.amount = transfer.terms.amount;
  open.record(Action::kRequestTransfer, event);
  return reply_of(open, transfer);
}

TransferReply Contract::transfer_credit(Context& ctx, const TransferNumber& request) {
  OpenCredit open(ctx, request.credit);
  Transfer transfer =
      begin_answer(open, request.transfer, TransferState::kTransferred, Action::kTransferCreditOn);
  require_room(open, transfer);
  if (const auto problem = check_within(open.terms, transfer.terms)) fail(*problem);
  open.credit.transferred += transferred_amount(transfer);
  transfer.transferred_by = ctx.actor();
  return give_answer(open, transfer, Action::kTransferCreditOn);
}

TransferReply Contract::decline_transfer(Context& ctx, const DeclineTransferRequest& request) {
  OpenCredit open(ctx, request.credit);
  Transfer transfer =
      begin_answer(open, request.transfer, TransferState::kDeclined, Action::kDeclineTransfer);
  transfer.declined_by = ctx.actor();
  transfer.decline_reason = request.reason;
  return give_answer(open, transfer, Action::kDeclineTransfer);
}

TransferReply Contract::return_transfer(Context& ctx, const TransferNumber& request) {
  OpenCredit open(ctx, request.credit);
  Transfer transfer = open.transfer(request.transfer);
  require_second_beneficiary(open, transfer, Action::kReturnTransfer);
  open.move(Action::kReturnTransfer);
  step(transfer, TransferState::kTransferred, TransferState::kGivenBack, open,
       Action::kReturnTransfer);
  CreditChanged event = event_of(transfer);
  event.amount = open.amount(left_of(transfer));
  open.credit.transferred -= left_of(transfer);
  open.put(transfer);
  open.record(Action::kReturnTransfer, event);
  return reply_of(open, transfer);
}

TransferReply Contract::answer_amendment(Context& ctx, const AnswerAmendmentRequest& request) {
  OpenCredit open(ctx, request.credit);
  Transfer transfer = open.transfer(request.transfer);
  constexpr Action kAction = Action::kAnswerTransferredAmendment;
  require_second_beneficiary(open, transfer, kAction);
  open.move(kAction);
  step(transfer, TransferState::kTransferred, TransferState::kTransferred, open, kAction);
  if (!transfer.amendments_to_second) {
    fail(errors::no_claim(kAction, "the transfer keeps amendments from it (Art. 38(e))"));
  }
  const Amendment amendment = open.amendment(request.amendment);
  const bool answerable =
      amendment.state == AmendmentState::kPending || amendment.state == AmendmentState::kAccepted;
  for (const std::uint32_t answered : transfer.answered_amendments) {
    if (answered == amendment.number) fail(errors::no_claim(kAction, "it is answered"));
  }
  if (!answerable) fail(errors::no_claim(kAction, "it is no longer offered"));
  if (request.accept) {
    TermsChange change = amendment.change;
    change.increase = 0;  // the transfer's own amount is not the credit's
    change.decrease = 0;
    change.unit_price = {};
    change.form = {};  // nor are its form, its parties and who confirms it (Art. 38(d), (g), (h))
    change.confirmation.reset();
    change.applicant = {};
    change.beneficiary = {};
    if (const auto problem = apply_change(transfer.terms, change, open.credit.instalments_made))
      fail(*problem);
  }
  transfer.answered_amendments.push_back(amendment.number);
  open.put(transfer);
  CreditChanged event = event_of(transfer);
  event.amendment = amendment.number;
  event.amendment_state = request.accept ? AmendmentState::kAccepted : AmendmentState::kRejected;
  open.record(kAction, event);
  return reply_of(open, transfer);
}

PresentationReply Contract::demand_substitution(Context& ctx, const PresentationRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation = open.presentation(request.presentation);
  open.require_examiner(presentation, Action::kDemandSubstitution);
  open.move(presentation, Action::kDemandSubstitution);
  if (presentation.transfer == 0) {
    fail(errors::no_claim(Action::kDemandSubstitution, "no second beneficiary has presented it"));
  }
  if (presentation.substitution_due != 0) {
    fail(errors::no_claim(Action::kDemandSubstitution, "the first demand is made"));
  }
  const Calendar calendar =
      calendar_of(ctx, presentation.examining_bank, presentation.examining_place);
  const contract::Date due_on = banking_day_after(calendar, local_date(calendar, ctx.now_ms()), 1);
  presentation.substitution_due = close_of_business(calendar, due_on);
  open.put(presentation);
  WorkItem work = task_of(open, Task::kSubstituteInvoice, presentation.number);
  work.due = presentation.substitution_due;
  work.due_on = due_on;
  work.bank = presentation.examining_bank;
  work.place = presentation.examining_place;
  add_task(ctx, open.terms.beneficiary.organisation, work);
  open.record(Action::kDemandSubstitution, event_of(presentation));
  return reply_of(open, presentation);
}

PresentationReply Contract::substitute(Context& ctx, const SubstituteRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_voice_of_beneficiary(Action::kSubstitute);
  Presentation presentation = open.presentation(request.presentation);
  open.move(presentation, Action::kSubstitute);
  if (presentation.transfer == 0 || presentation.substituted) {
    fail(errors::no_claim(Action::kSubstitute, "there is no second beneficiary's invoice in it"));
  }
  if (presentation.substitution_due != 0 && ctx.now_ms() >= presentation.substitution_due) {
    fail(errors::no_claim(Action::kSubstitute,
                          "the documents go as they were received (Art. 38(i))"));
  }
  if (request.claimed.currency != open.terms.amount.currency ||
      request.claimed.minor_units < presentation.second_part) {
    fail(errors::bad_presentation("claimed", "at least the second beneficiary's claim"));
  }
  bool replaced = false;
  for (Document& document : presentation.documents) {
    if (document.kind != DocumentKind::kCommercialInvoice) continue;
    document = request.invoice;
    replaced = true;
    break;
  }
  require_room_for(presentation.documents);
  if (!replaced || request.invoice.kind != DocumentKind::kCommercialInvoice) {
    fail(errors::bad_presentation("invoice", "an invoice takes the place of an invoice"));
  }
  presentation.substituted = true;
  presentation.claimed = request.claimed;
  const Calendar calendar =
      calendar_of(ctx, presentation.examining_bank, presentation.examining_place);
  presentation.findings =
      examine(open.terms_for(presentation), calendar, drawing_of(open, presentation));
  open.put(presentation);
  finish_task(ctx, ctx.organisation(), Task::kSubstituteInvoice, open.name, presentation.number);
  CreditChanged event = event_of(presentation);
  event.amount = presentation.claimed;
  event.discrepancies = presentation.findings;
  open.record(Action::kSubstitute, event);
  return reply_of(open, presentation);
}

AssignmentReply Contract::assign_proceeds(Context& ctx, const AssignRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_voice_of_beneficiary(Action::kAssignProceeds);
  open.move(Action::kAssignProceeds);
  std::uint64_t shares = request.share;
  for (std::uint32_t i = 1; i <= open.credit.assignments; ++i) shares += open.assignment(i).share;
  if (request.share == 0 || shares > kWholeBp) fail(errors::over_assigned());
  if (open.credit.assignments == kMaxAssignments) {
    fail(errors::too_many(kMaxAssignments, "assignments"));
  }
  Assignment assignment;
  assignment.number = ++open.credit.assignments;
  assignment.assignee = request.assignee;
  assignment.assignee_bank = request.assignee_bank;
  assignment.share = request.share;
  assignment.bank = request.bank.empty() ? usual_bank(open) : request.bank;
  assignment.assigned_by = ctx.actor();
  open.put(assignment);
  add_task(ctx, assignment.bank, task_of(open, Task::kAcknowledgeAssignmentOf, assignment.number));
  CreditChanged event;
  event.assignment = assignment.number;
  event.text = assignment.assignee;
  open.record(Action::kAssignProceeds, event);
  return {open.name, assignment.number, false};
}

AssignmentReply Contract::acknowledge_assignment(Context& ctx, const AssignmentNumber& request) {
  OpenCredit open(ctx, request.credit);
  Assignment assignment = open.assignment(request.assignment);
  if (ctx.organisation() != assignment.bank) {
    fail(errors::wrong_party(Action::kAcknowledgeAssignment, assignment.bank, ctx.organisation()));
  }
  open.move(Action::kAcknowledgeAssignment);
  assignment.acknowledged_by = ctx.actor();
  open.put(assignment);
  finish_task(ctx, ctx.organisation(), Task::kAcknowledgeAssignmentOf, open.name,
              assignment.number);
  CreditChanged event;
  event.assignment = assignment.number;
  event.text = assignment.assignee;
  open.record(Action::kAcknowledgeAssignment, event);
  return {open.name, assignment.number, true};
}

Transfer Contract::get_transfer(Context& ctx, const TransferNumber& request) {
  return OpenCredit(ctx, request.credit).transfer(request.transfer);
}

Assignment Contract::get_assignment(Context& ctx, const AssignmentNumber& request) {
  return OpenCredit(ctx, request.credit).assignment(request.assignment);
}

}  // namespace usance::letter_of_credit::v1
