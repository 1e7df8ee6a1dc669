// The oracles' marks for a round, and what becomes of them.
#pragma once

#include "oracle_aggregator/feeds.h"

namespace usance::oracle_aggregator::v1 {

// Marks every oracle that served the round, once; nothing when it was done before. The round has
// ended, or its time is over. The caller stores the round.
void settle(sdk::Context& ctx, const Feed& feed, Round& round);

// Arbiters have taken the answer away that these oracles stood for.
void count_dispute(sdk::Context& ctx, const Feed& feed, const Round& round);

// A bid that was false or not revealed: like a commitment that was not revealed, but no round.
void count_broken_bid(sdk::Context& ctx, const std::string& oracle);

[[nodiscard]] std::uint32_t score_of(sdk::Context& ctx, const std::string& oracle);
[[nodiscard]] OracleProfile profile_of(sdk::Context& ctx, const std::string& oracle);
void certify(sdk::Context& ctx, const CertifyRequest& request);  // SELF_CERTIFICATION

}  // namespace usance::oracle_aggregator::v1
