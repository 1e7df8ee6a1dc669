// The end of an order: matching, and giving back what nobody needs any more.
#pragma once

#include "oracle_aggregator/orders.h"

namespace usance::oracle_aggregator::v1 {

// For the timer at the end of revealing. The matched bids become the oracles of a feed whose first
// round is open; without a match the order is unfilled. Nothing when it was done before.
void match_order(sdk::Context& ctx, const std::string& feed);

// For the timer: the money of an unfilled order, and the stakes of the next few bids behind
// `after`; a penalty of them goes to the penalty account. What does not move stays held, and the
// event says why. Schedules itself for the bids that are left.
void give_back(sdk::Context& ctx, const SettleOrderRequest& request);

// By anybody, once the time is over: the same, when a timer has failed or money did not move.
// ORDER_NOT_DUE, NOTHING_TO_SETTLE.
void settle_order(sdk::Context& ctx, const SettleOrderRequest& request);

}  // namespace usance::oracle_aggregator::v1
