// The methods of the conditional payment undertaking.
#include "payment_undertaking/ending.h"
#include "payment_undertaking/issuing.h"
#include "payment_undertaking/releasing.h"

namespace usance::payment_undertaking::v1 {
namespace {

using oracle_aggregator::v1::OnAnswerReply;
using oracle_aggregator::v1::OnAnswerRequest;
using sdk::Context;
using sdk::Empty;

// What binds an organisation, its users do themselves: not a contract that they call for something
// else.
void require_direct(Context& ctx) {
  if (!ctx.calling_contract().empty()) sdk::fail(errors::not_for_contracts(ctx.calling_contract()));
}

class PaymentUndertakingContract final : public PaymentUndertaking {
 public:
  UndertakingReply draft(Context& ctx, const DraftRequest& request) override {
    require_direct(ctx);
    return v1::draft(ctx, request.terms);
  }

  UndertakingReply withdraw(Context& ctx, const UndertakingRequest& request) override {
    require_direct(ctx);
    return v1::withdraw(ctx, request.undertaking);
  }

  UndertakingReply issue(Context& ctx, const IssueRequest& request) override {
    require_direct(ctx);
    return v1::issue(ctx, request);
  }

  UndertakingReply attest(Context& ctx, const AttestRequest& request) override {
    require_direct(ctx);
    OpenUndertaking open(ctx, request.undertaking);
    v1::attest(open, request);
    return open.reply();
  }

  UndertakingReply check_condition(Context& ctx, const UndertakingRequest& request) override {
    OpenUndertaking open(ctx, request.undertaking);
    open.require(State::kIssued, "checked");
    if (!open.record.terms.oracle) sdk::fail(errors::condition_not_met("there is no oracle"));
    const auto answer = ask_now(open);
    const std::string why =
        answer ? shortfall(open.record.terms, answer.response) : reason_of(answer);
    if (!why.empty()) sdk::fail(errors::condition_not_met(why));
    release_for(open, answer.response);
    stop_asking(open);
    return open.reply();
  }

  UndertakingReply pay_again(Context& ctx, const UndertakingRequest& request) override {
    OpenUndertaking open(ctx, request.undertaking);
    open.require(State::kPayable, "paid");
    if (!try_to_pay(open)) sdk::fail(errors::still_refused(open.record.payment_failure));
    return open.reply();
  }

  UndertakingReply agree_to_cancel(Context& ctx, const UndertakingRequest& request) override {
    require_direct(ctx);
    OpenUndertaking open(ctx, request.undertaking);
    v1::agree_to_cancel(open);
    return open.reply();
  }

  UndertakingReply cancel(Context& ctx, const UndertakingRequest& request) override {
    require_direct(ctx);
    OpenUndertaking open(ctx, request.undertaking);
    v1::cancel(open);
    stop_asking(open);
    return open.reply();
  }

  OnAnswerReply on_answer(Context& ctx, const OnAnswerRequest& request) override {
    OpenUndertaking open(ctx, request.reference);
    const auto& oracle = open.record.terms.oracle;
    if (!oracle || ctx.calling_contract() != oracle->contract || request.feed != oracle->feed)
      sdk::fail(
          errors::not_the_oracle(oracle ? oracle->contract : "nobody", ctx.calling_contract()));
    if (open.record.state != State::kIssued) return {true};
    if (!shortfall(open.record.terms, request.answer).empty()) return {false};
    release_for(open, request.answer);
    return {true};
  }

  Empty on_refund_date(Context& ctx, const UndertakingRequest& request) override {
    OpenUndertaking open(ctx, request.undertaking);
    if (open.record.state != State::kIssued) return {};
    open.record.refund_timer = 0;
    // An answer of the last moment may not have been delivered yet.
    if (open.record.terms.oracle) {
      const auto answer = ask_now(open);
      if (answer && shortfall(open.record.terms, answer.response).empty())
        release_for(open, answer.response);
    }
    if (open.record.state == State::kIssued) refund(open);
    stop_asking(open);
    return {};
  }

  Empty on_pay_again(Context& ctx, const UndertakingRequest& request) override {
    OpenUndertaking open(ctx, request.undertaking);
    v1::pay_again(open);
    return {};
  }

  Undertaking get_undertaking(Context& ctx, const UndertakingRequest& request) override {
    return OpenUndertaking(ctx, request.undertaking).record;
  }
};

}  // namespace

void invoke(Context& ctx) {
  PaymentUndertakingContract contract;
  dispatch(ctx, contract);
}

}  // namespace usance::payment_undertaking::v1
