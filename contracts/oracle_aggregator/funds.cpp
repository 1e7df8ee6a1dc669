#include "oracle_aggregator/funds.h"

#include <cstdint>
#include <utility>

#include "contracts/sdk/money.h"
#include "oracle_aggregator/holds.h"

namespace usance::oracle_aggregator::v1 {
namespace {

constexpr std::uint32_t kWhole = 10'000;  // basis points

Hold stake_of(const Feed& feed, const Oracle& oracle) {
  return stake_hold(oracle.stake_account, feed.feed, oracle.oracle);
}

Oracle load_oracle(sdk::Context& ctx, const Feed& feed, const std::string& name) {
  std::optional<Oracle> oracle = find_oracle(ctx, feed.feed, name);
  if (!oracle) sdk::fail(errors::not_enabled_oracle(name));
  return *std::move(oracle);
}

void require_account(const std::string& known, const std::string& given) {
  if (!known.empty() && known != given) sdk::fail(errors::other_account(known, given));
}

void require_currency(const Feed& feed, const sdk::Money& amount) {
  if (amount.currency != feed.currency)
    sdk::fail(sdk::errors::currency_mismatch(amount.currency, feed.currency));
}

}  // namespace

void fund(sdk::Context& ctx, Feed& feed, const FundRequest& request) {
  require_currency(feed, request.amount);
  require_account(feed.fund_account, request.account);
  raise(ctx, fund_hold(request.account, feed.feed), feed.available + feed.allocated,
        request.amount);
  feed.fund_account = request.account;
  feed.available += request.amount.minor_units;
  ctx.emit(FeedFunded{feed.feed, request.amount, ctx.actor()});
}

std::int64_t reserve(const Rules& rules) {
  std::int64_t out = 0;
  if (!sdk::muldiv(rules.payment, 2 * std::int64_t{rules.max_submissions}, 1,
                   sdk::Rounding::kTowardZero, out))
    sdk::fail(sdk::errors::amount_out_of_range("payment"));
  return out;
}

void withdraw_funds(sdk::Context& ctx, Feed& feed, const WithdrawFundsRequest& request) {
  require_currency(feed, request.amount);
  const std::int64_t kept = reserve(feed.rules);
  if (request.amount.minor_units <= 0 || feed.available - request.amount.minor_units < kept)
    sdk::fail(errors::reserve_needed(feed.feed, kept, feed.available));
  require_moved(release(ctx, fund_hold(feed.fund_account, feed.feed), request.amount));
  feed.available -= request.amount.minor_units;
  ctx.emit(FundsWithdrawn{feed.feed, request.amount, ctx.actor()});
}

void pay_for_report(sdk::Context& ctx, Feed& feed, const Rules& rules, const std::string& name) {
  if (rules.payment == 0) return;
  if (feed.available < rules.payment) sdk::fail(errors::funds_exhausted(feed.feed));
  Oracle oracle = load_oracle(ctx, feed, name);
  feed.available -= rules.payment;
  feed.allocated += rules.payment;
  oracle.earned += rules.payment;
  store_oracle(ctx, feed.feed, oracle);
}

void collect(sdk::Context& ctx, Feed& feed, const std::string& to) {
  Oracle oracle = load_oracle(ctx, feed, ctx.organisation());
  if (oracle.earned == 0) sdk::fail(errors::nothing_earned(oracle.oracle, feed.feed));
  const sdk::Money amount = sdk::money(feed.currency, oracle.earned);
  require_moved(pay(ctx, fund_hold(feed.fund_account, feed.feed), to, amount, feed.feed));
  feed.allocated -= oracle.earned;
  oracle.earned = 0;
  store_oracle(ctx, feed.feed, oracle);
  ctx.emit(EarningsPaid{feed.feed, oracle.oracle, amount});
}

void stake(sdk::Context& ctx, const Feed& feed, const StakeRequest& request) {
  require_currency(feed, request.amount);
  Oracle oracle = load_oracle(ctx, feed, ctx.organisation());
  require_account(oracle.stake_account, request.account);
  raise(ctx, stake_hold(request.account, feed.feed, oracle.oracle), oracle.stake + oracle.slashed,
        request.amount);
  oracle.stake_account = request.account;
  oracle.stake += request.amount.minor_units;
  store_oracle(ctx, feed.feed, oracle);
  ctx.emit(Staked{feed.feed, oracle.oracle, request.amount});
}

void unstake(sdk::Context& ctx, const Feed& feed) {
  Oracle oracle = load_oracle(ctx, feed, ctx.organisation());
  // Its last round has been closed and no answer of it can be appealed against when two more have
  // been opened.
  if (oracle.ending_round == 0 || feed.reporting_round < oracle.ending_round + 2)
    sdk::fail(errors::still_serving(oracle.oracle, feed.feed));
  if (oracle.stake == 0) sdk::fail(errors::nothing_staked(oracle.oracle, feed.feed));
  const sdk::Money amount = sdk::money(feed.currency, oracle.stake);
  require_moved(release(ctx, stake_of(feed, oracle), amount));
  oracle.stake = 0;
  store_oracle(ctx, feed.feed, oracle);
  ctx.emit(Unstaked{feed.feed, oracle.oracle, amount});
}

std::int64_t share_of(std::int64_t stake, std::uint32_t share) {
  std::int64_t amount = 0;
  return sdk::muldiv(stake, share, kWhole, sdk::Rounding::kFloor, amount) ? amount : 0;
}

void penalise(sdk::Context& ctx, const Feed& feed, const std::string& name, std::uint32_t share,
              std::string_view reason, std::vector<Penalty>& penalties) {
  if (share == 0) return;
  std::optional<Oracle> oracle = find_oracle(ctx, feed.feed, name);
  if (!oracle || oracle->stake == 0) return;
  const std::int64_t amount = share_of(oracle->stake, share);
  if (amount == 0) return;
  oracle->stake -= amount;
  oracle->slashed += amount;
  store_oracle(ctx, feed.feed, *oracle);
  penalties.push_back({name, amount, std::string(reason)});
}

void announce(sdk::Context& ctx, const Feed& feed, std::vector<Penalty> penalties) {
  if (!penalties.empty()) ctx.emit(Penalised{feed.feed, std::move(penalties)});
}

void collect_penalties(sdk::Context& ctx, const Feed& feed, const std::string& name) {
  Oracle oracle = load_oracle(ctx, feed, name);
  if (oracle.slashed == 0) sdk::fail(errors::nothing_staked(name, feed.feed));
  require_moved(pay(ctx, stake_of(feed, oracle), feed.penalty_account,
                    sdk::money(feed.currency, oracle.slashed), feed.feed));
  oracle.slashed = 0;
  store_oracle(ctx, feed.feed, oracle);
}

std::int64_t security(sdk::Context& ctx, const Feed& feed) {
  std::vector<std::int64_t> stakes;
  each_serving(ctx, feed.feed, feed.reporting_round + 1,
               [&](const Oracle& oracle) { stakes.push_back(oracle.stake); });
  std::sort(stakes.begin(), stakes.end());
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < stakes.size() && i < feed.rules.min_submissions; ++i)
    if (__builtin_add_overflow(sum, stakes[i], &sum)) return INT64_MAX;
  return sum;
}

}  // namespace usance::oracle_aggregator::v1
