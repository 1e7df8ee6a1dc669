// What readers and oracles' operators ask.
#pragma once

#include "oracle_aggregator/rounds.h"

namespace usance::oracle_aggregator::v1 {

[[nodiscard]] Answer read_answer(sdk::Context& ctx, Feed& feed, std::int64_t max_age_ms);
[[nodiscard]] Eligibility eligibility(sdk::Context& ctx, Feed& feed, const std::string& oracle);

}  // namespace usance::oracle_aggregator::v1
