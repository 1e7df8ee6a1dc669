#include "contracts/letter_of_credit/settlement.h"

#include <algorithm>

#include "contracts/letter_of_credit/amounts.h"
#include "contracts/letter_of_credit/calendar.h"
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

std::string own_account(const OpenCredit& open) {
  return account(open.credit.issuing_bank, open.credit.issuing_bank, open);
}

// A beneficiary that is no member is paid through its bank's own account.
std::string beneficiary_account(const OpenCredit& open) {
  const std::string& holder = open.terms.beneficiary.organisation.empty()
                                  ? open.terms.beneficiary_bank
                                  : open.terms.beneficiary.organisation;
  return account(open.terms.beneficiary_bank, holder, open);
}

template <class Response>
std::string reason_of(const contract::CallResult<Response>& result) {
  return result.detail.empty() ? "status " + contract::decimal(std::int64_t{result.status})
                               : result.detail;
}

contract::CallResult<contract::Empty> pay_from(OpenCredit& open, const std::string& from,
                                               const std::string& hold, std::int64_t amount) {
  deposit::v1::PayRequest request;
  request.account = from;
  request.hold = hold;
  request.to = beneficiary_account(open);
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

// Holds and pays at once; what is held and cannot be paid is given back.
contract::CallResult<contract::Empty> debit(OpenCredit& open, const std::string& from,
                                            const std::string& hold, std::int64_t amount) {
  auto held = hold_on(open, from, hold, amount);
  if (!held) return held;
  auto paid = pay_from(open, from, hold, amount);
  if (!paid) {
    deposit::v1::ReleaseRequest back;
    back.account = from;
    back.hold = hold;
    contract::require(deposit::v1::DepositClient(open.ctx, kDepositContract).release(back));
  }
  return paid;
}

}  // namespace

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

void pay_beneficiary(OpenCredit& open, std::uint32_t presentation, std::int64_t amount) {
  const std::int64_t from_margin = std::min(amount, open.credit.margin_held);
  if (from_margin > 0) {
    const auto paid = pay_from(open, applicant_account(open), open.name, from_margin);
    if (!paid) {
      fail(errors::cannot_pay(open.amount(from_margin), applicant_account(open), reason_of(paid)));
    }
    open.credit.margin_held -= from_margin;
  }
  const std::int64_t rest = amount - from_margin;
  if (rest == 0) return;
  const std::string hold = open.name + "#" + contract::decimal(std::uint64_t{presentation});
  if (!open.terms.applicant.organisation.empty() &&
      debit(open, applicant_account(open), hold, rest)) {
    return;
  }
  const auto paid = debit(open, own_account(open), hold, rest);
  if (!paid) fail(errors::cannot_pay(open.amount(rest), own_account(open), reason_of(paid)));
}

std::int64_t expiry_instant(const Terms& terms, const Calendar& calendar) {
  return close_of_business(calendar, extended_if_closed(calendar, terms.expiry_date));
}

void schedule_expiry(OpenCredit& open) {
  cancel_expiry(open);
  const Calendar calendar =
      calendar_of(open.ctx, open.credit.issuing_bank, open.terms.expiry_place);
  open.credit.expires_at = expiry_instant(open.terms, calendar);
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
