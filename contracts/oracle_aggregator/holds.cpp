#include "oracle_aggregator/holds.h"

#include <optional>

#include "deposit/deposit.usance.h"

namespace usance::oracle_aggregator::v1 {
namespace {

deposit::v1::DepositClient deposits(sdk::Context& ctx) {
  return {ctx, "deposit"};
}

template <class Response>
std::string failure_of(const sdk::CallResult<Response>& result) {
  return result ? std::string() : reason_of(result);
}

}  // namespace

Hold fund_hold(const std::string& account, std::string_view feed) {
  return {account, "fund/" + std::string(feed)};
}

Hold stake_hold(const std::string& account, std::string_view feed, std::string_view oracle) {
  return {account, "stake/" + std::string(feed) + '/' + std::string(oracle)};
}

void require_moved(const std::string& failure) {
  if (!failure.empty()) sdk::fail(errors::funds_refused(failure));
}

// The old hold goes back and the larger takes its place.
void raise(sdk::Context& ctx, const Hold& hold, std::int64_t held, const sdk::Money& more) {
  if (more.minor_units <= 0) require_moved("not a positive amount");
  if (held > 0)
    require_moved(failure_of(deposits(ctx).release({hold.account, hold.name, std::nullopt})));
  const sdk::Money total = sdk::add(sdk::money(more.currency, held), more);
  require_moved(failure_of(deposits(ctx).hold({hold.account, hold.name, total})));
}

std::string release(sdk::Context& ctx, const Hold& hold, const sdk::Money& amount) {
  if (amount.minor_units == 0) return {};
  return failure_of(deposits(ctx).release({hold.account, hold.name, amount}));
}

std::string pay(sdk::Context& ctx, const Hold& hold, const std::string& to,
                const sdk::Money& amount, std::string_view reference) {
  if (amount.minor_units == 0) return {};
  return failure_of(
      deposits(ctx).pay({hold.account, hold.name, to, amount, std::string(reference)}));
}

}  // namespace usance::oracle_aggregator::v1
