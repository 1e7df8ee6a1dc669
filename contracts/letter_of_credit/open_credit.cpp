#include "contracts/letter_of_credit/open_credit.h"

#include <utility>

#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/letter_of_credit/transitions.h"

namespace usance::letter_of_credit::v1 {

using contract::Actor;
using contract::Bytes;
using contract::Context;
using contract::fail;

namespace {

std::string work_scope(std::string_view organisation) {
  return "@work/" + std::string(organisation);
}

std::string task_key(Task task, std::string_view credit, std::uint32_t number) {
  return contract::decimal(std::int64_t{static_cast<std::int32_t>(task)}) + "/" +
         std::string(credit) + "/" + contract::decimal(std::uint64_t{number});
}

}  // namespace

OpenCredit::OpenCredit(Context& context, std::string_view credit_name)
    : ctx(context), name(credit_name) {
  const auto unknown = [&] { return errors::unknown_credit(name); };
  credit = contract::Record<Credit>(ctx, name).get(unknown);
  TermsRecord record = contract::Record<TermsRecord>(ctx, name).get(unknown);
  terms = std::move(record.terms);
  funding = record.funding;
}

OpenCredit::OpenCredit(Context& context, std::string issuing_bank, const Terms& stated)
    : ctx(context), name(issuing_bank + "/" + stated.number), terms(stated) {
  credit.issuing_bank = std::move(issuing_bank);
  credit.number = stated.number;
}

contract::Money OpenCredit::amount(std::int64_t minor_units) const {
  contract::Money money;
  money.currency = terms.amount.currency;
  money.minor_units = minor_units;
  return money;
}

void OpenCredit::move(Action action) {
  const auto to = next(credit.state, action);
  if (!to) {
    fail(errors::wrong_state(name, credit.state, action, allowed_credit_states(action)));
  }
  credit.state = *to;
}

void OpenCredit::move(Presentation& presentation, Action action) {
  if (!carries_presentations(credit.state, action)) {
    fail(errors::wrong_state(name, credit.state, action,
                             allowed_credit_states(Action::kHoldPayment)));
  }
  const auto to = next(presentation.state, action);
  if (!to) {
    const std::string object =
        "presentation " + contract::decimal(std::uint64_t{presentation.number}) + " of " + name;
    fail(errors::wrong_state(object, presentation.state, action,
                             allowed_presentation_states(action)));
  }
  set_state(presentation, *to);
}

void OpenCredit::set_state(Presentation& presentation, PresentationState state) {
  if (is_open(presentation)) --credit.open_presentations;
  presentation.state = state;
  if (is_open(presentation)) ++credit.open_presentations;
}

void OpenCredit::set_claim(Presentation& presentation, bool claimed, std::int64_t reimbursed) {
  if (is_open(presentation)) --credit.open_presentations;
  presentation.reimbursement_claimed = claimed;
  presentation.reimbursed = reimbursed;
  if (is_open(presentation)) ++credit.open_presentations;
}

void OpenCredit::move(Amendment& amendment, Action action) const {
  const auto to = next(amendment.state, action);
  if (!to) {
    const std::string object =
        "amendment " + contract::decimal(std::uint64_t{amendment.number}) + " of " + name;
    fail(errors::wrong_state(object, amendment.state, action, allowed_amendment_states(action)));
  }
  amendment.state = *to;
}

const std::string& OpenCredit::organisation_of(PartyRole party) const {
  switch (party) {
    case PartyRole::kIssuingBank: return credit.issuing_bank;
    case PartyRole::kAdvisingBank: return terms.advising_bank.organisation;
    case PartyRole::kBeneficiary: return terms.beneficiary.organisation;
    case PartyRole::kApplicant: return terms.applicant.organisation;
    case PartyRole::kNominatedBank: return terms.available_with.organisation;
    case PartyRole::kConfirmingBank: return credit.confirming_bank;
    case PartyRole::kReimbursingBank: return terms.reimbursing_bank.organisation;
    case PartyRole::kTransferringBank:  // the bank with which it is available (Art. 38(b))
      return terms.available_with.organisation.empty() ? credit.issuing_bank
                                                       : terms.available_with.organisation;
    default: return nobody_;
  }
}

PartyRole OpenCredit::examiner_role(std::string_view bank) const {
  if (bank == credit.issuing_bank) return PartyRole::kIssuingBank;
  return bank == credit.confirming_bank ? PartyRole::kConfirmingBank : PartyRole::kNominatedBank;
}

const Terms& OpenCredit::terms_for(const Presentation& presentation) {
  if (presentation.transfer != 0 && !presentation.substituted) {
    if (!transferred_ || transferred_->number != presentation.transfer) {
      transferred_ = transfer(presentation.transfer);
    }
    return transferred_->terms;
  }
  if (!credit.confirmed_apart || presentation.examined_as != PartyRole::kConfirmingBank)
    return terms;
  if (!confirmed_) {
    confirmed_ = contract::Record<ConfirmedTerms>(ctx, name)
                     .get([&] { return errors::unknown_credit(name); })
                     .terms;
  }
  return *confirmed_;
}

void OpenCredit::put_confirmed(Terms confirmed) {
  ConfirmedTerms record;
  record.terms = std::move(confirmed);
  contract::Record<ConfirmedTerms>(ctx, name).put(record);
  credit.confirmed_apart = true;
  confirmed_ = std::move(record.terms);
}

PartyRole OpenCredit::role() const {
  if (ctx.invocation() == contract::Invocation::kTimer) return PartyRole::kLedgerTimer;
  if (acting_ != PartyRole::kPartyRoleNone) return acting_;
  constexpr PartyRole kRoles[] = {PartyRole::kIssuingBank,    PartyRole::kConfirmingBank,
                                  PartyRole::kAdvisingBank,   PartyRole::kNominatedBank,
                                  PartyRole::kBeneficiary,    PartyRole::kApplicant,
                                  PartyRole::kReimbursingBank};
  for (const PartyRole party : kRoles) {
    if (ctx.organisation() == organisation_of(party)) return party;
  }
  return PartyRole::kOtherMember;
}

void OpenCredit::require_role(PartyRole expected, Action action) {
  if (ctx.organisation() != organisation_of(expected)) {
    std::string named(to_text(expected));
    if (!organisation_of(expected).empty()) named += " " + organisation_of(expected);
    fail(errors::wrong_party(action, named, ctx.organisation()));
  }
  acting_ = expected;
}

void OpenCredit::require_examiner(const Presentation& presentation, Action action) {
  if (ctx.organisation() != presentation.examining_bank) {
    fail(errors::wrong_party(action, presentation.examining_bank + ", the examining bank",
                             ctx.organisation()));
  }
  acting_ = presentation.examined_as;
}

const PaymentHold* hold_of(const Credit& credit, std::string_view bank) {
  for (const PaymentHold& hold : credit.payment_holds) {
    if (hold.bank == bank) return &hold;
  }
  return nullptr;
}
const PaymentHold* OpenCredit::hold_of(std::string_view bank) const {
  return v1::hold_of(credit, bank);
}

void OpenCredit::require_no_hold(std::string_view bank) const {
  if (const PaymentHold* hold = hold_of(bank)) fail(errors::payment_on_hold(hold->reference));
}

void OpenCredit::require_voice_of_beneficiary(Action action) {
  require_role(
      terms.beneficiary.organisation.empty() ? PartyRole::kAdvisingBank : PartyRole::kBeneficiary,
      action);
}

const std::string& OpenCredit::voice_of(const Transfer& transfer) const {
  const std::string& second = transfer.terms.beneficiary.organisation;
  return second.empty() ? organisation_of(PartyRole::kTransferringBank) : second;
}

void OpenCredit::require_second_person(const Actor& first, Action action) const {
  if (ctx.actor() == first) fail(errors::same_person(first.user, action));
}

Bytes OpenCredit::key(std::uint32_t number) const {
  return contract::ordered_key(number);
}

Presentation OpenCredit::presentation(std::uint32_t number) const {
  return contract::Collection<Presentation>(ctx, name).get(
      key(number), [&] { return errors::unknown_presentation(name, number); });
}

Amendment OpenCredit::amendment(std::uint32_t number) const {
  return contract::Collection<Amendment>(ctx, name).get(
      key(number), [&] { return errors::unknown_amendment(name, number); });
}

Transfer OpenCredit::transfer(std::uint32_t number) const {
  return contract::Collection<Transfer>(ctx, name).get(
      key(number), [&] { return errors::unknown_transfer(name, number); });
}

Assignment OpenCredit::assignment(std::uint32_t number) const {
  return contract::Collection<Assignment>(ctx, name).get(
      key(number), [&] { return errors::unknown_assignment(name, number); });
}

void OpenCredit::put(const Transfer& transfer) const {
  contract::Collection<Transfer>(ctx, name).put(key(transfer.number), transfer);
}

void OpenCredit::put(const Assignment& assignment) const {
  contract::Collection<Assignment>(ctx, name).put(key(assignment.number), assignment);
}

void OpenCredit::put(const Presentation& presentation) const {
  contract::Collection<Presentation>(ctx, name).put(key(presentation.number), presentation);
}

void OpenCredit::put(const Amendment& amendment) const {
  contract::Collection<Amendment>(ctx, name).put(key(amendment.number), amendment);
}

void OpenCredit::put_terms() const {
  TermsRecord record;
  record.terms = terms;
  record.funding = funding;
  contract::Record<TermsRecord>(ctx, name).put(record);
}

namespace {

// The books of a credit that is over are closed when nothing under it is open any more, and not
// asked for before: Close would be refused.
void ask_to_close(const OpenCredit& open) {
  const CreditState state = open.credit.state;
  if (state != CreditState::kExhausted && state != CreditState::kExpired &&
      state != CreditState::kCancelled)
    return;
  if (open.credit.open_presentations == 0) {
    add_task(open.ctx, open.credit.issuing_bank, task_of(open, Task::kCloseBooks));
  } else {
    finish_task(open.ctx, open.credit.issuing_bank, Task::kCloseBooks, open.name, 0);
  }
}

}  // namespace

void OpenCredit::record(Action action, CreditChanged event) {
  ++credit.version;
  event.credit = name;
  event.version = credit.version;
  event.action = action;
  event.by = ctx.actor();
  event.role = role();
  event.state = credit.state;
  event.previous = credit.last_event;
  credit.last_event = ctx.sha256(contract::to_wire(event));
  contract::Record<Credit>(ctx, name).put(credit);
  ask_to_close(*this);
  ctx.emit(event);
}

CreditReply OpenCredit::reply() const {
  CreditReply out;
  out.credit = name;
  out.state = credit.state;
  out.version = credit.version;
  return out;
}

void add_task(Context& ctx, std::string_view organisation, const WorkItem& item) {
  if (organisation.empty()) return;
  contract::Collection<WorkItem>(ctx, work_scope(organisation))
      .put(task_key(item.task, item.credit, item.number), item);
}

void finish_task(Context& ctx, std::string_view organisation, Task task, std::string_view credit,
                 std::uint32_t number) {
  if (organisation.empty()) return;
  contract::Collection<WorkItem>(ctx, work_scope(organisation))
      .erase(task_key(task, credit, number));
}

WorkItem task_of(const OpenCredit& open, Task task, std::uint32_t number) {
  WorkItem item;
  item.task = task;
  item.credit = open.name;
  item.number = number;
  item.place = open.terms.issuing_bank.place;
  return item;
}

Calendar calendar_of(Context& ctx, std::string_view bank, std::string_view place) {
  const std::string scope = "@calendar/" + std::string(bank) + "/" + std::string(place);
  return contract::Record<Calendar>(ctx, scope).get([&] {
    return errors::no_calendar(bank, place);
  });
}

}  // namespace usance::letter_of_credit::v1
