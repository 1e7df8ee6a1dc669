#include "oracle_aggregator/appeals.h"

#include "oracle_aggregator/reputation.h"
#include "oracle_aggregator/waking.h"

namespace usance::oracle_aggregator::v1 {
namespace {

void require_may_appeal(sdk::Context& ctx, const Feed& feed) {
  const std::string& caller = ctx.organisation();
  if (caller == feed.administrator || find_oracle(ctx, feed.feed, caller) ||
      is_party(ctx, feed, caller))
    return;
  sdk::fail(errors::may_not_appeal(caller, feed.feed));
}

void make_final(sdk::Context& ctx, const Feed& feed, Round& round) {
  stop_final_timer(ctx, round);
  round.state = RoundState::kAnswered;
  round.final = true;
  ctx.emit(AnswerFinal{feed.feed, round.round, *round.answer});
  wake(ctx, feed, true);
}

void require_arbiter(sdk::Context& ctx, const Round& round) {
  if (!contains(round.rules.arbiters, ctx.organisation()))
    sdk::fail(errors::not_arbiter(ctx.organisation(), round.round));
}

void overturn(sdk::Context& ctx, Feed& feed, Round& round) {
  stop_final_timer(ctx, round);
  count_dispute(ctx, feed, round);
  round.state = RoundState::kOverturned;
  round.answer.reset();
  round.accepted = 0;
  if (feed.last_answered_round == round.round)
    feed.last_answered_round = round.previous_answer_round;
  feed.disputed_round = std::max(feed.disputed_round, round.round);
  ctx.emit(AnswerOverturned{feed.feed, round.round});
  wake(ctx, feed, false);
}

}  // namespace

void appeal(sdk::Context& ctx, Feed& feed, const AppealRequest& request) {
  require_may_appeal(ctx, feed);
  Rounds rounds(ctx, feed);
  Round round = rounds.load(request.round);
  if (!round.answer) sdk::fail(errors::not_appealable(round.round, "it has none"));
  if (round.appeal) sdk::fail(errors::not_appealable(round.round, "somebody has appealed"));
  if (round.final_timer == 0 || ctx.now_ms() >= round.answered_ms + round.rules.appeal_ms)
    sdk::fail(errors::not_appealable(round.round, "the time for it is over"));
  stop_final_timer(ctx, round);
  AppealRecord record;
  record.by = ctx.actor();
  record.reason = request.reason;
  record.decided_by_ms = ctx.now_ms() + round.rules.appeal_ms;
  round.final_timer =
      ctx.schedule<method::Finalise>(record.decided_by_ms, {feed.feed, round.round}, kSettleGas)
          .value;
  round.state = RoundState::kAppealed;
  ctx.emit(AnswerAppealed{feed.feed, round.round, record.reason, record.decided_by_ms, record.by});
  round.appeal = std::move(record);
  rounds.store(round);
  wake(ctx, feed, false);
}

void decide_appeal(sdk::Context& ctx, Feed& feed, const DecideAppealRequest& request) {
  Rounds rounds(ctx, feed);
  Round round = rounds.load(request.round);
  const std::string& caller = ctx.organisation();
  if (round.state != RoundState::kAppealed) sdk::fail(errors::no_appeal(round.round));
  require_arbiter(ctx, round);
  std::vector<Ballot>& ballots = round.appeal->ballots;
  std::uint32_t same = 1;
  for (const Ballot& ballot : ballots) {
    if (ballot.arbiter == caller) sdk::fail(errors::already_voted(caller, round.round));
    if (ballot.answer_stands == request.answer_stands) ++same;
  }
  ballots.push_back({caller, request.answer_stands});
  ctx.emit(AppealBallot{feed.feed, round.round, request.answer_stands, ctx.actor()});
  if (same >= round.rules.arbiters_needed) {
    if (request.answer_stands)
      make_final(ctx, feed, round);
    else
      overturn(ctx, feed, round);
  }
  rounds.store(round);
}

Round testify(sdk::Context& ctx, Feed& feed, const TestifyRequest& request) {
  Rounds rounds(ctx, feed);
  Round round = rounds.load(request.round);
  const std::string& caller = ctx.organisation();
  require_arbiter(ctx, round);
  const bool ended = round.state == RoundState::kTimedOut || round.state == RoundState::kDisputed;
  if (!ended || round.round != feed.reporting_round)
    sdk::fail(errors::not_testifiable(round.round));
  require_in_bounds(round.rules, request.value);
  std::uint32_t same = 1;
  for (const Testimony& testimony : round.testimonies) {
    if (testimony.arbiter == caller) sdk::fail(errors::already_voted(caller, round.round));
    if (testimony.value == request.value) ++same;
  }
  round.testimonies.push_back({caller, request.value});
  ctx.emit(Testified{feed.feed, round.round, request.value, ctx.actor()});
  if (same >= round.rules.arbiters_needed) rounds.answer_by_testimony(round, request.value, same);
  rounds.store(round);
  return round;
}

void finalise(sdk::Context& ctx, Feed& feed, std::uint64_t number) {
  Rounds rounds(ctx, feed);
  Round round = rounds.load(number);
  round.final_timer = 0;
  if (round.answer) make_final(ctx, feed, round);
  rounds.store(round);
}

}  // namespace usance::oracle_aggregator::v1
