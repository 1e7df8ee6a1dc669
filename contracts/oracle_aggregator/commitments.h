// Reports in two steps, so that an oracle cannot wait for the others and copy: first a hash of the
// value, then the value.
#pragma once

#include "oracle_aggregator/rounds.h"

namespace usance::oracle_aggregator::v1 {

// Until when commitments to the round are taken.
[[nodiscard]] std::int64_t commit_until_ms(const Round& round);
// What the oracle has committed to in the round and not revealed; null when nothing is.
[[nodiscard]] const Commitment* open_commitment(const Round& round, std::string_view oracle);
// Why nothing can be revealed yet, or committed to any more.
[[nodiscard]] std::optional<sdk::Failure> reveal_too_early(sdk::Context& ctx, const Feed& feed,
                                                           const Round& round);
[[nodiscard]] std::optional<sdk::Failure> commit_too_late(sdk::Context& ctx, const Round& round);

void commit(sdk::Context& ctx, Rounds& rounds, Round& round, const sdk::Bytes& commitment);
// NO_COMMITMENT, REVEAL_TOO_EARLY, REVEAL_MISMATCH, ROUND_NOT_ACCEPTING_SUBMISSIONS.
Round reveal(sdk::Context& ctx, Feed& feed, const RevealRequest& request);

}  // namespace usance::oracle_aggregator::v1
