#include "oracle_aggregator/rounds.h"

#include <algorithm>
#include <utility>

#include "contracts/sdk/instant.h"
#include "oracle_aggregator/aggregate.h"
#include "oracle_aggregator/commitments.h"
#include "oracle_aggregator/funds.h"
#include "oracle_aggregator/reputation.h"
#include "oracle_aggregator/waking.h"

namespace usance::oracle_aggregator::v1 {
namespace {

sdk::Collection<Round> rounds_of(sdk::Context& ctx, const Feed& feed) {
  return {ctx, feed_scope(feed.feed)};
}

std::size_t reports(const Round& round) {
  return round.submissions.size() + round.out_of_range.size();
}

// What the reports come to under the round's method, and how many must agree on it.
struct Outcome {
  Aggregate result;
  std::uint32_t needed = 0;
};
Outcome outcome_of(const std::vector<std::int64_t>& values, const Rules& rules) {
  const auto count = static_cast<std::uint32_t>(values.size());
  switch (rules.method) {
    case Method::kMedian: {
      Aggregate all{median(values), count, std::vector<bool>(count, false)};
      return {std::move(all), rules.min_submissions};
    }
    case Method::kTrimmedMean:
      return {trimmed_mean(values, rules.trim_permille), rules.min_submissions};
    case Method::kCategorical: return {most_frequent(values), (2 * count + 2) / 3};
    case Method::kAttested: return {most_frequent(values), rules.votes_needed};
    default:
      return {aggregate(values, rules.outlier_factor_permille, rules.tolerance),
              rules.min_submissions};
  }
}

bool has_ended(const Round& round) {
  return round.state > RoundState::kAnswered;
}

}  // namespace

void require_in_bounds(const Rules& rules, std::int64_t value) {
  if (value < rules.min_value) sdk::fail(errors::value_below_min(value, rules.min_value));
  if (value > rules.max_value) sdk::fail(errors::value_above_max(value, rules.max_value));
}

void stop_final_timer(sdk::Context& ctx, Round& round) {
  if (round.final_timer == 0) return;
  ctx.cancel(sdk::TimerId{round.final_timer});
  round.final_timer = 0;
}

bool Rounds::is_over(const Round& round) const {
  return ctx_.now_ms() - round.started_ms >= round.rules.timeout_ms ||
         reports(round) >= round.rules.max_submissions;
}

// Decides what an open round came to when nothing more is to be expected of it.
void Rounds::end(Round& round) const {
  if (round.state != RoundState::kOpen || !is_over(round)) return;
  const bool enough = round.submissions.size() >= round.rules.min_submissions;
  round.state = enough ? RoundState::kDisputed : RoundState::kTimedOut;
}

Round Rounds::load(std::uint64_t number) {
  Round round = rounds_of(ctx_, feed_).get(sdk::ordered_key(number), [&] {
    return errors::no_round(feed_.feed, number);
  });
  end(round);
  return round;
}

void Rounds::store(const Round& round) {
  rounds_of(ctx_, feed_).put(sdk::ordered_key(round.round), round);
}

// A dispute stands against the feed until a later round is answered.
void Rounds::record_end(const Round& round) {
  if (round.state == RoundState::kDisputed && round.round > feed_.disputed_round)
    feed_.disputed_round = round.round;
}

std::optional<sdk::Failure> Rounds::not_accepting(const Round& round) {
  if (round.commitments.size() >= round.rules.max_submissions)
    return errors::round_not_accepting_submissions(round.round, "all commitments are in");
  return reveal_obstacle(round);
}

std::optional<sdk::Failure> Rounds::reveal_obstacle(const Round& round) {
  if (has_ended(round))
    return errors::round_not_accepting_submissions(round.round, to_text(round.state));
  if (reports(round) >= round.rules.max_submissions)
    return errors::round_not_accepting_submissions(round.round, "all reports are in");
  if (round.final)
    return errors::round_not_accepting_submissions(round.round, "its answer is final");
  return std::nullopt;
}

// A round keeps the rules that it opened with.
std::int64_t Rounds::stake_for(std::uint64_t number) {
  const bool open = number != 0 && number <= feed_.reporting_round;
  return open ? load(number).rules.stake : feed_.rules.stake;
}

std::optional<sdk::Failure> Rounds::obstacle(const std::optional<Oracle>& oracle,
                                             std::string_view name, std::uint64_t number) {
  if (!oracle) return errors::not_enabled_oracle(name);
  if (oracle->starting_round > number)
    return errors::not_yet_enabled_oracle(name, oracle->starting_round);
  if (oracle->expelled && number > oracle->last_reported_round)
    return errors::expelled(name, feed_.feed);
  if (!serves(*oracle, number)) return errors::no_longer_allowed_oracle(name, oracle->ending_round);
  if (oracle->last_reported_round >= number) {
    if (number != 0 && open_commitment(load(number), name) != nullptr)
      return errors::already_committed(name, number);
    return errors::cannot_report_on_previous_rounds(name, oracle->last_reported_round);
  }
  if (feed_.halted_by_round != 0) return errors::feed_halted(feed_.feed, feed_.halted_by_round);
  const std::int64_t stake = stake_for(number);
  if (oracle->stake < stake) return errors::not_staked(name, oracle->stake, stake);

  const std::uint64_t newest = feed_.reporting_round;
  if (newest != 0 && number == newest) return not_accepting(load(number));
  // A late report to the round before counts until the newest one is answered.
  if (number + 1 == newest) {
    if (load(newest).state == RoundState::kAnswered)
      return errors::invalid_round_to_report(number, newest);
    return not_accepting(load(number));
  }
  if (number != newest + 1) return errors::invalid_round_to_report(number, newest);
  if (newest != 0) {
    const Round previous = load(newest);
    if (previous.state == RoundState::kOpen)
      return errors::previous_round_not_supersedable(
          newest, sdk::exact_instant(previous.started_ms + previous.rules.timeout_ms));
  }
  if (oracle->last_started_round != 0 &&
      number <= oracle->last_started_round + feed_.rules.restart_delay)
    return errors::round_not_accepting_submissions(
        number, "the oracle waits " + sdk::decimal(std::uint64_t{feed_.rules.restart_delay}) +
                    " rounds before it opens another");
  return std::nullopt;
}

void Rounds::require_supersedable() {
  if (feed_.reporting_round == 0) return;
  const Round newest = load(feed_.reporting_round);
  if (newest.state == RoundState::kOpen)
    sdk::fail(errors::previous_round_not_supersedable(
        newest.round, sdk::exact_instant(newest.started_ms + newest.rules.timeout_ms)));
}

std::optional<sdk::Failure> Rounds::opening_obstacle() {
  if (feed_.halted_by_round != 0) return errors::feed_halted(feed_.feed, feed_.halted_by_round);
  if (feed_.available < reserve(feed_.rules))
    return errors::feed_not_funded(feed_.feed, feed_.available, reserve(feed_.rules));
  const std::uint32_t serving = count_serving(ctx_, feed_.feed, feed_.reporting_round + 1);
  const std::uint32_t needed = oracles_needed(feed_.rules);
  if (serving < needed)
    return errors::too_few_oracles(serving, feed_.rules.tolerated_liars, needed);
  return std::nullopt;
}

Round Rounds::open(std::string_view starter) {
  if (const auto obstacle = opening_obstacle()) sdk::fail(*obstacle);
  const std::uint64_t number = feed_.reporting_round + 1;
  // A round that its timer has not closed yet is closed here.
  if (feed_.reporting_round != 0) {
    const Round previous = load(feed_.reporting_round);
    record_end(previous);
    store(previous);
  }
  Round round;
  round.round = number;
  round.rules = feed_.rules;
  round.configuration = feed_.configuration;
  round.starter = starter;
  round.started_ms = ctx_.now_ms();
  round.previous_answer_round = feed_.last_answered_round;
  round.timer = ctx_.schedule<method::CloseRound>(round.started_ms + round.rules.timeout_ms,
                                                  {feed_.feed, number}, kSettleGas)
                    .value;
  feed_.reporting_round = number;
  ctx_.emit(RoundStarted{feed_.feed, number, round.starter});
  return round;
}

void Rounds::request(std::string_view starter) {
  require_supersedable();
  const Round round = open(starter);
  store(round);
}

Round Rounds::open_for(Oracle& oracle, std::uint64_t number) {
  if (number <= feed_.reporting_round) return load(number);
  oracle.last_started_round = number;
  return open(oracle.oracle);
}

// Accepted reports that count for the quorum: of one operator, and from one source, only so many.
std::uint32_t Rounds::independent(const Round& round) {
  std::vector<std::string> groups;
  std::vector<std::string> sources;
  const auto room = [&](const std::vector<std::string>& seen, const std::string& name) {
    return round.rules.max_per_group == 0 || name.empty() ||
           std::count(seen.begin(), seen.end(), name) < std::int64_t{round.rules.max_per_group};
  };
  std::uint32_t count = 0;
  for (const Submission& submission : round.submissions) {
    if (submission.outlier) continue;
    const Oracle oracle = find_oracle(ctx_, feed_.feed, submission.oracle).value_or(Oracle{});
    const std::string& source = submission.source ? submission.source->source : oracle.source;
    if (!room(groups, oracle.group) || !room(sources, source)) continue;
    groups.push_back(oracle.group);
    sources.push_back(source);
    ++count;
  }
  return count;
}

// Later reports contradict: what was a quorum is one no more.
void Rounds::withdraw_answer(Round& round) {
  round.state = RoundState::kOpen;
  round.answer.reset();
  round.accepted = 0;
  round.answered_ms = 0;
  if (feed_.last_answered_round == round.round)
    feed_.last_answered_round = round.previous_answer_round;
  ctx_.emit(AnswerWithdrawn{feed_.feed, round.round});
  stop_final_timer(ctx_, round);
  wake(ctx_, feed_, round.rules.appeal_ms == 0);
}

void Rounds::update_answer(Round& round) {
  if (round.submissions.size() < round.rules.min_submissions) return;
  std::vector<std::int64_t> values;
  values.reserve(round.submissions.size());
  for (const Submission& submission : round.submissions) values.push_back(submission.value);
  const auto [result, needed] = outcome_of(values, round.rules);
  std::vector<std::string> outliers;
  for (std::size_t i = 0; i < values.size(); ++i) {
    round.submissions[i].outlier = result.outlier[i];
    if (result.outlier[i]) outliers.push_back(round.submissions[i].oracle);
  }
  const bool alone = round.rules.max_per_group != 0 && result.accepted >= needed &&
                     independent(round) < round.rules.min_submissions;
  if (result.accepted < needed || alone) {
    if (round.answer) withdraw_answer(round);
    return;
  }
  // A later report refines the answer but does not make it younger.
  const bool changed = round.answer != result.answer;
  const bool first = !round.answer;
  if (first) round.answered_ms = ctx_.now_ms();
  if (feed_.last_answered_round < round.round) feed_.last_answered_round = round.round;
  round.state = RoundState::kAnswered;
  round.answer = result.answer;
  round.accepted = result.accepted;
  ctx_.emit(AnswerUpdated{feed_.feed, round.round, result.answer,
                          static_cast<std::uint32_t>(values.size()), std::move(outliers)});
  if (first) start_final_timer(round);
  if (changed) wake(ctx_, feed_, round.rules.appeal_ms == 0);
}

// The time for appeals runs from the round's first answer, and not at all without one.
void Rounds::start_final_timer(Round& round) {
  if (round.rules.appeal_ms == 0) return;
  round.final_timer = ctx_.schedule<method::Finalise>(round.answered_ms + round.rules.appeal_ms,
                                                      {feed_.feed, round.round}, kSettleGas)
                          .value;
}

// After a report: stores the round, and ends it if nothing more is to come.
void Rounds::finish(Round& round) {
  end(round);
  record_end(round);
  const bool complete = has_ended(round) || reports(round) >= round.rules.max_submissions;
  if (complete) settle(ctx_, feed_, round);
  if (complete && round.timer != 0) {
    ctx_.cancel(sdk::TimerId{round.timer});
    round.timer = 0;
  }
  if (has_ended(round)) ctx_.emit(RoundClosed{feed_.feed, round.round, round.state});
  store(round);
}

void Rounds::take(Round& round, const sdk::Actor& oracle, Submission submission) {
  submission.oracle = oracle.organisation;
  // A device is its own source, and a revealed report names none.
  if (submission.device.empty() && round.rules.commit_ms == 0)
    require_promised_source(find_oracle(ctx_, feed_.feed, submission.oracle).value_or(Oracle{}),
                            submission.source);
  submission.at_ms = ctx_.now_ms();
  submission.late = round.rules.late_after_ms != 0 &&
                    submission.at_ms - commit_until_ms(round) > round.rules.late_after_ms;
  pay_for_report(ctx_, feed_, round.rules, submission.oracle);
  ctx_.emit(Submitted{feed_.feed, round.round, oracle, submission.value});
  round.submissions.push_back(std::move(submission));
}

void Rounds::take_out_of_range(Round& round, const sdk::Actor& oracle, bool above) {
  round.out_of_range.push_back({oracle.organisation, above});
  pay_for_report(ctx_, feed_, round.rules, oracle.organisation);
  ctx_.emit(OutOfRangeReported{feed_.feed, round.round, oracle, above});
}

void Rounds::conclude(Round& round, bool values, bool out_of_range) {
  if (values) update_answer(round);
  // One more than there are liars: an honest oracle saw it.
  if (out_of_range && round.out_of_range.size() > round.rules.tolerated_liars) {
    round.state = RoundState::kInvalid;
    feed_.halted_by_round = round.round;
    wake(ctx_, feed_, true);
  }
  finish(round);
}

void Rounds::submit(Round& round, Submission submission) {
  take(round, ctx_.actor(), std::move(submission));
  conclude(round, true, false);
}

void Rounds::report_out_of_range(Round& round, bool above) {
  take_out_of_range(round, ctx_.actor(), above);
  conclude(round, false, true);
}

void Rounds::report(Round& round, Submission submission) {
  const bool above = submission.value > round.rules.max_value;
  if (above || submission.value < round.rules.min_value) {
    report_out_of_range(round, above);
  } else {
    submit(round, std::move(submission));
  }
}

void Rounds::answer_by_testimony(Round& round, std::int64_t value, std::uint32_t arbiters) {
  round.state = RoundState::kAnswered;
  round.answer = value;
  round.accepted = arbiters;
  round.answered_ms = ctx_.now_ms();
  round.final = true;
  feed_.last_answered_round = round.round;
  if (feed_.disputed_round == round.round) feed_.disputed_round = 0;
  ctx_.emit(AnswerUpdated{feed_.feed, round.round, value, arbiters, {}});
  ctx_.emit(AnswerFinal{feed_.feed, round.round, value});
  wake(ctx_, feed_, true);
}

void Rounds::close(Round round) {
  round.timer = 0;
  record_end(round);
  settle(ctx_, feed_, round);
  store(round);
  if (has_ended(round)) ctx_.emit(RoundClosed{feed_.feed, round.round, round.state});
}

}  // namespace usance::oracle_aggregator::v1
