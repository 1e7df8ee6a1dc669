// Receiving a presentation: its dates, the tests of its data, and the amendment it may accept.
#include <algorithm>

#include "contracts/letter_of_credit/amending.h"
#include "contracts/letter_of_credit/amendments.h"
#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/data_checks.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/letter_of_credit/transferring.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

constexpr std::size_t kFieldHeadBytes = 4;  // tag and length of a document in its record

void require_receivable(const OpenCredit& open, const PresentRequest& request) {
  if (request.claimed.minor_units <= 0) {
    fail(errors::bad_presentation("claimed", "not a positive amount"));
  }
  if (request.claimed.currency != open.terms.amount.currency) {
    fail(errors::bad_presentation("claimed", "the credit is in " + open.terms.amount.currency));
  }
  if (request.documents.empty()) fail(errors::bad_presentation("documents", "there is none"));
  for (const Document& document : request.documents) {
    if (document.originals + std::uint64_t{document.copies} == 0) {
      fail(errors::bad_presentation("documents", "a document has no original and no copy"));
    }
  }
  require_room_for(request.documents);
}

// The set takes the place of refused documents, which then cannot be taken up any more
// (Art. 16(c)(iii)). Each part of the credit replaces its own, and each set is replaced once.
void replace(const OpenCredit& open, const Presentation& by) {
  if (by.replaces == 0) return;
  if (by.replaces >= by.number) {
    fail(errors::bad_presentation("replaces", "there is no such presentation"));
  }
  Presentation replaced = open.presentation(by.replaces);
  if (replaced.state != PresentationState::kRefused &&
      replaced.state != PresentationState::kReturned) {
    fail(errors::bad_presentation("replaces", "only refused documents can be replaced"));
  }
  if (replaced.transfer != by.transfer) {
    fail(errors::bad_presentation("replaces", "they are somebody else's"));
  }
  if (replaced.replaced_by != 0) fail(errors::bad_presentation("replaces", "they are replaced"));
  replaced.replaced_by = by.number;
  open.put(replaced);
}

// Documents that match the credit only with a pending amendment accept that amendment (Art. 10(c)).
// Every pending one is tested by itself; the first that fits is taken.
void accept_by_presentation(OpenCredit& open, const Calendar& calendar, const Drawing& drawing,
                            Presentation& presentation) {
  std::uint32_t fitting = 0;
  open.each_amendment([&](const Amendment& amendment) {
    if (amendment.state != AmendmentState::kPending) return true;
    Terms terms = open.terms;
    if (apply_change(terms, amendment.change, open.credit.instalments_made)) return true;
    Drawing under = drawing;
    under.balance += ceiling(terms).value_or(0) - open.credit.ceiling.minor_units;
    if (!examine(terms, calendar, under).empty()) return true;
    fitting = amendment.number;
    return false;
  });
  if (fitting == 0) return;
  Amendment amendment = open.amendment(fitting);
  open.move(amendment, Action::kPresent);
  take_amendment(open, amendment, presentation.number);
  presentation.accepted_amendment = fitting;
  // A confirming bank that has not extended its confirmation still sees the terms it is bound by.
  Drawing under = drawing;
  under.balance = balance_for(open, presentation);
  presentation.findings = examine(open.terms_for(presentation), calendar, under);
}

// The beneficiary presents, or a bank for it (Art. 2). At its own counter a bank only writes down
// what a beneficiary that is no member has handed over.
void require_presenter(const OpenCredit& open, const std::string& bank) {
  const std::string& caller = open.ctx.organisation();
  const Terms& terms = open.terms;
  if (caller == terms.beneficiary.organisation) return;
  const bool presents =
      caller == terms.advising_bank.organisation || caller == terms.available_with.organisation ||
      caller == open.credit.confirming_bank || (terms.available_with_any_bank && caller == bank);
  const bool own_counter = caller == bank && !terms.beneficiary.organisation.empty();
  if (presents && !own_counter && caller != open.credit.issuing_bank) return;
  fail(errors::wrong_party(Action::kPresent, "BENEFICIARY or a bank that presents for it", caller));
}

