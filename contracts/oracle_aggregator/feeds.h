// A feed's records and the rules about them that need no round.
#pragma once

#include <algorithm>
#include <string_view>

#include "contracts/sdk/storage.h"
#include "oracle_aggregator/oracle_aggregator.usance.h"

namespace usance::oracle_aggregator::v1 {

inline constexpr std::uint32_t kMaxOracles = 64;
inline constexpr std::int64_t kMaxTimeoutMs = 366 * sdk::kDayMs;

[[nodiscard]] inline bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

inline constexpr std::size_t kPublicKeyBytes = 32;  // Ed25519

[[nodiscard]] std::string feed_scope(std::string_view feed);
// Of what is an oracle's in all feeds: its reputation and its keys.
[[nodiscard]] inline std::string oracle_scope(std::string_view oracle) {
  return "oracle/" + std::string(oracle);
}
[[nodiscard]] Feed load_feed(sdk::Context& ctx, std::string_view feed);  // NO_FEED
void store_feed(sdk::Context& ctx, const Feed& feed);
void require_administrator(sdk::Context& ctx, const Feed& feed);  // NOT_ADMINISTRATOR

void require_rule(bool holds, const char* rule, const sdk::Text& value);  // RULE_OUT_OF_RANGE
[[nodiscard]] bool repeats(const std::vector<std::string>& names);
// Refuses rules that contradict themselves or the number of oracles that serve them.
void check_rules(const Rules& rules, std::uint32_t oracles);
// check_rules of the feed, and that it has a currency for the payments and stakes of its rules.
void check_feed(const Feed& feed);
// 3f+1: how many oracles must serve a round.
[[nodiscard]] std::uint32_t oracles_needed(const Rules& rules);

// A new feed, of an unused name or a matched order: rules and money are set.
void found_feed(sdk::Context& ctx, Feed& feed, const std::vector<std::string>& oracles,
                const sdk::Actor& administrator);
void require_unused_name(sdk::Context& ctx, std::string_view feed);  // FEED_EXISTS, ORDER_EXISTS

// Enables and disables oracles and keeps feed.oracles; the caller stores the feed.
void add_oracle(sdk::Context& ctx, Feed& feed, const std::string& oracle);
void remove_oracle(sdk::Context& ctx, Feed& feed, const std::string& oracle);
// The same at once: what it has reported by now stays, it reports nothing more.
void expel_oracle(sdk::Context& ctx, Feed& feed, const std::string& oracle);
[[nodiscard]] std::optional<Oracle> find_oracle(sdk::Context& ctx, std::string_view feed,
                                                std::string_view oracle);
void store_oracle(sdk::Context& ctx, std::string_view feed, const Oracle& oracle);
// COMMIT_FIRST, DEVICE_REQUIRED: where a report is committed to first, or measured by a device.
void require_plain_reports(const std::string& feed, const Rules& rules);
// OTHER_SOURCE when the oracle has bid to report from another one.
void require_promised_source(const Oracle& oracle, const std::optional<SourceProof>& source);
// How many may report in a round.
[[nodiscard]] std::uint32_t count_serving(sdk::Context& ctx, std::string_view feed,
                                          std::uint64_t round);
[[nodiscard]] bool serves(const Oracle& oracle, std::uint64_t round);
// Visits the oracles that may report in a round.
template <class Visit>
void each_serving(sdk::Context& ctx, std::string_view feed, std::uint64_t round, Visit visit) {
  sdk::Collection<Oracle>(ctx, feed_scope(feed)).each([&](const sdk::Bytes&, const Oracle& oracle) {
    if (serves(oracle, round)) visit(oracle);
    return true;
  });
}

}  // namespace usance::oracle_aggregator::v1
