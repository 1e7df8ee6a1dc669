#include "oracle_aggregator/reputation.h"

#include <algorithm>
#include <utility>

#include "oracle_aggregator/funds.h"

namespace usance::oracle_aggregator::v1 {
namespace {

constexpr std::uint64_t kRoundWeight = 1'000;
constexpr std::uint64_t kDecay = 64;
// What an unknown oracle starts with: half of the points of four rounds.
constexpr std::uint64_t kPriorPoints = 2'000;
constexpr std::uint64_t kPriorWeight = 4'000;
constexpr std::uint64_t kFullScore = 10'000;

sdk::Record<Reputation> record_of(sdk::Context& ctx, std::string_view oracle) {
  return {ctx, oracle_scope(oracle)};
}

std::uint64_t points_for(Mark mark) {
  switch (mark) {
    case Mark::kAccepted: return 1'000;
    case Mark::kLate: return 700;
    case Mark::kRejected: return 200;
    default: return 0;
  }
}

// In basis points of the answer, at most all of it.
std::uint64_t deviation(std::int64_t value, std::int64_t answer) {
  __extension__ using Wide = __int128;
  const Wide apart = Wide{value} - answer;
  const Wide base = answer == 0 ? Wide{1} : Wide{answer};
  const Wide points = (apart < 0 ? -apart : apart) * 10'000 / (base < 0 ? -base : base);
  return static_cast<std::uint64_t>(std::min(points, Wide{10'000}));
}

template <class List>
auto find_by_oracle(const List& list, std::string_view oracle) {
  return std::find_if(list.begin(), list.end(),
                      [&](const auto& item) { return item.oracle == oracle; });
}

// MARK_NONE: the oracle had no part in it, because others had filled the round, or because its
// stake was not, or no longer, what the round asks for: it could not report.
Mark mark_of(const Round& round, const Oracle& serving) {
  const std::string_view oracle = serving.oracle;
  const auto report = find_by_oracle(round.submissions, oracle);
  if (report != round.submissions.end()) {
    if (!round.answer) return Mark::kUnjudged;
    if (report->outlier) return Mark::kRejected;
    return report->late ? Mark::kLate : Mark::kAccepted;
  }
  if (find_by_oracle(round.out_of_range, oracle) != round.out_of_range.end()) {
    if (round.state == RoundState::kInvalid) return Mark::kAccepted;
    return round.answer ? Mark::kRejected : Mark::kUnjudged;
  }
  if (find_by_oracle(round.commitments, oracle) != round.commitments.end())
    return Mark::kUnrevealed;
  const bool full =
      round.submissions.size() + round.out_of_range.size() >= round.rules.max_submissions;
  // Nobody had to come to a round that was over before its time.
  if (full || round.state == RoundState::kInvalid) return Mark::kMarkNone;
  return serving.stake < round.rules.stake ? Mark::kMarkNone : Mark::kNoShow;
}

void judge(Reputation& reputation, Mark mark) {
  reputation.weight += kRoundWeight - reputation.weight / kDecay;
  reputation.points += points_for(mark) - reputation.points / kDecay;
}

void count(Reputation& reputation, Mark mark) {
  ++reputation.assigned;
  switch (mark) {
    case Mark::kLate: ++reputation.late; [[fallthrough]];
    case Mark::kAccepted: ++reputation.accepted; break;
    case Mark::kRejected: ++reputation.rejected; break;
    case Mark::kNoShow: ++reputation.no_shows; break;
    case Mark::kUnrevealed: ++reputation.unrevealed; break;
    default: break;
  }
  if (mark == Mark::kRejected)
    ++reputation.rejected_in_a_row;
  else if (mark == Mark::kAccepted || mark == Mark::kLate)
    reputation.rejected_in_a_row = 0;
  if (mark != Mark::kUnjudged) judge(reputation, mark);
}

void rate(Reputation& reputation) {
  reputation.score = static_cast<std::uint32_t>(kFullScore * (reputation.points + kPriorPoints) /
                                                (reputation.weight + kPriorWeight));
}

// In basis points of the stake. A lone outlier may be the only one who saw right.
std::uint32_t cost_of(const Penalties& penalties, const Reputation& reputation, Mark mark) {
  switch (mark) {
    case Mark::kNoShow: return penalties.no_show;
    case Mark::kLate: return penalties.late;
    case Mark::kUnrevealed: return penalties.unrevealed;
    case Mark::kRejected:
      return reputation.rejected_in_a_row > penalties.outliers_tolerated ? penalties.outlier : 0;
    default: return 0;
  }
}

void apply(sdk::Context& ctx, const Feed& feed, const Round& round, const OracleMark& mark,
           std::vector<Penalty>& penalties) {
  sdk::Record<Reputation> record = record_of(ctx, mark.oracle);
  Reputation reputation = record.find().value_or(Reputation{});
  count(reputation, mark.mark);
  const auto report = find_by_oracle(round.submissions, mark.oracle);
  if (report != round.submissions.end()) {
    ++reputation.completed;
    reputation.latency_sum_ms += report->at_ms - round.started_ms;
    if (round.answer) reputation.deviation_sum += deviation(report->value, *round.answer);
  }
  rate(reputation);
  record.put(reputation);
  penalise(ctx, feed, mark.oracle, cost_of(round.rules.penalties, reputation, mark.mark),
           to_text(mark.mark), penalties);
}

}  // namespace

void settle(sdk::Context& ctx, const Feed& feed, Round& round) {
  if (round.settled) return;
  round.settled = true;
  std::vector<OracleMark> marks;
  each_serving(ctx, feed.feed, round.round, [&](const Oracle& oracle) {
    const Mark mark = mark_of(round, oracle);
    if (mark != Mark::kMarkNone) marks.push_back({oracle.oracle, mark});
  });
  std::vector<Penalty> penalties;
  for (const OracleMark& mark : marks) apply(ctx, feed, round, mark, penalties);
  announce(ctx, feed, std::move(penalties));
  ctx.emit(RoundSettled{feed.feed, round.round, std::move(marks)});
}

void count_dispute(sdk::Context& ctx, const Feed& feed, const Round& round) {
  std::vector<Penalty> penalties;
  for (const Submission& submission : round.submissions) {
    if (submission.outlier) continue;
    sdk::Record<Reputation> record = record_of(ctx, submission.oracle);
    Reputation reputation = record.find().value_or(Reputation{});
    ++reputation.disputes;
    rate(reputation);
    record.put(reputation);
    penalise(ctx, feed, submission.oracle, round.rules.penalties.outlier, "OVERTURNED", penalties);
  }
  announce(ctx, feed, std::move(penalties));
}

void count_broken_bid(sdk::Context& ctx, const std::string& oracle) {
  sdk::Record<Reputation> record = record_of(ctx, oracle);
  Reputation reputation = record.find().value_or(Reputation{});
  ++reputation.broken_bids;
  judge(reputation, Mark::kUnrevealed);
  rate(reputation);
  record.put(reputation);
}

std::uint32_t score_of(sdk::Context& ctx, const std::string& oracle) {
  Reputation reputation = record_of(ctx, oracle).find().value_or(Reputation{});
  rate(reputation);
  return reputation.score;
}

OracleProfile profile_of(sdk::Context& ctx, const std::string& oracle) {
  OracleProfile out;
  out.reputation = record_of(ctx, oracle).find().value_or(Reputation{});
  rate(out.reputation);
  sdk::Collection<Certification>(ctx, oracle_scope(oracle))
      .each([&](const sdk::Bytes&, const Certification& certification) {
        if (certification.valid_until_ms > ctx.now_ms())
          out.certifications.push_back(certification);
        return out.certifications.size() < 64;
      });
  return out;
}

void certify(sdk::Context& ctx, const CertifyRequest& request) {
  const std::string& certifier = ctx.organisation();
  if (certifier == request.oracle) sdk::fail(errors::self_certification(certifier));
  sdk::Collection<Certification>(ctx, oracle_scope(request.oracle))
      .put(certifier, {certifier, request.scheme, request.document, request.valid_until_ms});
  ctx.emit(OracleCertified{request.oracle, request.scheme, ctx.actor()});
}

}  // namespace usance::oracle_aggregator::v1
