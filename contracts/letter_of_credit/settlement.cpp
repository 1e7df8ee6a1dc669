#include "contracts/letter_of_credit/settlement.h"

#include <algorithm>
#include <utility>

#include "contracts/letter_of_credit/amounts.h"
#include "contracts/letter_of_credit/bounds.h"
#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/findings.h"
#include "contracts/sdk/money.h"
#include "deposit/deposit.usance.h"

namespace usance::letter_of_credit::v1 {
namespace {

using contract::fail;

std::string account(const std::string& bank, const std::string& holder, const OpenCredit& open) {
  return bank + "/" + holder + "/" + open.terms.amount.currency;
}

std::string applicant_account(const OpenCredit& open) {
  return account(open.credit.issuing_bank, open.terms.applicant.organisation, open);
}

contract::CallResult<contract::Empty> pay_from(OpenCredit& open, const std::string& from,
                                               const std::string& hold, const std::string& to,
                                               std::int64_t amount) {
  deposit::v1::PayRequest request;
  request.account = from;
  request.hold = hold;
  request.to = to;
  request.amount = open.amount(amount);
  request.reference = open.name;
  return deposit::v1::DepositClient(open.ctx, kDepositContract).pay(request);
}

contract::CallResult<contract::Empty> hold_on(OpenCredit& open, const std::string& on,
                                              const std::string& hold, std::int64_t amount) {
  deposit::v1::HoldRequest request;
  request.account = on;
  request.hold = hold;
  request.amount = open.amount(amount);
  return deposit::v1::DepositClient(open.ctx, kDepositContract).hold(request);
}

// Holds and pays at once; what is held and cannot be paid is given back. `covered`: the payer had
// the money, so that what went wrong is the payee's.
contract::CallResult<contract::Empty> debit(OpenCredit& open, const std::string& from,
                                            const std::string& hold, const std::string& to,
                                            std::int64_t amount, bool& covered) {
  auto held = hold_on(open, from, hold, amount);
  covered = static_cast<bool>(held);
  if (!covered) return held;
  auto paid = pay_from(open, from, hold, to, amount);
  if (!paid) {
    deposit::v1::ReleaseRequest back;
    back.account = from;
    back.hold = hold;
    contract::require(deposit::v1::DepositClient(open.ctx, kDepositContract).release(back));
  }
  return paid;
}

std::string hold_name(const OpenCredit& open, std::uint32_t presentation) {
  return open.name + "#" + contract::decimal(std::uint64_t{presentation});
}

contract::Failure cannot_pay(const OpenCredit& open, std::int64_t amount, const std::string& from,
                             const contract::CallResult<contract::Empty>& result) {
  return errors::cannot_pay(open.amount(amount), from, reason_of(result));
}

// A beneficiary that is no member is paid through its bank's own account.
const std::string& holder_of(const Terms& terms) {
  return terms.beneficiary.organisation.empty() ? terms.beneficiary_bank
                                                : terms.beneficiary.organisation;
}

std::string beneficiary_account(const OpenCredit& open) {
  return account(open.terms.beneficiary_bank, holder_of(open.terms), open);
}

// Pays an amount (positive) of this bank to an account. `presentation` names the hold.
Paid pay(OpenCredit& open, const std::string& bank, std::uint32_t presentation,
         const std::string& to, std::int64_t amount) {
  Paid out;
  const std::string own = own_account(open, bank);
  if (to == own) {  // the bank credits a client that is no member in its own books
    out.amount = amount;
    return out;
  }
  const bool issuing = bank == open.credit.issuing_bank;
  const std::int64_t from_margin = issuing ? std::min(amount, open.credit.margin_held) : 0;
  if (from_margin > 0) {
    const auto paid = pay_from(open, applicant_account(open), open.name, to, from_margin);
    if (!paid) {
      out.problem = cannot_pay(open, from_margin, applicant_account(open), paid);
      return out;
    }
    open.credit.margin_held -= from_margin;
    out.amount = from_margin;
  }
  const std::int64_t rest = amount - from_margin;
  if (rest == 0) return out;
  const std::string hold = hold_name(open, presentation);
  const bool client = issuing && !open.terms.applicant.organisation.empty() &&
                      open.ctx.invocation() != contract::Invocation::kTimer;
  bool covered = false;
  const auto debit_from = [&](const std::string& from) {
    const auto paid = debit(open, from, hold, to, rest, covered);
    if (paid) {
      out.amount = amount;
      out.problem.reset();
    } else {
      out.problem = cannot_pay(open, rest, from, paid);
    }
  };
  if (client) debit_from(applicant_account(open));
  if (!covered) debit_from(own);
  out.payer_short = !covered;
  return out;
}

}  // namespace

std::string own_account(const OpenCredit& open, std::string_view bank) {
  return account(std::string(bank), std::string(bank), open);
}

void hold_margin(OpenCredit& open, std::int64_t ceiling) {
  const auto needed = share_ceil(ceiling - open.credit.honoured, open.funding.margin);
  if (!needed) fail(errors::bad_term("amount", "its margin does not fit"));
  if (*needed <= open.credit.margin_held) return;
  const std::string on = applicant_account(open);
  // One hold per credit: the old one goes back and the larger one takes its place, or neither.
  if (!release_margin_down_to(open, 0)) {
    fail(errors::margin_not_covered(open.amount(*needed), on, "the held margin is not released"));
  }
  const auto held = hold_on(open, on, open.name, *needed);
  if (!held) fail(errors::margin_not_covered(open.amount(*needed), on, reason_of(held)));
  open.credit.margin_held = *needed;
}

bool release_margin_down_to(OpenCredit& open, std::int64_t keep) {
  const std::int64_t excess = open.credit.margin_held - keep;
  if (excess <= 0) return true;
  deposit::v1::ReleaseRequest request;
  request.account = applicant_account(open);
  request.hold = open.name;
  request.amount = open.amount(excess);
  if (!deposit::v1::DepositClient(open.ctx, kDepositContract).release(request)) return false;
  open.credit.margin_held = keep;
  return true;
}

std::vector<PaymentLeg> legs_of(const OpenCredit& open, const Presentation& presentation,
                                std::int64_t amount) {
  if (amount == 0) return {};
  if (!presentation.claimant.empty()) {
    return {{own_account(open, presentation.claimant), amount, 0}};
  }
  std::vector<PaymentLeg> legs;
  std::int64_t rest = amount;
  const auto add = [&](std::string to, std::int64_t part) {
    rest -= part;
    if (part != 0) legs.push_back({std::move(to), part, 0});
  };
  if (presentation.transfer != 0) {
    // Of a part of the drawing the second beneficiary gets the same part of its claim.
    const Terms terms = open.transfer(presentation.transfer).terms;
    const auto part =
        static_cast<__int128>(amount) * presentation.second_part / presentation.claimed.minor_units;
    add(account(terms.beneficiary_bank, holder_of(terms), open), static_cast<std::int64_t>(part));
  }
  // Assignments take their shares of what is the first beneficiary's.
  const std::int64_t proceeds = rest;
  for (std::uint32_t number = 1; number <= open.credit.assignments; ++number) {
    const Assignment assignment = open.assignment(number);
    const bool counts = assignment.bank == presentation.examining_bank &&
                        assignment.acknowledged_by != contract::Actor{};
    if (!counts) continue;
    add(account(assignment.assignee_bank, assignment.assignee, open),
        share_floor(proceeds, assignment.share).value_or(0));
  }
  add(beneficiary_account(open), rest);
  return legs;
}

Paid pay_legs(OpenCredit& open, const Presentation& presentation, std::vector<PaymentLeg>& legs) {
  Paid all;
  for (PaymentLeg& leg : legs) {
    if (leg.paid == leg.amount) continue;
    Paid paid = pay(open, presentation.examining_bank, presentation.number, leg.account,
                    leg.amount - leg.paid);
    leg.paid += paid.amount;
    all.amount += paid.amount;
    all.payer_short = all.payer_short || paid.payer_short;
    // One payee without an account does not keep the others from their money.
    if (paid.problem && !all.problem) all.problem = std::move(paid.problem);
  }
  return all;
}

std::int64_t pay_at_once(OpenCredit& open, Presentation& presentation, std::int64_t amount) {
  std::vector<PaymentLeg> legs = legs_of(open, presentation, amount);
  const Paid paid = pay_legs(open, presentation, legs);
  if (!paid.problem) return paid.amount;
  if (paid.payer_short || paid.amount == 0) fail(*paid.problem);
  std::erase_if(legs, [](const PaymentLeg& leg) { return leg.paid == leg.amount; });
  const Calendar calendar =
      calendar_of(open.ctx, presentation.examining_bank, presentation.examining_place);
  Undertaking rest;
  rest.amount = amount - paid.amount;
  rest.maturity = local_date(calendar, open.ctx.now_ms());
  rest.due = open.ctx.now_ms();
  rest.legs = std::move(legs);
  rest.unpaid_because = clipped(paid.problem->detail, kMaxReason);
  presentation.undertakings.push_back(std::move(rest));
  return paid.amount;
}

void pay_directly(OpenCredit& open, std::uint32_t presentation, const std::string& from,
                  const std::string& to, std::int64_t amount) {
  bool covered = false;
  const auto paid = debit(open, from, hold_name(open, presentation), to, amount, covered);
  if (!paid) fail(cannot_pay(open, amount, from, paid));
}

std::int64_t expiry_instant(contract::Context& ctx, const Terms& terms) {
  const auto close_at = [&](const std::string& bank, const std::string& place) {
    const Calendar calendar = calendar_of(ctx, bank, place);
    return close_of_business(calendar, extended_if_closed(calendar, terms.expiry_date));
  };
  const std::int64_t at_issuer =
      close_at(terms.issuing_bank.organisation, terms.issuing_bank.place);
  const std::string& nominated = terms.available_with.organisation;
  if (nominated.empty() || nominated == terms.issuing_bank.organisation) return at_issuer;
  return std::max(at_issuer, close_at(nominated, terms.available_with.place));
}

void schedule_expiry(OpenCredit& open) {
  cancel_expiry(open);
  open.credit.expires_at = expiry_instant(open.ctx, open.terms);
  CreditRequest request;
  request.credit = open.name;
  open.credit.expiry_timer =
      open.ctx.schedule<method::OnExpiry>(open.credit.expires_at, request).value;
}

void cancel_expiry(OpenCredit& open) {
  if (open.credit.expiry_timer == 0) return;
  open.ctx.cancel(contract::TimerId{open.credit.expiry_timer});
  open.credit.expiry_timer = 0;
}

}  // namespace usance::letter_of_credit::v1
