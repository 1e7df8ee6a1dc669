#include "oracle_aggregator/reading.h"

#include "oracle_aggregator/commitments.h"

namespace usance::oracle_aggregator::v1 {
namespace {

// Under appeal, or still open to one.
bool is_pending(const Round& round) {
  return round.final_timer != 0;
}

// The newest round that has an answer: one whose answer was withdrawn passes to the one before.
std::optional<Round> last_answered(Rounds& rounds, const Feed& feed, bool final_only) {
  std::uint64_t number = feed.last_answered_round;
  while (number != 0) {
    Round round = rounds.load(number);
    if (round.answer && !(final_only && is_pending(round))) return round;
    number = round.previous_answer_round;
  }
  return std::nullopt;
}

Eligibility refused(std::uint64_t round, const sdk::Failure& why) {
  return {false, round, std::string(to_text(static_cast<Error>(why.code))), why.detail,
          Step::kWait};
}

Eligibility may(std::uint64_t round, Step step) {
  return {true, round, {}, {}, step};
}

Step first_step(const Rules& rules) {
  return rules.commit_ms != 0 ? Step::kCommit : Step::kReport;
}

}  // namespace

Answer read_answer(sdk::Context& ctx, Feed& feed, std::int64_t max_age_ms, bool final_only) {
  Rounds rounds(ctx, feed);
  Answer out;
  if (feed.halted_by_round != 0) {
    out.disputed = Dispute{feed.halted_by_round, RoundState::kInvalid, 0};
    return out;
  }
  std::uint64_t disputed = feed.disputed_round;
  if (feed.reporting_round != 0 && rounds.load(feed.reporting_round).state == RoundState::kDisputed)
    disputed = feed.reporting_round;
  const std::optional<Round> round = last_answered(rounds, feed, final_only);
  if (disputed > (round ? round->round : 0)) {
    out.disputed = Dispute{disputed, rounds.load(disputed).state, 0};
    return out;
  }
  if (round && round->state == RoundState::kAppealed) {
    out.disputed = Dispute{round->round, round->state, round->appeal->decided_by_ms};
    return out;
  }
  if (!round) {
    out.no_data = NoData{feed.reporting_round};
    return out;
  }
  const std::int64_t age_ms = ctx.now_ms() - round->answered_ms;
  Reading reading{*round->answer,
                  feed.decimals,
                  feed.unit,
                  round->round,
                  round->answered_ms,
                  age_ms,
                  static_cast<std::uint32_t>(round->submissions.size()),
                  round->accepted,
                  is_pending(*round) ? round->answered_ms + round->rules.appeal_ms : 0,
                  round->configuration,
                  !round->testimonies.empty()};
  (age_ms <= max_age_ms ? out.fresh : out.stale) = std::move(reading);
  return out;
}

Eligibility eligibility(sdk::Context& ctx, Feed& feed, const std::string& name) {
  Rounds rounds(ctx, feed);
  const std::optional<Oracle> oracle = find_oracle(ctx, feed.feed, name);
  const std::uint64_t newest = feed.reporting_round;
  if (newest != 0) {
    const Round round = rounds.load(newest);
    if (open_commitment(round, name) != nullptr && !Rounds::reveal_obstacle(round)) {
      const std::optional<sdk::Failure> early = reveal_too_early(ctx, feed, round);
      return early ? refused(newest, *early) : may(newest, Step::kReveal);
    }
    std::optional<sdk::Failure> why = rounds.obstacle(oracle, name, newest);
    if (!why && round.rules.commit_ms != 0) why = commit_too_late(ctx, round);
    if (!why) return may(newest, first_step(round.rules));
    if (round.state == RoundState::kOpen) return refused(newest, *why);
  }
  if (const auto why = rounds.obstacle(oracle, name, newest + 1)) return refused(newest + 1, *why);
  if (const auto why = rounds.opening_obstacle()) return refused(newest + 1, *why);
  return may(newest + 1, first_step(feed.rules));
}

}  // namespace usance::oracle_aggregator::v1
