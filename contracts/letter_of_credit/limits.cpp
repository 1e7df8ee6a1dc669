#include "contracts/letter_of_credit/limits.h"

#include <string>

#include "contracts/letter_of_credit/contract.h"
#include "contracts/sdk/money.h"
#include "contracts/sdk/storage.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

namespace {

contract::Collection<SigningLimit> limits_of(Context& ctx) {
  return {ctx, "@limits/" + ctx.organisation()};
}

}  // namespace

void require_limit(Context& ctx, const contract::Money& amount) {
  const contract::Collection<SigningLimit> limits = limits_of(ctx);
  const std::string user = ctx.user();
  auto limit = limits.find(user + "/" + amount.currency);
  if (!limit) limit = limits.find("/" + amount.currency);
  if (limit && amount.minor_units > limit->limit.minor_units) {
    fail(errors::over_limit(user, limit->limit, amount));
  }
}

contract::Empty Contract::set_signing_limit(Context& ctx, const SetSigningLimitRequest& request) {
  contract::Collection<SigningLimit> limits = limits_of(ctx);
  const std::string key = request.user + "/" + request.limit.currency;
  if (request.remove) {
    limits.erase(key);
  } else {
    limits.put(key, {request.user, request.limit});
  }
  SigningLimitSet event;
  event.user = request.user;
  event.limit = request.limit;
  event.removed = request.remove;
  event.by = ctx.actor();
  ctx.emit(event);
  return {};
}

}  // namespace usance::letter_of_credit::v1
