// What readers and oracles' operators ask.
#pragma once

#include "oracle_aggregator/rounds.h"

namespace usance::oracle_aggregator::v1 {

// final_only: the newest that nobody can appeal against any more.
[[nodiscard]] Answer read_answer(sdk::Context& ctx, Feed& feed, std::int64_t max_age_ms,
                                 bool final_only);
[[nodiscard]] Eligibility eligibility(sdk::Context& ctx, Feed& feed, const std::string& oracle);

}  // namespace usance::oracle_aggregator::v1
