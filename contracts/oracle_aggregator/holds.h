// The money on deposit accounts that this contract holds: of a feed one hold for its reports, of
// each oracle in it one for the stake. An order's funds and a bid's stake are held under the same
// names, so that a matched order need not move money: a timer could not hold any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "contracts/sdk/money.h"
#include "oracle_aggregator/oracle_aggregator.usance.h"

namespace usance::oracle_aggregator::v1 {

struct Hold {
  std::string account;
  std::string name;  // among this contract's holds on the account
};
[[nodiscard]] Hold fund_hold(const std::string& account, std::string_view feed);
[[nodiscard]] Hold stake_hold(const std::string& account, std::string_view feed,
                              std::string_view oracle);

// Raises a hold from what is held to a new total, or changes nothing. FUNDS_REFUSED.
void raise(sdk::Context& ctx, const Hold& hold, std::int64_t held, const sdk::Money& more);

// Why the money does not move; empty when it has. An amount of 0 moves by itself.
[[nodiscard]] std::string release(sdk::Context& ctx, const Hold& hold, const sdk::Money& amount);
[[nodiscard]] std::string pay(sdk::Context& ctx, const Hold& hold, const std::string& to,
                              const sdk::Money& amount, std::string_view reference);
void require_moved(const std::string& failure);  // FUNDS_REFUSED unless empty

}  // namespace usance::oracle_aggregator::v1
