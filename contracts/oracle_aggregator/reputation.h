// The oracles' marks for a round, and what becomes of them.
#pragma once

#include "oracle_aggregator/feeds.h"

namespace usance::oracle_aggregator::v1 {

// Marks every oracle that served the round, once; nothing when it was done before. The round has
// ended, or its time is over. The caller stores the round.
void settle(sdk::Context& ctx, const Feed& feed, Round& round);

// Arbiters have taken the answer away that these oracles stood for.
void count_dispute(sdk::Context& ctx, const Feed& feed, const Round& round);

[[nodiscard]] OracleProfile profile_of(sdk::Context& ctx, const std::string& oracle);
void certify(sdk::Context& ctx, const CertifyRequest& request);  // SELF_CERTIFICATION

}  // namespace usance::oracle_aggregator::v1
