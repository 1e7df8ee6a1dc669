// Orders under random actions: bids true, false, dear and forgotten; strangers; the clock; reports
// of those that were matched, singly and signed. Whatever happens: no money is made or lost, what
// accounts hold is what orders, bids, feeds and oracles are owed, a matched order keeps to its
// terms, and the same actions come to the same state.
#include <algorithm>
#include <map>
#include <random>

#include "keys.h"
#include "order_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class RandomOrders : public OrderTest {
 protected:
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }
  int any_oracle() { return static_cast<int>(below(7)) + 1; }
  // Names sort as the orders came.
  static std::string name_of(std::uint32_t number) { return std::to_string(1'000 + number); }
  // One of the latest.
  std::string any_order() { return name_of(orders_ - below(std::min(orders_, 2U))); }

  struct Secret {
    std::int64_t price = 0;
    std::string source;
  };

  void post_one() {
    PostOrderRequest request = terms();
    request.feed = name_of(orders_ + 1);
    request.rules.max_per_group = below(3);
    request.rules.payment = 40 + below(kLimit);
    request.rules.stake = 1 + below(1'000);
    request.oracles = 4 + below(2);
    request.bids_until_ms = chain->now_ms() + 1 + below(20'000);
    request.reveals_until_ms = request.bids_until_ms + 1 + below(20'000);
    if (post(request).ok()) ++orders_;
  }
  void bid_some() {
    const std::string name = any_order();
    for (int who = 1; who <= 7; ++who) {
      if (below(4) != 0) continue;
      const Secret secret{below(60), std::string(1, static_cast<char>('a' + below(6)))};
      if (bid(who, secret.price, secret.source, name).ok()) secrets_[{name, who}] = secret;
    }
  }
  // Of the latest.
  void reveal_some() {
    auto entry = secrets_.rbegin();
    for (int i = 0; i < 12 && entry != secrets_.rend(); ++i, ++entry) {
      if (below(3) != 0) continue;
      const auto& [key, secret] = *entry;
      const std::int64_t lie = below(30) == 0 ? 1 : 0;
      (void)reveal(key.second, secret.price + lie, secret.source, key.first);
    }
  }
  SignedReport signed_report(const std::string& name, std::uint64_t number, const Bid& bid) {
    SignedReport out{
        bid.oracle, 40 + below(3), chain->now_ms(), SourceProof{bid.source, 1, Bytes(32, 1)}, {}};
    const int who = bid.oracle.back() - '0';
    out.signature = sign(
        below(20) == 0 ? 99 : who,
        sdk::netstrings({"usance/signed-report/1", kContract, name, std::to_string(number),
                         out.oracle, std::to_string(out.value), std::to_string(out.observed_ms),
                         out.source->source, "1", sdk::text_of(out.source->proof)}));
    return out;
  }
  void report_some() {
    const std::string name = any_order();
    const auto feed = chain->view<method::GetFeed>(insurer, kContract, {name});
    if (!feed.ok()) return;
    const std::uint64_t number = feed.response.reporting_round + below(2);
    std::vector<SignedReport> reports;
    for (const Bid& each : order(name).bids) {
      if (each.state != BidState::kMatched || below(3) == 0) continue;
      reports.push_back(signed_report(name, number, each));
      if (below(2) == 0) continue;
      (void)chain->call<method::Submit>(
          {each.oracle, "gateway"}, kContract,
          {name, number, 40 + below(3), SourceProof{each.source, 1, Bytes(32, 1)}});
      reports.pop_back();
    }
    if (!reports.empty())
      (void)chain->call<method::SubmitSigned>(carrier, kContract, {name, number, reports});
  }
  void move_money() {
    const std::string name = any_order();
    const int who = any_oracle();
    const std::string account = account_of(oracle(who).organisation);
    switch (below(6)) {
      case 0:
        (void)chain->call<method::Fund>(carrier, kContract, {name, kPayer, usd(below(300))});
        break;
      case 1:
        (void)chain->call<method::WithdrawFunds>(carrier, kContract, {name, usd(below(300))});
        break;
      case 2: (void)chain->call<method::Collect>(oracle(who), kContract, {name, account}); break;
      case 3:
        (void)chain->call<method::Stake>(oracle(who), kContract, {name, account, usd(below(300))});
        break;
      case 4:
        (void)chain->call<method::CollectPenalties>(insurer, kContract,
                                                    {name, oracle(who).organisation});
        break;
      default: (void)chain->call<method::SettleOrder>(insurer, kContract, {name, ""});
    }
  }
  void act_once() {
    if (orders_ == 0) return post_one();
    switch (below(16)) {
      case 0:
        if (below(6) == 0) post_one();
        break;
      case 1:
        if (below(2) == 0)
          (void)chain->call<method::CancelOrder>(carrier, kContract, {any_order()});
        break;
      case 2:
      case 3: chain->advance_by(below(2'000)); break;
      case 4:
      case 5: move_money(); break;
      case 6: report_some(); break;
      case 7:
      case 8:
      case 9:
      case 10:
      case 11: reveal_some(); break;
      default: bid_some();
    }
  }

  // What is held on the accounts of carrier and oracles, by what the contract says of it.
  std::map<std::string, std::int64_t> owed() {
    std::map<std::string, std::int64_t> out;
    for (std::uint32_t i = 1; i <= orders_; ++i) {
      const OrderView view = order(name_of(i));
      out["carrier"] += view.order.funds;
      for (const Bid& each : view.bids) out[each.oracle] += each.stake + each.penalty;
      const auto feed = chain->record<Feed>(kContract, "feed/" + name_of(i));
      if (feed) out["carrier"] += feed->available + feed->allocated;
      for (int who = 1; who <= 7; ++who) {
        const std::string organisation = oracle(who).organisation;
        const auto raw = chain->state(
            {kContract, to_bytes("feed/" + name_of(i)), to_bytes("oracle/" + organisation)});
        if (!raw) continue;
        const auto oracle = sdk::from_wire<Oracle>(*raw).value;
        out[organisation] += oracle->stake + oracle->slashed;
      }
    }
    return out;
  }
  void expect_kept_terms(const OrderView& view) {
    const PostOrderRequest& terms = view.order.terms;
    std::map<std::string, std::uint32_t> sources;
    std::uint32_t matched = 0;
    for (const Bid& each : view.bids) {
      if (each.state != BidState::kMatched) continue;
      ++matched;
      EXPECT_LE(each.price, view.order.price);
      EXPECT_LE(++sources[each.source],
                terms.rules.max_per_group == 0 ? terms.oracles : terms.rules.max_per_group);
    }
    EXPECT_EQ(matched, view.order.state == OrderState::kFilled ? terms.oracles : 0);
    EXPECT_LE(view.order.price, terms.rules.payment);
  }
  void expect_sound() {
    EXPECT_EQ(everything(), all_);
    for (auto& [organisation, cents] : owed()) EXPECT_EQ(held(organisation), cents) << organisation;
    for (std::uint32_t i = 1; i <= orders_; ++i) expect_kept_terms(order(name_of(i)));
  }
  // The state of all orders at the end.
  std::vector<OrderView> run(std::uint32_t seed, int actions) {
    random_.seed(seed);
    orders_ = 0;
    secrets_.clear();
    for (int who = 1; who <= 7; ++who)
      (void)chain->call<method::SetReportingKey>(oracle(who), kContract, {key(who)});
    all_ = everything();
    for (int i = 0; i < actions && !HasFailure(); ++i) {
      act_once();
      if (i % 50 == 0) expect_sound();
    }
    expect_sound();
    std::vector<OrderView> out;
    for (std::uint32_t i = 1; i <= orders_; ++i) out.push_back(order(name_of(i)));
    return out;
  }
  static std::int64_t count(const std::vector<OrderView>& orders, OrderState state) {
    return std::count_if(orders.begin(), orders.end(),
                         [&](const OrderView& view) { return view.order.state == state; });
  }

  std::mt19937 random_;
  std::uint32_t orders_ = 0;
  std::int64_t all_ = 0;
  std::map<std::pair<std::string, int>, Secret> secrets_;
};
USANCE_ON_EVERY_CHAIN(RandomOrders);

TEST_P(RandomOrders, MoneyIsConservedAndTermsAreKept) {
  const auto orders = run(20'261'122, 4'000);
  EXPECT_GT(count(orders, OrderState::kFilled), 3);
  EXPECT_GT(count(orders, OrderState::kUnfilled), 10);
  EXPECT_GT(count(orders, OrderState::kCancelled), 3);
  EXPECT_GT(available("bank"), 0);
  std::uint64_t rounds = 0;
  for (std::uint32_t i = 1; i <= orders_; ++i) {
    const auto feed = chain->record<Feed>(kContract, "feed/" + name_of(i));
    if (feed) rounds += feed->last_answered_round;
  }
  EXPECT_GT(rounds, 3U);
}

TEST_P(RandomOrders, ComeToTheSameWhenReplayed) {
  const auto first = run(9, 300);
  SetUp();
  EXPECT_EQ(first, run(9, 300));
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
