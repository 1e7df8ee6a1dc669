#include "oracle_aggregator/order_closing.h"

#include <utility>

#include "contracts/sdk/instant.h"
#include "oracle_aggregator/funds.h"
#include "oracle_aggregator/holds.h"
#include "oracle_aggregator/matching.h"
#include "oracle_aggregator/reputation.h"
#include "oracle_aggregator/rounds.h"

namespace usance::oracle_aggregator::v1 {
namespace {

// At once: each moves money twice and makes up to five events, of the 64 that one call may make.
constexpr int kBidsAtOnce = 8;

void give_back_later(sdk::Context& ctx, const std::string& feed, std::string after) {
  ctx.schedule<method::GiveBack>(ctx.now_ms(), {feed, std::move(after)});
}

std::vector<Offer> offers_of(sdk::Context& ctx, const std::string& feed) {
  std::vector<Offer> out;
  bids_of(ctx, feed).each([&](const sdk::Bytes&, const Bid& bid) {
    if (bid.state == BidState::kRevealed)
      out.push_back({bid.oracle, bid.price, score_of(ctx, bid.oracle), bid.source});
    return true;
  });
  return out;
}

// What becomes of each bid; the money of those that are not matched moves later.
void decide_bids(sdk::Context& ctx, const PostOrderRequest& terms,
                 const std::vector<std::string>& matched) {
  sdk::Collection<Bid> bids = bids_of(ctx, terms.feed);
  bids.each([&](const sdk::Bytes& key, const Bid& known) {
    Bid bid = known;
    if (bid.state == BidState::kSealed) {
      bid.state = BidState::kUnrevealed;
      bid.penalty = share_of(bid.stake, terms.rules.penalties.unrevealed);
      bid.stake -= bid.penalty;
      count_broken_bid(ctx, bid.oracle);
    } else if (contains(matched, bid.oracle)) {
      bid.state = BidState::kMatched;
      bid.stake = 0;  // the oracle's from now on
    } else {
      bid.state = BidState::kUnmatched;
    }
    bids.put(key, bid);
    return true;
  });
}

// The matched oracle brings its bid's stake, and reports from the source that it has bid.
void take_over(sdk::Context& ctx, const PostOrderRequest& terms, const Offer& offer) {
  const std::optional<Bid> bid = bids_of(ctx, terms.feed).find(offer.oracle);
  std::optional<Oracle> oracle = find_oracle(ctx, terms.feed, offer.oracle);
  if (!bid || !oracle) return;  // both were written in this call
  oracle->stake_account = bid->account;
  oracle->stake = terms.rules.stake;
  oracle->source = offer.source;
  store_oracle(ctx, terms.feed, *oracle);
}

// The order's money pays for rounds at the price that was found; what is more than their reserve
// the requester can withdraw.
void open_feed(sdk::Context& ctx, Order& order, const std::vector<Offer>& chosen,
               const std::vector<std::string>& matched) {
  const PostOrderRequest& terms = order.terms;
  Feed feed;
  feed.feed = terms.feed;
  feed.description = terms.description;
  feed.unit = terms.unit;
  feed.decimals = terms.decimals;
  feed.rules = terms.rules;
  feed.rules.payment = order.price;
  feed.currency = terms.currency;
  feed.penalty_account = terms.penalty_account;
  feed.fund_account = terms.account;
  feed.available = std::exchange(order.funds, 0);
  found_feed(ctx, feed, matched, order.requester);
  for (const Offer& offer : chosen) take_over(ctx, terms, offer);
  Rounds(ctx, feed).request(order.requester.organisation);
  store_feed(ctx, feed);
  ctx.emit(OrderFilled{terms.feed, sdk::money(terms.currency, order.price), matched,
                       feed.reporting_round});
}

void refund(sdk::Context& ctx, Order& order) {
  const sdk::Money amount = sdk::money(order.terms.currency, order.funds);
  const std::string failure =
      release(ctx, fund_hold(order.terms.account, order.terms.feed), amount);
  if (failure.empty()) order.funds = 0;
  order_of(ctx, order.terms.feed).put(order);
  ctx.emit(OrderRefunded{order.terms.feed, amount, failure});
}

void settle_bid(sdk::Context& ctx, const PostOrderRequest& terms, Bid bid) {
  const Hold hold = stake_hold(bid.account, terms.feed, bid.oracle);
  BidSettled event{terms.feed,
                   bid.oracle,
                   bid.state,
                   sdk::money(terms.currency, bid.stake),
                   sdk::money(terms.currency, bid.penalty),
                   {}};
  event.failure = release(ctx, hold, event.returned);
  if (event.failure.empty()) bid.stake = 0;
  const std::string unpaid = pay(ctx, hold, terms.penalty_account, event.penalty, terms.feed);
  if (unpaid.empty())
    bid.penalty = 0;
  else
    event.failure = unpaid;
  bids_of(ctx, terms.feed).put(bid.oracle, bid);
  ctx.emit(event);
}

// How many amounts it has tried to move.
int settle_some(sdk::Context& ctx, Order& order, const std::string& after) {
  int tried = 0;
  if (order.state == OrderState::kUnfilled && order.funds != 0) {
    refund(ctx, order);
    ++tried;
  }
  sdk::Collection<Bid> bids = bids_of(ctx, order.terms.feed);
  std::string last = after;
  for (auto entry = bids.first_after(last); entry; entry = bids.first_after(last)) {
    if (tried >= kBidsAtOnce) {
      give_back_later(ctx, order.terms.feed, last);
      break;
    }
    last = entry->value.oracle;
    if (entry->value.stake == 0 && entry->value.penalty == 0) continue;
    settle_bid(ctx, order.terms, std::move(entry->value));
    ++tried;
  }
  return tried;
}

}  // namespace

void match_order(sdk::Context& ctx, const std::string& feed) {
  Order order = load_order(ctx, feed);
  if (order.state != OrderState::kOpen) return;
  const PostOrderRequest& terms = order.terms;
  const std::vector<Offer> offers = offers_of(ctx, feed);
  const std::vector<Offer> chosen = match(offers, terms.oracles, terms.rules.max_per_group);
  std::vector<std::string> matched;
  matched.reserve(chosen.size());
  for (const Offer& offer : chosen) matched.push_back(offer.oracle);
  decide_bids(ctx, terms, matched);
  order.timer = 0;
  if (chosen.empty()) {
    order.state = OrderState::kUnfilled;
    ctx.emit(
        OrderUnfilled{feed, terms.oracles, order.bids, static_cast<std::uint32_t>(offers.size())});
  } else {
    order.state = OrderState::kFilled;
    order.price = chosen.back().price;
    open_feed(ctx, order, chosen, matched);
  }
  order_of(ctx, feed).put(order);
  give_back_later(ctx, feed, {});
}

void give_back(sdk::Context& ctx, const SettleOrderRequest& request) {
  Order order = load_order(ctx, request.feed);
  settle_some(ctx, order, request.after);
}

void settle_order(sdk::Context& ctx, const SettleOrderRequest& request) {
  Order order = load_order(ctx, request.feed);
  if (order.state == OrderState::kOpen) {
    if (ctx.now_ms() < order.terms.reveals_until_ms)
      sdk::fail(
          errors::order_not_due(request.feed, sdk::exact_instant(order.terms.reveals_until_ms)));
    match_order(ctx, request.feed);
    return;
  }
  if (settle_some(ctx, order, request.after) == 0)
    sdk::fail(errors::nothing_to_settle(request.feed));
}

}  // namespace usance::oracle_aggregator::v1