// A second beneficiary presents at the transferring bank, which writes down what one that is no
// member has handed over.
void require_second_presenter(OpenCredit& open, std::uint32_t number) {
  const Transfer transfer = open.transfer(number);
  if (open.ctx.organisation() != open.voice_of(transfer) ||
      transfer.state != TransferState::kTransferred) {
    fail(errors::wrong_party(Action::kPresent, PartyRole::kSecondBeneficiary,
                             open.ctx.organisation()));
  }
  open.act_as(PartyRole::kSecondBeneficiary);
}

// Who presents does not want the credit cancelled. A second beneficiary speaks for its own part:
// the others' consents for theirs stay (Art. 38(f) keeps the parts apart); the first beneficiary's
// was given for a credit that nobody had drawn on since.
void withdraw_consents(OpenCredit& open, std::uint32_t transfer_number) {
  open.credit.cancellation_consent = {};
  if (transfer_number == 0) return;
  Transfer transfer = open.transfer(transfer_number);
  transfer.cancellation_consent = {};
  open.put(transfer);
}

}  // namespace

PresentationReply reply_of(const OpenCredit& open, const Presentation& presentation) {
  PresentationReply reply;
  reply.credit = open.name;
  reply.presentation = presentation.number;
  reply.state = presentation.state;
  reply.notice_due = presentation.notice_due;
  reply.findings = presentation.findings;
  reply.paid = open.amount(presentation.paid);
  return reply;
}

CreditChanged event_of(const Presentation& presentation) {
  CreditChanged event;
  event.presentation = presentation.number;
  event.presentation_state = presentation.state;
  return event;
}

void end_examination(const OpenCredit& open, Presentation& presentation) {
  if (presentation.deadline_timer != 0) {
    open.ctx.cancel(contract::TimerId{presentation.deadline_timer});
    presentation.deadline_timer = 0;
  }
  finish_task(open.ctx, presentation.examining_bank, Task::kExamineDocuments, open.name,
              presentation.number);
  finish_task(open.ctx, open.terms.applicant.organisation, Task::kAnswerWaiverRequest, open.name,
              presentation.number);
}

void require_room_for(const std::vector<Document>& documents) {
  std::size_t bytes = 0;
  for (const Document& document : documents) {
    bytes += contract::to_wire(document).size() + kFieldHeadBytes;
  }
  if (bytes > kMaxDocumentsBytes) {
    fail(errors::bad_presentation("documents", "their data is longer than 20 KiB together"));
  }
}

const std::string& usual_bank(const OpenCredit& open) {
  if (!open.credit.confirming_bank.empty()) return open.credit.confirming_bank;
  const std::string& nominated = open.terms.available_with.organisation;
  return nominated.empty() ? open.credit.issuing_bank : nominated;
}

std::string place_of(const OpenCredit& open, const std::string& bank, const std::string& asked) {
  const Terms& terms = open.terms;
  if (bank == open.credit.issuing_bank) return terms.issuing_bank.place;
  if (bank == terms.available_with.organisation) return terms.available_with.place;
  if (bank == open.credit.confirming_bank) {
    return terms.requested_confirming_bank.organisation.empty()
               ? terms.advising_bank.place
               : terms.requested_confirming_bank.place;
  }
  if (!terms.available_with_any_bank) fail(errors::not_presentable_at(open.name, bank));
  return asked;
}

