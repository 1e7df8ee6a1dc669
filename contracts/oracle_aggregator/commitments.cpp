#include "oracle_aggregator/commitments.h"

#include "contracts/sdk/instant.h"
#include "oracle_aggregator/statements.h"

namespace usance::oracle_aggregator::v1 {
namespace {

sdk::Bytes hash_of(sdk::Context& ctx, const RevealRequest& request) {
  return ctx.sha256(commitment_statement(
      {request.feed, request.round, request.value, request.salt, ctx.organisation()}));
}

}  // namespace

std::int64_t commit_until_ms(const Round& round) {
  return round.started_ms + round.rules.commit_ms;
}

const Commitment* open_commitment(const Round& round, std::string_view oracle) {
  for (const Commitment& commitment : round.commitments)
    if (commitment.oracle == oracle && !commitment.revealed) return &commitment;
  return nullptr;
}

// Before the time for commitments is over only when all are in.
std::optional<sdk::Failure> reveal_too_early(sdk::Context& ctx, const Feed& feed,
                                             const Round& round) {
  if (ctx.now_ms() >= commit_until_ms(round) ||
      round.commitments.size() >= count_serving(ctx, feed.feed, round.round))
    return std::nullopt;
  return errors::reveal_too_early(round.round, sdk::exact_instant(commit_until_ms(round)));
}

std::optional<sdk::Failure> commit_too_late(sdk::Context& ctx, const Round& round) {
  if (ctx.now_ms() < commit_until_ms(round)) return std::nullopt;
  return errors::commit_too_late(round.round, sdk::exact_instant(commit_until_ms(round)));
}

void commit(sdk::Context& ctx, Rounds& rounds, Round& round, const sdk::Bytes& commitment) {
  if (const auto why = commit_too_late(ctx, round)) sdk::fail(*why);
  round.commitments.push_back({ctx.organisation(), commitment, ctx.now_ms(), false});
  rounds.store(round);
}

Round reveal(sdk::Context& ctx, Feed& feed, const RevealRequest& request) {
  Rounds rounds(ctx, feed);
  Round round = rounds.load(request.round);
  const std::string& name = ctx.organisation();
  if (const auto why = rounds.reveal_obstacle(round)) sdk::fail(*why);
  if (const auto why = reveal_too_early(ctx, feed, round)) sdk::fail(*why);
  const Commitment* const open = open_commitment(round, name);
  if (open == nullptr) sdk::fail(errors::no_commitment(name, round.round));
  // Refused, and may be tried again: only the value that was committed to is ever taken, so that
  // trying gains nothing, and who mistypes it has the round's time to notice.
  if (open->commitment != hash_of(ctx, request))
    sdk::fail(errors::reveal_mismatch(
        name, round.round, sdk::exact_instant(round.started_ms + round.rules.timeout_ms)));
  for (Commitment& commitment : round.commitments)
    if (commitment.oracle == name) commitment.revealed = true;
  Submission submission;
  submission.value = request.value;
  rounds.report(round, std::move(submission));
  return round;
}

}  // namespace usance::oracle_aggregator::v1
