// Reports in two steps, so that an oracle cannot wait for the others and copy: first a hash of the
// value, then the value.
#pragma once

#include "oracle_aggregator/rounds.h"

namespace usance::oracle_aggregator::v1 {

// Until when commitments to the round are taken.
[[nodiscard]] std::int64_t commit_until_ms(const Round& round);
void commit(sdk::Context& ctx, Rounds& rounds, Round& round, const sdk::Bytes& commitment);
// NO_COMMITMENT, REVEAL_TOO_EARLY, ROUND_NOT_ACCEPTING_SUBMISSIONS.
Round reveal(sdk::Context& ctx, Feed& feed, const RevealRequest& request);

}  // namespace usance::oracle_aggregator::v1