Calendar receive(OpenCredit& open, Presentation& presentation, const std::string& bank,
                 const std::string& place) {
  Context& ctx = open.ctx;
  if (open.credit.presentations == kMaxPresentations) {
    fail(errors::too_many(kMaxPresentations, "presentations"));
  }
  presentation.number = ++open.credit.presentations;
  presentation.examining_bank = bank;
  presentation.examining_place = place;
  presentation.examined_as = open.examiner_role(bank);
  presentation.presented_by = ctx.actor();
  presentation.presented_at = ctx.now_ms();
  open.set_state(presentation, PresentationState::kReceived);

  Calendar calendar = calendar_of(ctx, bank, place);
  presentation.received_on = received_on(calendar, ctx.now_ms());
  presentation.notice_due_on = examination_ends_on(calendar, presentation.received_on);
  presentation.notice_due = close_of_business(calendar, presentation.notice_due_on);
  // A nominated bank that has not confirmed is bound to nothing by its silence (Art. 12(a)).
  if (presentation.examined_as != PartyRole::kNominatedBank) {
    PresentationRequest timer;
    timer.credit = open.name;
    timer.presentation = presentation.number;
    presentation.deadline_timer =
        ctx.schedule<method::OnNoticeDue>(presentation.notice_due, timer).value;
  }
  WorkItem work = task_of(open, Task::kExamineDocuments, presentation.number);
  work.due = presentation.notice_due;
  work.due_on = presentation.notice_due_on;
  work.bank = bank;
  work.place = place;
  add_task(ctx, bank, work);
  return calendar;
}

std::int64_t balance_for(OpenCredit& open, const Presentation& presentation) {
  // What second beneficiaries may still draw is theirs; each has its own part of it.
  std::int64_t balance = open.balance() - open.credit.transferred;
  if (presentation.transfer != 0) {
    const Transfer transfer = open.transfer(presentation.transfer);
    const std::int64_t left = left_of(transfer);
    if (transfer.state == TransferState::kTransferred) balance += left;  // else it was given back
    return presentation.substituted ? balance : std::min(balance, left);
  }
  if (!open.credit.confirmed_apart) return balance;
  const std::int64_t bound = ceiling(open.terms_for(presentation)).value_or(0);
  return std::min(balance, bound - open.credit.honoured - open.credit.committed);
}

Drawing drawing_of(OpenCredit& open, const Presentation& presentation) {
  Drawing drawing{presentation.documents, presentation.claimed, presentation.received_on};
  drawing.balance = balance_for(open, presentation);
  drawing.first_drawing = open.credit.honoured + open.credit.committed == 0;
  drawing.instalments_made = open.credit.instalments_made;
  return drawing;
}

void use_transfer(OpenCredit& open, const Presentation& presentation, std::int64_t amount) {
  if (presentation.transfer == 0) return;
  Transfer transfer = open.transfer(presentation.transfer);
  transfer.drawn += amount;
  if (transfer.state == TransferState::kTransferred) open.credit.transferred -= amount;
  open.put(transfer);
}

PresentationReply Contract::present(Context& ctx, const PresentRequest& request) {
  OpenCredit open(ctx, request.credit);
  Presentation presentation;
  std::string bank = request.bank.empty() ? usual_bank(open) : request.bank;
  if (request.transfer != 0) {
    bank = open.organisation_of(PartyRole::kTransferringBank);
    require_second_presenter(open, request.transfer);
    presentation.transfer = request.transfer;
    presentation.second_part = request.claimed.minor_units;
  } else {
    require_presenter(open, bank);
  }
  const std::string place = place_of(open, bank, request.place);
  open.move(Action::kPresent);
  require_receivable(open, request);
  presentation.presented_as = open.role();
  presentation.claimed = request.claimed;
  presentation.documents = request.documents;
  presentation.replaces = request.replaces;
  const Calendar calendar = receive(open, presentation, bank, place);
  replace(open, presentation);
  const Drawing drawing = drawing_of(open, presentation);
  presentation.findings = examine(open.terms_for(presentation), calendar, drawing);
  presentation.time_extended = in_extended_time(open.terms_for(presentation), calendar, drawing);
  if (!presentation.findings.empty() && presentation.transfer == 0) {
    accept_by_presentation(open, calendar, drawing, presentation);
  }
  withdraw_consents(open, presentation.transfer);
  open.put(presentation);
  CreditChanged event = event_of(presentation);
  event.amount = presentation.claimed;
  event.discrepancies = presentation.findings;
  event.amendment = presentation.accepted_amendment;
  if (event.amendment != 0) event.amendment_state = AmendmentState::kAccepted;
  open.record(Action::kPresent, event);
  return reply_of(open, presentation);
}

}  // namespace usance::letter_of_credit::v1
