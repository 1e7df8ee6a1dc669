#include "oracle_aggregator/feeds.h"

namespace usance::oracle_aggregator::v1 {
namespace {

constexpr std::uint32_t kMinFactor = 1'000;  // half of the reports always stay
constexpr std::uint32_t kMaxFactor = 1'000'000;

sdk::Collection<Oracle> oracles_of(sdk::Context& ctx, std::string_view feed) {
  return {ctx, feed_scope(feed)};
}

std::string penalties_text(const Penalties& cost) {
  const auto number = [](std::uint32_t value) { return sdk::decimal(std::uint64_t{value}); };
  return "no_show " + number(cost.no_show) + ", late " + number(cost.late) + ", unrevealed " +
         number(cost.unrevealed) + ", outlier " + number(cost.outlier) +
         ": none may cost less than the one before it, or more than 10000";
}

}  // namespace

void require_rule(bool holds, const char* rule, const sdk::Text& value) {
  if (!holds) sdk::fail(errors::rule_out_of_range(rule, value));
}

bool repeats(const std::vector<std::string>& names) {
  for (auto name = names.begin(); name != names.end(); ++name)
    if (std::find(names.begin(), name, *name) != name) return true;
  return false;
}

std::string feed_scope(std::string_view feed) {
  return "feed/" + std::string(feed);
}

Feed load_feed(sdk::Context& ctx, std::string_view feed) {
  return sdk::Record<Feed>(ctx, feed_scope(feed)).get([&] { return errors::no_feed(feed); });
}

void store_feed(sdk::Context& ctx, const Feed& feed) {
  sdk::Record<Feed>(ctx, feed_scope(feed.feed)).put(feed);
}

void require_administrator(sdk::Context& ctx, const Feed& feed) {
  if (ctx.organisation() != feed.administrator)
    sdk::fail(errors::not_administrator(ctx.organisation(), feed.feed));
}

void require_unused_name(sdk::Context& ctx, std::string_view feed) {
  if (sdk::Record<Feed>(ctx, feed_scope(feed)).exists()) sdk::fail(errors::feed_exists(feed));
  if (sdk::Record<Order>(ctx, feed_scope(feed)).exists()) sdk::fail(errors::order_exists(feed));
}

void found_feed(sdk::Context& ctx, Feed& feed, const std::vector<std::string>& oracles,
                const sdk::Actor& administrator) {
  feed.administrator = administrator.organisation;
  feed.configuration = 1;
  for (const std::string& oracle : oracles) add_oracle(ctx, feed, oracle);
  check_feed(feed);
  store_feed(ctx, feed);
  ctx.emit(FeedCreated{feed.feed, administrator});
}

std::uint32_t oracles_needed(const Rules& rules) {
  return 3 * rules.tolerated_liars + 1;
}

void check_rules(const Rules& rules, std::uint32_t oracles) {
  require_rule(rules.tolerated_liars < kMaxOracles, "tolerated_liars", rules.tolerated_liars);
  require_rule(rules.timeout_ms > 0 && rules.timeout_ms <= kMaxTimeoutMs, "timeout_ms",
               rules.timeout_ms);
  require_rule(
      rules.outlier_factor_permille >= kMinFactor && rules.outlier_factor_permille <= kMaxFactor,
      "outlier_factor_permille", rules.outlier_factor_permille);
  require_rule(rules.tolerance >= 0, "tolerance", rules.tolerance);
  require_rule(rules.appeal_ms >= 0 && rules.appeal_ms <= kMaxTimeoutMs, "appeal_ms",
               rules.appeal_ms);
  // More than half of them, so that they cannot decide both ways.
  const auto arbiters = static_cast<std::uint32_t>(rules.arbiters.size());
  const bool decided = rules.arbiters_needed <= arbiters && 2 * rules.arbiters_needed > arbiters;
  require_rule(rules.appeal_ms == 0 || decided, "arbiters_needed", rules.arbiters_needed);
  require_rule(!repeats(rules.arbiters), "arbiters", "a list that repeats one");
  require_rule(rules.payment >= 0, "payment", rules.payment);
  require_rule(rules.stake >= 0, "stake", rules.stake);
  // The worse the fault, the more it costs.
  const Penalties& cost = rules.penalties;
  require_rule(cost.no_show <= cost.late && cost.late <= cost.unrevealed &&
                   cost.unrevealed <= cost.outlier && cost.outlier <= 10'000,
               "penalties", penalties_text(cost));
  require_rule(rules.trim_permille < 500, "trim_permille", rules.trim_permille);
  require_rule(rules.commit_ms >= 0 && rules.commit_ms < rules.timeout_ms, "commit_ms",
               rules.commit_ms);
  // What a device has signed cannot be copied anyway.
  require_rule(rules.commit_ms == 0 || rules.manufacturers.empty(), "commit_ms", rules.commit_ms);
  require_rule(rules.late_after_ms >= 0, "late_after_ms", rules.late_after_ms);
  if (rules.method == Method::kAttested) {
    require_rule(rules.votes_needed >= rules.min_submissions && 2 * rules.votes_needed > oracles,
                 "votes_needed", rules.votes_needed);
    require_rule(rules.min_value >= 0 && rules.max_value <= 1, "max_value", rules.max_value);
  }
  if (rules.min_value > rules.max_value)
    sdk::fail(errors::bounds_empty(rules.min_value, rules.max_value));
  const std::uint32_t quorum = 2 * rules.tolerated_liars + 1;
  if (rules.min_submissions < quorum)
    sdk::fail(errors::quorum_too_small(rules.min_submissions, rules.tolerated_liars, quorum));
  if (rules.max_submissions < rules.min_submissions)
    sdk::fail(errors::max_below_min(rules.max_submissions, rules.min_submissions));
  if (rules.max_submissions > oracles)
    sdk::fail(errors::max_above_oracles(rules.max_submissions, oracles));
  if (rules.restart_delay >= oracles)
    sdk::fail(errors::delay_above_oracles(rules.restart_delay, oracles));
}

void check_feed(const Feed& feed) {
  check_rules(feed.rules, feed.oracles);
  const bool needs_currency = feed.rules.payment > 0 || feed.rules.stake > 0;
  require_rule(!needs_currency || !feed.currency.empty(), "currency",
               "empty: payments and stakes of the rules are in it");
}

std::optional<Oracle> find_oracle(sdk::Context& ctx, std::string_view feed,
                                  std::string_view oracle) {
  return oracles_of(ctx, feed).find(oracle);
}

void store_oracle(sdk::Context& ctx, std::string_view feed, const Oracle& oracle) {
  oracles_of(ctx, feed).put(oracle.oracle, oracle);
}

void require_plain_reports(const std::string& feed, const Rules& rules) {
  if (rules.commit_ms != 0) sdk::fail(errors::commit_first(feed));
  if (!rules.manufacturers.empty()) sdk::fail(errors::device_required(feed));
}

void require_promised_source(const Oracle& oracle, const std::optional<SourceProof>& source) {
  if (oracle.source.empty() || (source && source->source == oracle.source)) return;
  sdk::fail(errors::other_source(oracle.oracle, oracle.source));
}

bool serves(const Oracle& oracle, std::uint64_t round) {
  return oracle.starting_round <= round &&
         (oracle.ending_round == 0 || round <= oracle.ending_round) &&
         (!oracle.expelled || round <= oracle.last_reported_round);
}

std::uint32_t count_serving(sdk::Context& ctx, std::string_view feed, std::uint64_t round) {
  std::uint32_t count = 0;
  each_serving(ctx, feed, round, [&](const Oracle&) { ++count; });
  return count;
}

void add_oracle(sdk::Context& ctx, Feed& feed, const std::string& name) {
  Oracle oracle = find_oracle(ctx, feed.feed, name).value_or(Oracle{});
  const bool known = !oracle.oracle.empty();
  if (known && oracle.ending_round == 0) sdk::fail(errors::oracle_already_enabled(name));
  if (feed.oracles >= kMaxOracles) sdk::fail(errors::too_many_oracles(kMaxOracles));
  oracle.oracle = name;
  // One that was removed and comes back while it still may report has no gap.
  oracle.starting_round = known && oracle.ending_round == feed.reporting_round + 1
                              ? oracle.starting_round
                              : feed.reporting_round + 1;
  oracle.ending_round = 0;
  oracle.expelled = false;
  store_oracle(ctx, feed.feed, oracle);
  ++feed.oracles;
}

void remove_oracle(sdk::Context& ctx, Feed& feed, const std::string& name) {
  std::optional<Oracle> oracle = find_oracle(ctx, feed.feed, name);
  if (!oracle || oracle->ending_round != 0) sdk::fail(errors::oracle_not_enabled(name));
  oracle->ending_round = feed.reporting_round + 1;  // it may finish what it may have begun
  store_oracle(ctx, feed.feed, *oracle);
  --feed.oracles;
}

void expel_oracle(sdk::Context& ctx, Feed& feed, const std::string& name) {
  std::optional<Oracle> oracle = find_oracle(ctx, feed.feed, name);
  if (oracle && oracle->ending_round == 0) {
    remove_oracle(ctx, feed, name);
    oracle = find_oracle(ctx, feed.feed, name);
  }
  if (!oracle) return;
  oracle->expelled = true;
  store_oracle(ctx, feed.feed, *oracle);
}

}  // namespace usance::oracle_aggregator::v1
