#include "payment_undertaking/issuing.h"

#include "contracts/sdk/money.h"
#include "deposit/deposit.usance.h"
#include "oracle_aggregator/oracle_aggregator.usance.h"
#include "payment_undertaking/terms_check.h"

namespace usance::payment_undertaking::v1 {
namespace {

namespace oracle = oracle_aggregator::v1;

void hold_money(OpenUndertaking& open) {
  const Terms& terms = open.record.terms;
  deposit::v1::DepositClient deposits(open.ctx, kDepositContract);
  // An account that does not exist could never be paid.
  const auto to = deposits.get_account({terms.to});
  if (!to) sdk::fail(errors::bad_term("to", reason_of(to)));
  if (to.response.available.currency != terms.amount.currency)
    sdk::fail(errors::bad_term("to", "in another currency"));
  const auto held = deposits.hold({terms.account, open.name, terms.amount});
  if (!held) sdk::fail(errors::not_held(terms.amount, terms.account, reason_of(held)));
}

// Returns how long after an answer it may still be appealed against.
std::int64_t ask_feed(OpenUndertaking& open) {
  const OracleCondition& condition = *open.record.terms.oracle;
  const auto asked = oracle::OracleAggregatorClient(open.ctx, condition.contract)
                         .subscribe({condition.feed,
                                     open.name,
                                     condition.max_age_ms,
                                     true,
                                     {open.record.obligor, open.record.terms.beneficiary}});
  if (!asked) sdk::fail(errors::feed_refused(condition.feed, reason_of(asked)));
  if (asked.response.unit != condition.unit || asked.response.decimals != condition.decimals)
    sdk::fail(errors::feed_differs(condition.feed, asked.response.unit, asked.response.decimals));
  return asked.response.appeal_ms;
}

}  // namespace

UndertakingReply draft(sdk::Context& ctx, const Terms& terms) {
  check_terms(ctx, ctx.organisation(), terms);
  Undertaking fresh;
  fresh.obligor = ctx.organisation();
  fresh.terms = terms;
  OpenUndertaking open(ctx, std::move(fresh));
  if (const auto known = sdk::Record<Undertaking>(ctx, open.name).find()) {
    if (known->state != State::kDraft) sdk::fail(errors::reference_used(open.name, known->state));
    open.record = *known;
    open.record.terms = terms;
  }
  open.record.state = State::kDraft;
  open.record.drafted_by = ctx.actor();
  ++open.record.draft_version;
  open.record.terms_hash = ctx.sha256(sdk::to_wire(terms));
  open.changed(Action::kDrafted);
  return open.reply();
}

UndertakingReply withdraw(sdk::Context& ctx, const std::string& name) {
  OpenUndertaking open(ctx, name);
  open.require_obligor();
  open.require(State::kDraft, "withdrawn");
  open.record.state = State::kWithdrawn;
  open.changed(Action::kDraftWithdrawn);
  return open.reply();
}

UndertakingReply issue(sdk::Context& ctx, const IssueRequest& request) {
  OpenUndertaking open(ctx, request.undertaking);
  open.require_obligor();
  open.require(State::kDraft, "issued");
  Undertaking& record = open.record;
  if (record.draft_version != request.draft_version)
    sdk::fail(errors::draft_changed(record.draft_version, request.draft_version));
  if (record.drafted_by.user == ctx.user()) sdk::fail(errors::same_person(ctx.user()));
  check_terms(ctx, record.obligor, record.terms);
  hold_money(open);
  // An answer in time may be appealed against, and then the arbiters have as long again.
  record.refund_ms = record.terms.date_ms;
  if (record.terms.oracle) record.refund_ms += 2 * ask_feed(open);
  // One millisecond later, so that an answer that is final at that very instant comes first.
  record.refund_timer = ctx.schedule<method::OnRefundDate>(record.refund_ms + 1, {open.name}).value;
  record.state = State::kIssued;
  open.changed(Action::kUndertaken);
  return open.reply();
}

}  // namespace usance::payment_undertaking::v1
