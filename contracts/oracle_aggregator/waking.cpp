#include "oracle_aggregator/waking.h"

#include "oracle_aggregator/consumer.usance.h"
#include "oracle_aggregator/funds.h"
#include "oracle_aggregator/reading.h"

namespace usance::oracle_aggregator::v1 {
namespace {

// What one consumer may spend on one answer.
constexpr std::int64_t kDeliveryGas = 5'000'000;

sdk::Collection<Subscription> subscriptions_of(sdk::Context& ctx, const Feed& feed) {
  return {ctx, feed_scope(feed.feed)};
}

// Names of contracts have no '/', so no two pairs share a key.
std::string key_of(std::string_view contract, std::string_view reference) {
  return std::string(contract) + '/' + std::string(reference);
}

void end(sdk::Context& ctx, Feed& feed, const Subscription& subscription) {
  if (subscription.timer != 0) ctx.cancel(sdk::TimerId{subscription.timer});
  subscriptions_of(ctx, feed).erase(key_of(subscription.contract, subscription.reference));
  --feed.subscriptions;
  feed.exposure -= subscription.exposure;
  ctx.emit(Unsubscribed{feed.feed, subscription.contract, subscription.reference});
}

}  // namespace

void subscribe(sdk::Context& ctx, Feed& feed, const SubscribeRequest& request) {
  const std::string& contract = ctx.calling_contract();
  if (request.max_age_ms < 0)
    sdk::fail(errors::rule_out_of_range("max_age_ms", request.max_age_ms));
  // The time for an appeal and the time to decide it: an answer that lasted both is that old.
  if (request.final_only && request.max_age_ms <= 2 * feed.rules.appeal_ms)
    sdk::fail(errors::max_age_below_appeal(2 * feed.rules.appeal_ms, request.max_age_ms));
  auto all = subscriptions_of(ctx, feed);
  const std::string key = key_of(contract, request.reference);
  if (all.exists(key))
    sdk::fail(errors::already_subscribed(contract, request.reference, feed.feed));
  if (feed.subscriptions >= kMaxSubscriptions)
    sdk::fail(errors::too_many_subscriptions(feed.feed, kMaxSubscriptions));
  if (request.exposure < 0) sdk::fail(errors::rule_out_of_range("exposure", request.exposure));
  std::int64_t exposure = 0;
  const bool fits = !__builtin_add_overflow(feed.exposure, request.exposure, &exposure);
  if (request.exposure > 0 && (!fits || exposure > security(ctx, feed)))
    sdk::fail(errors::undersecured(request.exposure, security(ctx, feed)));
  feed.exposure = exposure;
  Subscription subscription;
  subscription.exposure = request.exposure;
  subscription.contract = contract;
  subscription.reference = request.reference;
  subscription.max_age_ms = request.max_age_ms;
  subscription.final_only = request.final_only;
  subscription.parties = request.parties;
  all.put(key, subscription);
  ++feed.subscriptions;
  ctx.emit(Subscribed{feed.feed, contract, request.reference});
}

void unsubscribe(sdk::Context& ctx, Feed& feed, const std::string& reference) {
  const std::string& contract = ctx.calling_contract();
  end(ctx, feed, subscriptions_of(ctx, feed).get(key_of(contract, reference), [&] {
    return errors::no_subscription(contract, reference, feed.feed);
  }));
}

void wake(sdk::Context& ctx, const Feed& feed, bool final) {
  auto all = subscriptions_of(ctx, feed);
  all.each([&](const sdk::Bytes& key, const Subscription& known) {
    // One that is under way delivers what stands when it runs.
    if (known.timer != 0 || (known.final_only && !final)) return true;
    Subscription subscription = known;
    subscription.timer =
        ctx.schedule<method::Deliver>(ctx.now_ms(),
                                      {feed.feed, subscription.contract, subscription.reference},
                                      kDeliveryGas)
            .value;
    all.put(key, subscription);
    return true;
  });
}

void deliver(sdk::Context& ctx, Feed& feed, const DeliverRequest& request) {
  auto all = subscriptions_of(ctx, feed);
  const std::string key = key_of(request.contract, request.reference);
  std::optional<Subscription> subscription = all.find(key);
  if (!subscription) return;  // ended in the same block
  subscription->timer = 0;
  all.put(key, *subscription);
  const auto reply =
      OracleConsumerClient(ctx, request.contract)
          .on_answer({feed.feed, request.reference,
                      read_answer(ctx, feed, subscription->max_age_ms, subscription->final_only)});
  ctx.emit(Delivered{feed.feed, request.contract, request.reference,
                     reply ? std::string() : reason_of(reply)});
  if (reply && reply.response.done) end(ctx, feed, *subscription);
}

bool is_party(sdk::Context& ctx, const Feed& feed, std::string_view organisation) {
  bool found = false;
  subscriptions_of(ctx, feed).each([&](const sdk::Bytes&, const Subscription& subscription) {
    found = contains(subscription.parties, organisation);
    return !found;
  });
  return found;
}

}  // namespace usance::oracle_aggregator::v1
