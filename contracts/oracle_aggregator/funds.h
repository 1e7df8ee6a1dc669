// A feed's money and its oracles' stakes. The caller stores the feed.
#pragma once

#include "oracle_aggregator/feeds.h"

namespace usance::oracle_aggregator::v1 {

// By the administrator. FUNDS_REFUSED, OTHER_ACCOUNT.
void fund(sdk::Context& ctx, Feed& feed, const FundRequest& request);
// What is neither earned nor the reserve of two rounds. RESERVE_NEEDED.
void withdraw_funds(sdk::Context& ctx, Feed& feed, const WithdrawFundsRequest& request);
// What two full rounds cost under these rules; AMOUNT_OUT_OF_RANGE when it does not fit.
[[nodiscard]] std::int64_t reserve(const Rules& rules);
// For a report that was taken, whatever becomes of the round. FUNDS_EXHAUSTED.
void pay_for_report(sdk::Context& ctx, Feed& feed, const Rules& rules, const std::string& oracle);
void collect(sdk::Context& ctx, Feed& feed, const std::string& to);  // NOTHING_EARNED

void stake(sdk::Context& ctx, const Feed& feed, const StakeRequest& request);
// All of it, once the oracle's last round is over. STILL_SERVING.
void unstake(sdk::Context& ctx, const Feed& feed);
// So many basis points of a stake, rounded down.
[[nodiscard]] std::int64_t share_of(std::int64_t stake, std::uint32_t share);
// Takes a share of the stake, and adds it to the list if it is anything; it is paid out by
// collect_penalties.
void penalise(sdk::Context& ctx, const Feed& feed, const std::string& oracle, std::uint32_t share,
              std::string_view reason, std::vector<Penalty>& penalties);
void announce(sdk::Context& ctx, const Feed& feed, std::vector<Penalty> penalties);
void collect_penalties(sdk::Context& ctx, const Feed& feed, const std::string& oracle);
// The stakes of the smallest quorum: what a lie costs those who tell it at least.
[[nodiscard]] std::int64_t security(sdk::Context& ctx, const Feed& feed);

}  // namespace usance::oracle_aggregator::v1
