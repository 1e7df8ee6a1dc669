// An order of the carrier for the humidity in a container: four oracles, one liar borne, at most
// two from one source.
#pragma once

#include "base/hash.h"
#include "contracts/sdk/netstring.h"
#include "money_fixture.h"

namespace usance::oracle_aggregator::v1 {

template <class Event>
auto Makes() {
  return ::testing::Truly(
      [](const testchain::Outcome& outcome) { return outcome.event<Event>().has_value(); });
}

class OrderTest : public MoneyTest {
 protected:
  static constexpr const char* kOrder = "MSKU7654321/humidity";
  static constexpr std::int64_t kLimit = 100;
  static constexpr std::int64_t kStake = 5'000;
  static constexpr std::int64_t kPenalty = 500;  // ten per cent
  static constexpr std::int64_t kBiddingMs = 60'000;
  static constexpr std::int64_t kRevealingMs = 30'000;
  static constexpr std::int64_t kFunds = 2 * 4 * kLimit;

  PostOrderRequest terms() {
    PostOrderRequest out;
    out.feed = kOrder;
    out.description = "relative humidity of the return air, per cent";
    out.unit = "per cent";
    out.rules = rules();
    out.rules.max_submissions = 4;
    out.rules.min_value = 0;
    out.rules.max_value = 100;
    out.rules.max_per_group = 2;
    out.rules.payment = kLimit;
    out.rules.stake = kStake;
    out.rules.penalties = {10, 20, 1'000, 2'000, 1};
    out.oracles = 4;
    out.bids_until_ms = chain->now_ms() + kBiddingMs;
    out.reveals_until_ms = out.bids_until_ms + kRevealingMs;
    out.account = kPayer;
    out.currency = "USD";
    out.penalty_account = kPool;
    return out;
  }
  testchain::Outcome post(const PostOrderRequest& request) {
    return chain->call<method::PostOrder>(carrier, kContract, request);
  }

  static Bytes salt_of(int who) { return to_bytes("salt of " + std::to_string(who)); }
  static Bytes sealed(int who, std::int64_t price, const std::string& source,
                      const std::string& order = kOrder) {
    const Hash32 hash =
        sha256(sdk::netstrings({"usance/bid/1", kContract, order, oracle(who).organisation,
                                std::to_string(price), source, sdk::text_of(salt_of(who))}));
    return {hash.bytes.begin(), hash.bytes.end()};
  }
  testchain::Outcome bid(int who, std::int64_t price, const std::string& source,
                         const std::string& order = kOrder) {
    return chain->call<method::PlaceBid>(
        oracle(who), kContract,
        {order, sealed(who, price, source, order), account_of(oracle(who).organisation)});
  }
  testchain::Outcome reveal(int who, std::int64_t price, const std::string& source,
                            const std::string& order = kOrder) {
    return chain->call<method::RevealBid>(oracle(who), kContract,
                                          {order, price, source, salt_of(who)});
  }
  // What came of the timers that are due when revealing ends, and then when the money moved.
  std::vector<testchain::Outcome> close() {
    std::vector<testchain::Outcome> out = chain->advance_to(order().order.terms.reveals_until_ms);
    for (testchain::Outcome& each : chain->advance_by(1)) out.push_back(std::move(each));
    for (const testchain::Outcome& each : out) EXPECT_THAT(each, Succeeds());
    return out;
  }
  struct Offered {
    std::int64_t price;
    std::string source;
  };
  // Oracle 1 makes the first bid, and so on; all are revealed, and the order closed.
  std::vector<testchain::Outcome> run(const std::vector<Offered>& bids) {
    int who = 0;
    for (const Offered& each : bids) EXPECT_THAT(bid(++who, each.price, each.source), Succeeds());
    chain->advance_by(kBiddingMs);
    who = 0;
    for (const Offered& each : bids)
      EXPECT_THAT(reveal(++who, each.price, each.source), Succeeds());
    return close();
  }

  OrderView order(const std::string& name = kOrder) {
    return chain->view<method::GetOrder>(insurer, kContract, {name}).response;
  }
  BidState state_of(int who) {
    for (const Bid& each : order().bids)
      if (each.oracle == oracle(who).organisation) return each.state;
    ADD_FAILURE() << "oracle " << who << " has not bid";
    return BidState::kSealed;
  }
  Reputation reputation(int who) {
    return chain->view<method::GetOracle>(insurer, kContract, {oracle(who).organisation})
        .response.reputation;
  }
  Feed ordered_feed() {
    return chain->view<method::GetFeed>(insurer, kContract, {kOrder}).response;
  }
  testchain::Reply<RoundStatus> report(int who, std::uint64_t number, std::int64_t value,
                                       const std::string& source) {
    return chain->call<method::Submit>(
        oracle(who), kContract,
        {kOrder, number, value, SourceProof{source, chain->now_ms(), Bytes(32, 1)}});
  }
  template <class Event>
  static std::optional<Event> find(const std::vector<testchain::Outcome>& outcomes) {
    for (const testchain::Outcome& each : outcomes)
      if (auto event = each.event<Event>()) return event;
    return std::nullopt;
  }
};

}  // namespace usance::oracle_aggregator::v1
