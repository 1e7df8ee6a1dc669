// Orders until their time is over: posting, bidding under seal, revealing.
#pragma once

#include "oracle_aggregator/feeds.h"

namespace usance::oracle_aggregator::v1 {

inline constexpr std::uint32_t kMaxBids = 64;  // on an order

[[nodiscard]] sdk::Record<Order> order_of(sdk::Context& ctx, std::string_view feed);
[[nodiscard]] sdk::Collection<Bid> bids_of(sdk::Context& ctx, std::string_view feed);
[[nodiscard]] Order load_order(sdk::Context& ctx, std::string_view feed);  // NO_ORDER

// Holds the money for two full rounds at the highest price. FEED_EXISTS, ORDER_EXISTS,
// RULE_OUT_OF_RANGE and the others of check_rules, TOO_FEW_ORACLES, FUNDS_REFUSED.
void post_order(sdk::Context& ctx, const PostOrderRequest& request);
// NOT_REQUESTER, ORDER_NOT_OPEN, ORDER_HAS_BIDS.
void cancel_order(sdk::Context& ctx, const std::string& feed);

// Holds the order's stake. ORDER_NOT_OPEN, BIDS_CLOSED, SELF_BID, NOT_INVITED, SCORE_TOO_LOW,
// ALREADY_BID, TOO_MANY_BIDS, FUNDS_REFUSED.
void place_bid(sdk::Context& ctx, const PlaceBidRequest& request);
// A bid that is not what was sealed is kept as false. ORDER_NOT_OPEN, BID_REVEAL_TOO_EARLY,
// BID_REVEAL_TOO_LATE, NO_BID, PRICE_ABOVE_LIMIT, SOURCE_NOT_ACCEPTED.
void reveal_bid(sdk::Context& ctx, const RevealBidRequest& request);

[[nodiscard]] OrderView view_order(sdk::Context& ctx, const std::string& feed);

}  // namespace usance::oracle_aggregator::v1
