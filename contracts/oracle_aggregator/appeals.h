// The arbiters' part. They give a round that ended without an answer one, and decide on appeals.
//
// How an answer becomes final: nobody appeals in time, the arbiters uphold it, or they do not
// decide in time. An answer that may still be appealed against is readable and says so.
#pragma once

#include "oracle_aggregator/rounds.h"

namespace usance::oracle_aggregator::v1 {

// MAY_NOT_APPEAL, NOT_APPEALABLE.
void appeal(sdk::Context& ctx, Feed& feed, const AppealRequest& request);
// NOT_ARBITER, ALREADY_VOTED, NO_APPEAL.
void decide_appeal(sdk::Context& ctx, Feed& feed, const DecideAppealRequest& request);
// NOT_TESTIFIABLE, NOT_ARBITER, ALREADY_VOTED, VALUE_BELOW_MIN, VALUE_ABOVE_MAX.
[[nodiscard]] Round testify(sdk::Context& ctx, Feed& feed, const TestifyRequest& request);
// For the timer at the end of the time for appeals, or for the arbiters.
void finalise(sdk::Context& ctx, Feed& feed, std::uint64_t round);

}  // namespace usance::oracle_aggregator::v1
