#include "payment_undertaking/ending.h"

#include <utility>

#include "deposit/deposit.usance.h"
#include "oracle_aggregator/oracle_aggregator.usance.h"

namespace usance::payment_undertaking::v1 {
namespace {

constexpr std::int64_t kPayAgainMs = 3'600'000;

void stop_timer(OpenUndertaking& open, std::int64_t& timer) {
  if (timer != 0) open.ctx.cancel(sdk::TimerId{timer});
  timer = 0;
}

void give_back(OpenUndertaking& open) {
  deposit::v1::ReleaseRequest request;
  request.account = open.record.terms.account;
  request.hold = open.name;
  sdk::require(deposit::v1::DepositClient(open.ctx, kDepositContract).release(request));
  stop_timer(open, open.record.refund_timer);
}

}  // namespace

void become_payable(OpenUndertaking& open, Reason reason) {
  Undertaking& record = open.record;
  record.state = State::kPayable;
  const std::string detail =
      reason.round == 0 ? "attested"
                        : "round " + sdk::decimal(reason.round) + ": " + sdk::decimal(reason.value);
  record.reason = reason;
  stop_timer(open, record.refund_timer);
  open.changed(Action::kConditionMet, detail);
  if (try_to_pay(open)) return;
  record.payment_timer =
      open.ctx.schedule<method::OnPayAgain>(open.ctx.now_ms() + kPayAgainMs, {open.name}).value;
  open.changed(Action::kPaymentRefused, record.payment_failure);
}

bool try_to_pay(OpenUndertaking& open) {
  Undertaking& record = open.record;
  const Terms& terms = record.terms;
  const auto paid = deposit::v1::DepositClient(open.ctx, kDepositContract)
                        .pay({terms.account, open.name, terms.to, terms.amount, open.name});
  if (!paid) {
    record.payment_failure = reason_of(paid);
    return false;
  }
  record.payment_failure.clear();
  record.state = State::kPaid;
  stop_timer(open, record.payment_timer);
  open.changed(Action::kPaymentMade, terms.to);
  return true;
}

void pay_again(OpenUndertaking& open) {
  open.record.payment_timer = 0;
  if (open.record.state != State::kPayable || try_to_pay(open)) return;
  open.record.payment_timer =
      open.ctx.schedule<method::OnPayAgain>(open.ctx.now_ms() + kPayAgainMs, {open.name}).value;
  sdk::Record<Undertaking>(open.ctx, open.name).put(open.record);
}

void refund(OpenUndertaking& open) {
  give_back(open);
  open.record.state = State::kRefunded;
  open.changed(Action::kMoneyRefunded);
}

void agree_to_cancel(OpenUndertaking& open) {
  open.require_beneficiary();
  open.require(State::kIssued, "cancelled");
  open.record.cancellation_agreed = true;
  open.changed(Action::kCancellationAgreed);
}

void cancel(OpenUndertaking& open) {
  open.require_obligor();
  open.require(State::kIssued, "cancelled");
  if (!open.record.cancellation_agreed)
    sdk::fail(errors::cancellation_not_agreed(open.record.terms.beneficiary));
  give_back(open);
  open.record.state = State::kCancelled;
  open.changed(Action::kUndertakingCancelled);
}

void stop_asking(OpenUndertaking& open) {
  if (!open.record.terms.oracle) return;
  const OracleCondition& condition = *open.record.terms.oracle;
  // Whatever it comes to: a feed that is out of order cannot keep the money from going its way.
  const auto stopped = oracle_aggregator::v1::OracleAggregatorClient(open.ctx, condition.contract)
                           .unsubscribe({condition.feed, open.name});
  static_cast<void>(stopped);
}

}  // namespace usance::payment_undertaking::v1
