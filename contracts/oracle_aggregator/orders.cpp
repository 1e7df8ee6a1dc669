#include "oracle_aggregator/orders.h"

#include "contracts/sdk/instant.h"
#include "oracle_aggregator/funds.h"
#include "oracle_aggregator/holds.h"
#include "oracle_aggregator/reputation.h"
#include "oracle_aggregator/statements.h"

namespace usance::oracle_aggregator::v1 {
namespace {

// To read 64 bids and to found a feed of 64 oracles; both are bounded.
constexpr std::int64_t kMatchGas = 60'000'000;

sdk::Bytes hash_of(sdk::Context& ctx, const RevealBidRequest& request) {
  return ctx.sha256(bid_statement(
      {ctx.self(), request.feed, ctx.organisation(), request.price, request.source, request.salt}));
}

void require_open(const Order& order) {
  if (order.state != OrderState::kOpen)
    sdk::fail(errors::order_not_open(order.terms.feed, to_text(order.state)));
}

// Refuses an order that no bids could fill.
void check_terms(sdk::Context& ctx, const PostOrderRequest& terms) {
  const Rules& rules = terms.rules;
  if (terms.oracles > kMaxOracles) sdk::fail(errors::too_many_oracles(kMaxOracles));
  require_rule(rules.payment > 0, "payment", rules.payment);
  require_rule(rules.stake > 0, "stake", rules.stake);
  check_rules(rules, terms.oracles);
  const std::uint32_t needed = oracles_needed(rules);
  if (terms.oracles < needed)
    sdk::fail(errors::too_few_oracles(terms.oracles, rules.tolerated_liars, needed));
  const std::int64_t now_ms = ctx.now_ms();
  require_rule(terms.bids_until_ms > now_ms, "bids_until_ms", terms.bids_until_ms);
  require_rule(terms.reveals_until_ms > terms.bids_until_ms &&
                   terms.reveals_until_ms - now_ms <= kMaxTimeoutMs,
               "reveals_until_ms", terms.reveals_until_ms);
  require_rule(!repeats(terms.sources), "sources", "a list that repeats one");
  require_rule(terms.sources.empty() || rules.max_per_group == 0 ||
                   terms.sources.size() * std::uint64_t{rules.max_per_group} >= terms.oracles,
               "sources", "too short a list for so many oracles");
  require_rule(!repeats(terms.invited), "invited", "a list that repeats one");
  require_rule(terms.invited.empty() || terms.invited.size() >= terms.oracles, "invited",
               "too short a list for so many oracles");
}

}  // namespace

sdk::Record<Order> order_of(sdk::Context& ctx, std::string_view feed) {
  return {ctx, feed_scope(feed)};
}

sdk::Collection<Bid> bids_of(sdk::Context& ctx, std::string_view feed) {
  return {ctx, feed_scope(feed)};
}

Order load_order(sdk::Context& ctx, std::string_view feed) {
  return order_of(ctx, feed).get([&] { return errors::no_order(feed); });
}

void post_order(sdk::Context& ctx, const PostOrderRequest& request) {
  require_unused_name(ctx, request.feed);
  check_terms(ctx, request);
  Order order;
  order.terms = request;
  order.requester = ctx.actor();
  order.posted_ms = ctx.now_ms();
  order.funds = reserve(request.rules);
  raise(ctx, fund_hold(request.account, request.feed), 0,
        sdk::money(request.currency, order.funds));
  order.timer =
      ctx.schedule<method::MatchOrder>(request.reveals_until_ms, {request.feed}, kMatchGas).value;
  order_of(ctx, request.feed).put(order);
  ctx.emit(OrderPosted{request.feed, request, order.requester});
}

void cancel_order(sdk::Context& ctx, const std::string& feed) {
  Order order = load_order(ctx, feed);
  if (ctx.organisation() != order.requester.organisation)
    sdk::fail(errors::not_requester(ctx.organisation(), feed));
  require_open(order);
  if (order.bids != 0) sdk::fail(errors::order_has_bids(feed, order.bids));
  require_moved(release(ctx, fund_hold(order.terms.account, feed),
                        sdk::money(order.terms.currency, order.funds)));
  ctx.cancel(sdk::TimerId{order.timer});
  order.timer = 0;
  order.funds = 0;
  order.state = OrderState::kCancelled;
  order_of(ctx, feed).put(order);
  ctx.emit(OrderCancelled{feed, ctx.actor()});
}

void place_bid(sdk::Context& ctx, const PlaceBidRequest& request) {
  Order order = load_order(ctx, request.feed);
  const PostOrderRequest& terms = order.terms;
  const std::string& oracle = ctx.organisation();
  require_open(order);
  if (ctx.now_ms() >= terms.bids_until_ms)
    sdk::fail(errors::bids_closed(terms.feed, sdk::exact_instant(terms.bids_until_ms)));
  if (oracle == order.requester.organisation) sdk::fail(errors::self_bid(oracle));
  if (!terms.invited.empty() && !contains(terms.invited, oracle))
    sdk::fail(errors::not_invited(oracle, terms.feed));
  const std::uint32_t score = score_of(ctx, oracle);
  if (score < terms.min_score)
    sdk::fail(errors::score_too_low(oracle, score, terms.feed, terms.min_score));
  sdk::Collection<Bid> bids = bids_of(ctx, terms.feed);
  if (bids.exists(oracle)) sdk::fail(errors::already_bid(oracle, terms.feed));
  if (order.bids >= kMaxBids) sdk::fail(errors::too_many_bids(kMaxBids));
  raise(ctx, stake_hold(request.account, terms.feed, oracle), 0,
        sdk::money(terms.currency, terms.rules.stake));
  Bid bid;
  bid.oracle = oracle;
  bid.commitment = request.commitment;
  bid.at_ms = ctx.now_ms();
  bid.account = request.account;
  bid.stake = terms.rules.stake;
  bids.put(oracle, bid);
  ++order.bids;
  order_of(ctx, terms.feed).put(order);
  ctx.emit(BidPlaced{terms.feed, ctx.actor()});
}

void reveal_bid(sdk::Context& ctx, const RevealBidRequest& request) {
  const Order order = load_order(ctx, request.feed);
  const PostOrderRequest& terms = order.terms;
  const std::string& oracle = ctx.organisation();
  require_open(order);
  if (ctx.now_ms() < terms.bids_until_ms)
    sdk::fail(errors::bid_reveal_too_early(terms.feed, sdk::exact_instant(terms.bids_until_ms)));
  if (ctx.now_ms() >= terms.reveals_until_ms)
    sdk::fail(errors::bid_reveal_too_late(terms.feed, sdk::exact_instant(terms.reveals_until_ms)));
  sdk::Collection<Bid> bids = bids_of(ctx, terms.feed);
  std::optional<Bid> bid = bids.find(oracle);
  if (!bid || bid->state != BidState::kSealed) sdk::fail(errors::no_bid(oracle, terms.feed));
  // Refused, and may be tried again: only what was sealed is ever taken.
  if (bid->commitment != hash_of(ctx, request))
    sdk::fail(errors::bid_mismatch(oracle, terms.feed, sdk::exact_instant(terms.reveals_until_ms)));
  require_rule(request.price >= 0, "price", request.price);
  if (request.price > terms.rules.payment)
    sdk::fail(errors::price_above_limit(request.price, terms.rules.payment));
  if (!terms.sources.empty() && !contains(terms.sources, request.source))
    sdk::fail(errors::source_not_accepted(terms.feed, request.source));
  bid->state = BidState::kRevealed;
  bid->price = request.price;
  bid->source = request.source;
  bids.put(oracle, *bid);
  ctx.emit(BidRevealed{terms.feed, oracle, bid->price, bid->source});
}

OrderView view_order(sdk::Context& ctx, const std::string& feed) {
  OrderView out;
  out.order = load_order(ctx, feed);
  bids_of(ctx, feed).each([&](const sdk::Bytes&, const Bid& bid) {
    out.bids.push_back(bid);
    return true;
  });
  return out;
}

}  // namespace usance::oracle_aggregator::v1
