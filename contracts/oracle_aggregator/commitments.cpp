#include "oracle_aggregator/commitments.h"

#include "contracts/sdk/instant.h"
#include "contracts/sdk/netstring.h"

namespace usance::oracle_aggregator::v1 {
namespace {

sdk::Bytes hash_of(sdk::Context& ctx, const RevealRequest& request) {
  return ctx.sha256(sdk::netstrings({"usance/report/1", request.feed, sdk::decimal(request.round),
                                     sdk::decimal(request.value), sdk::text_of(request.salt),
                                     ctx.organisation()}));
}

}  // namespace

std::int64_t commit_until_ms(const Round& round) {
  return round.started_ms + round.rules.commit_ms;
}

void commit(sdk::Context& ctx, Rounds& rounds, Round& round, const sdk::Bytes& commitment) {
  if (ctx.now_ms() >= commit_until_ms(round))
    sdk::fail(errors::commit_too_late(round.round, sdk::exact_instant(commit_until_ms(round))));
  round.commitments.push_back({ctx.organisation(), commitment, ctx.now_ms(), false, false});
  rounds.store(round);
}

Round reveal(sdk::Context& ctx, Feed& feed, const RevealRequest& request) {
  Rounds rounds(ctx, feed);
  Round round = rounds.load(request.round);
  const std::string& name = ctx.organisation();
  if (const auto why = rounds.reveal_obstacle(round)) sdk::fail(*why);
  // Before the time for commitments is over only when all are in.
  if (ctx.now_ms() < commit_until_ms(round) &&
      round.commitments.size() < count_serving(ctx, feed.feed, round.round))
    sdk::fail(errors::reveal_too_early(round.round, sdk::exact_instant(commit_until_ms(round))));
  for (Commitment& commitment : round.commitments) {
    if (commitment.oracle != name || commitment.revealed || commitment.mismatched) continue;
    if (commitment.commitment != hash_of(ctx, request)) {
      // Kept, and not refused: a refusal would leave no trace and could be tried again.
      commitment.mismatched = true;
      ctx.emit(RevealMismatched{feed.feed, round.round, name});
      rounds.store(round);
      return round;
    }
    commitment.revealed = true;
    Submission submission;
    submission.value = request.value;
    rounds.report(round, std::move(submission));
    return round;
  }
  sdk::fail(errors::no_commitment(name, round.round));
}

}  // namespace usance::oracle_aggregator::v1
