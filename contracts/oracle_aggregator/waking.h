// The contracts that asked for a feed's answers, and how they get them: each by a timer run of its
// own, so that one that fails or burns its gas holds up neither the oracles nor the other readers.
#pragma once

#include "oracle_aggregator/feeds.h"

namespace usance::oracle_aggregator::v1 {

inline constexpr std::uint32_t kMaxSubscriptions = 64;  // of a feed

// For the calling contract. RULE_OUT_OF_RANGE, MAX_AGE_BELOW_APPEAL, ALREADY_SUBSCRIBED,
// TOO_MANY_SUBSCRIPTIONS, UNDERSECURED. The caller stores the feed.
void subscribe(sdk::Context& ctx, Feed& feed, const SubscribeRequest& request);
void unsubscribe(sdk::Context& ctx, Feed& feed, const std::string& reference);  // NO_SUBSCRIPTION

// Lets every subscription hear of the answer in the next block; `final` says whether those that
// wait for final answers are meant too.
void wake(sdk::Context& ctx, const Feed& feed, bool final);

// For the timer: calls the consumer. What the consumer does with it is its own matter.
void deliver(sdk::Context& ctx, Feed& feed, const DeliverRequest& request);

// Whether the organisation stands behind a contract that asked.
[[nodiscard]] bool is_party(sdk::Context& ctx, const Feed& feed, std::string_view organisation);

}  // namespace usance::oracle_aggregator::v1
