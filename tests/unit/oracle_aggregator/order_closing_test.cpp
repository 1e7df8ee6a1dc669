// What an order comes to: the feed that opens by itself, or everybody's money back.
#include "order_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class OrderClosingTest : public OrderTest {
 protected:
  void SetUp() override {
    OrderTest::SetUp();
    ASSERT_THAT(post(terms()), Succeeds());
  }
};
USANCE_ON_EVERY_CHAIN(OrderClosingTest);

TEST_P(OrderClosingTest, TheCheapestServeAtTheHighestOfTheirPrices) {
  const auto outcomes = run({{90, "a"}, {60, "b"}, {80, "c"}, {50, "d"}, {70, "e"}});
  const auto filled = find<OrderFilled>(outcomes);
  ASSERT_TRUE(filled);
  EXPECT_EQ(filled->price, usd(80));
  EXPECT_EQ(filled->oracles,
            (std::vector<std::string>{"oracle-4", "oracle-2", "oracle-5", "oracle-3"}));
  EXPECT_EQ(filled->round, 1U);
  EXPECT_EQ(order().order.state, OrderState::kFilled);
  EXPECT_EQ(state_of(1), BidState::kUnmatched);
  EXPECT_EQ(state_of(2), BidState::kMatched);

  const Feed now = ordered_feed();
  EXPECT_EQ(now.administrator, "carrier");
  EXPECT_EQ(now.oracles, 4U);
  EXPECT_EQ(now.rules.payment, 80);
  EXPECT_EQ(now.reporting_round, 1U);
  EXPECT_EQ(now.available, kFunds);
  EXPECT_EQ(held("carrier"), kFunds);
  EXPECT_EQ(held("oracle-1"), 0);  // its stake is back
  EXPECT_EQ(available("oracle-1"), kOraclesCents);
  EXPECT_EQ(held("oracle-2"), kStake);
}

TEST_P(OrderClosingTest, TheMatchedOraclesReportAndArePaid) {
  run({{90, "a"}, {60, "b"}, {80, "c"}, {50, "d"}, {70, "e"}});
  EXPECT_THAT(report(1, 1, 40, "a"), FailsWith(Error::kNotEnabledOracle));
  ASSERT_THAT(report(2, 1, 40, "b"), Succeeds());
  ASSERT_THAT(report(3, 1, 41, "c"), Succeeds());
  ASSERT_THAT(report(4, 1, 42, "d"), Succeeds());
  const Answer answer =
      chain->view<method::Read>(insurer, kContract, {kOrder, kMaxAgeMs, false}).response;
  ASSERT_TRUE(answer.fresh);
  EXPECT_EQ(answer.fresh->value, 41);
  ASSERT_THAT(chain->call<method::Collect>(oracle(2), kContract, {kOrder, "bank/oracle-2/USD"}),
              Succeeds());
  EXPECT_EQ(available("oracle-2"), kOraclesCents - kStake + 80);
  // More rounds are paid for like those of any feed; what is not needed goes back.
  ASSERT_THAT(chain->call<method::Fund>(carrier, kContract, {kOrder, kPayer, usd(500)}),
              Succeeds());
  EXPECT_EQ(held("carrier"), kFunds + 500 - 80);
  EXPECT_THAT(chain->call<method::WithdrawFunds>(carrier, kContract, {kOrder, usd(400)}),
              Succeeds());
}

TEST_P(OrderClosingTest, AnOracleReportsFromTheSourceThatItHasBid) {
  run({{60, "a"}, {60, "a"}, {60, "b"}, {60, "b"}});
  EXPECT_THAT(report(1, 1, 40, "b"), FailsWith(Error::kOtherSource));
  EXPECT_THAT(chain->call<method::Submit>(oracle(1), kContract, {kOrder, 1, 40, {}}),
              FailsWith(Error::kOtherSource));
  EXPECT_THAT(report(1, 1, 40, "a"), Succeeds());
}

TEST_P(OrderClosingTest, OfOneSourceOnlySoManyAreTaken) {
  const auto filled =
      find<OrderFilled>(run({{50, "a"}, {50, "a"}, {50, "a"}, {60, "b"}, {99, "b"}, {98, "c"}}));
  ASSERT_TRUE(filled);
  EXPECT_EQ(filled->oracles,
            (std::vector<std::string>{"oracle-1", "oracle-2", "oracle-4", "oracle-6"}));
  EXPECT_EQ(filled->price, usd(98));
}

TEST_P(OrderClosingTest, OfEqualPricesTheBetterKnownThenTheFirstByName) {
  submit_all(1, {40, 599, 41, 42, 41});  // the second oracle's score suffers
  const auto filled =
      find<OrderFilled>(run({{50, "a"}, {50, "b"}, {50, "c"}, {50, "d"}, {50, "e"}, {50, "f"}}));
  ASSERT_TRUE(filled);
  EXPECT_EQ(filled->oracles,
            (std::vector<std::string>{"oracle-1", "oracle-3", "oracle-4", "oracle-5"}));
}

TEST_P(OrderClosingTest, TooFewBidsEndInRefunds) {
  const auto outcomes = run({{50, "a"}, {60, "b"}, {70, "c"}});
  const auto unfilled = find<OrderUnfilled>(outcomes);
  ASSERT_TRUE(unfilled);
  EXPECT_EQ(unfilled->wanted, 4U);
  EXPECT_EQ(unfilled->bids, 3U);
  EXPECT_EQ(unfilled->revealed, 3U);
  const auto refunded = find<OrderRefunded>(outcomes);
  ASSERT_TRUE(refunded);
  EXPECT_EQ(refunded->amount, usd(kFunds));
  EXPECT_EQ(order().order.state, OrderState::kUnfilled);
  EXPECT_EQ(order().order.funds, 0);
  EXPECT_EQ(held("carrier"), 0);
  EXPECT_EQ(available("carrier"), kPayersCents);
  for (int who = 1; who <= 3; ++who) {
    EXPECT_EQ(held(oracle(who).organisation), 0);
    EXPECT_EQ(available(oracle(who).organisation), kOraclesCents);
    EXPECT_EQ(state_of(who), BidState::kUnmatched);
  }
  EXPECT_THAT(chain->view<method::GetFeed>(insurer, kContract, {kOrder}),
              FailsWith(Error::kNoFeed));
  EXPECT_THAT(chain->call<method::SettleOrder>(insurer, kContract, {kOrder, ""}),
              FailsWith(Error::kNothingToSettle));
}

TEST_P(OrderClosingTest, TooManyOfOneSourceAreTooFew) {
  const auto unfilled =
      find<OrderUnfilled>(run({{50, "a"}, {50, "a"}, {50, "a"}, {50, "a"}, {50, "b"}}));
  ASSERT_TRUE(unfilled);
  EXPECT_EQ(unfilled->revealed, 5U);
  EXPECT_EQ(available("carrier"), kPayersCents);
}

TEST_P(OrderClosingTest, AnOrderWithoutBidsEndsToo) {
  const auto outcomes = close();
  EXPECT_TRUE(find<OrderUnfilled>(outcomes));
  EXPECT_EQ(available("carrier"), kPayersCents);
}

TEST_P(OrderClosingTest, ABrokenBidCostsAShareOfItsStake) {
  for (int who = 1; who <= 6; ++who) ASSERT_THAT(bid(who, 50, std::to_string(who)), Succeeds());
  chain->advance_by(kBiddingMs);
  for (int who = 1; who <= 4; ++who) ASSERT_THAT(reveal(who, 50, std::to_string(who)), Succeeds());
  EXPECT_THAT(reveal(5, 49, "5"), FailsWith(Error::kBidMismatch));
  const auto outcomes = close();
  EXPECT_TRUE(find<OrderFilled>(outcomes));
  EXPECT_EQ(state_of(5), BidState::kUnrevealed);
  EXPECT_EQ(state_of(6), BidState::kUnrevealed);
  for (const char* broken : {"oracle-5", "oracle-6"}) {
    EXPECT_EQ(held(broken), 0);
    EXPECT_EQ(available(broken), kOraclesCents - kPenalty);
  }
  EXPECT_EQ(available("bank"), 2 * kPenalty);
  EXPECT_EQ(reputation(5).broken_bids, 1U);
  EXPECT_EQ(reputation(6).broken_bids, 1U);
  EXPECT_LT(reputation(6).score, 5'000U);
  EXPECT_EQ(reputation(6).assigned, 0U);
  EXPECT_EQ(reputation(1).broken_bids, 0U);
}

TEST_P(OrderClosingTest, AMatchedOracleThatDoesNotReportIsPenalisedByTheRules) {
  run({{50, "a"}, {50, "b"}, {50, "c"}, {50, "d"}});
  chain->advance_by(kTimeoutMs);
  ASSERT_THAT(chain->call<method::CollectPenalties>(insurer, kContract, {kOrder, "oracle-1"}),
              Succeeds());
  EXPECT_EQ(available("bank"), kStake * 10 / 10'000);
}

TEST_P(OrderClosingTest, WhatCouldNotMoveMovesLater) {
  PostOrderRequest other = terms();
  other.feed = "later";
  other.penalty_account = "bank/insurer/USD";  // nobody has opened it
  ASSERT_THAT(post(other), Succeeds());
  EXPECT_THAT(chain->call<method::SettleOrder>(insurer, kContract, {"later", ""}),
              FailsWith(Error::kOrderNotDue));
  ASSERT_THAT(bid(1, 50, "a", "later"), Succeeds());
  chain->advance_to(other.reveals_until_ms);
  const auto settled = find<BidSettled>(chain->advance_by(1));
  ASSERT_TRUE(settled);
  EXPECT_FALSE(settled->failure.empty());
  EXPECT_EQ(held("oracle-1"), kPenalty);
  EXPECT_EQ(available("oracle-1"), kOraclesCents - kPenalty);
  open("insurer", 0);
  ASSERT_THAT(chain->call<method::SettleOrder>(insurer, kContract, {"later", ""}), Succeeds());
  EXPECT_EQ(held("oracle-1"), 0);
  EXPECT_EQ(available("insurer"), kPenalty);
  EXPECT_THAT(chain->call<method::SettleOrder>(insurer, kContract, {"later", ""}),
              FailsWith(Error::kNothingToSettle));
}

// A block runs timers only up to a limit of gas: the last of many orders of one instant wait.
TEST_P(OrderClosingTest, AnOrderThatWaitsForItsTimerIsClosedByAnybody) {
  constexpr int kOrders = 20;
  const auto name = [](int number) { return "order-" + std::to_string(number); };
  const std::string last = name(kOrders);
  for (int i = 1; i <= kOrders; ++i) {
    PostOrderRequest each = terms();
    each.feed = name(i);
    ASSERT_THAT(post(each), Succeeds());
  }
  ASSERT_THAT(bid(1, 50, "a", last), Succeeds());
  chain->advance_by(kBiddingMs + kRevealingMs);
  if (GetParam() == testchain::Kind::kNative) {  // that has no limit
    EXPECT_THAT(reveal(1, 50, "a", last), FailsWith(Error::kOrderNotOpen));
    return;
  }
  EXPECT_THAT(reveal(1, 50, "a", last), FailsWith(Error::kBidRevealTooLate));
  ASSERT_EQ(order(last).order.state, OrderState::kOpen);
  ASSERT_THAT(chain->call<method::SettleOrder>(insurer, kContract, {last, ""}),
              Makes<OrderUnfilled>());
  for (int i = 0; i < 5; ++i) chain->advance_by(1);
  for (int i = 1; i <= kOrders; ++i) EXPECT_EQ(order(name(i)).order.funds, 0);
  EXPECT_EQ(held("oracle-1"), 0);
  EXPECT_EQ(available("bank"), kPenalty);
}

// As many bids as an order takes, and a feed of as many oracles as there may be.
class LargestOrderTest : public OrderTest {
 protected:
  [[nodiscard]] int oracles_there_are() const override { return 65; }

  // The gas of either timer is enough twice over.
  static void expect_room(const std::vector<testchain::Outcome>& timers) {
    for (const testchain::Outcome& each : timers)
      EXPECT_LT(each.receipt.gas_used, each.count("BidSettled") == 0 ? 30'000'000U : 5'000'000U);
  }
  // Lets the stakes go back, a few in each block.
  int settle_all() {
    int settled = 0;
    for (int i = 0; i < 10; ++i)
      for (const testchain::Outcome& each : chain->advance_by(1)) {
        EXPECT_THAT(each, Succeeds());
        settled += static_cast<int>(each.count("BidSettled"));
      }
    return settled;
  }
  PostOrderRequest largest() {
    PostOrderRequest out = terms();
    out.oracles = 64;
    out.rules.tolerated_liars = 21;
    out.rules.min_submissions = 43;
    out.rules.max_submissions = 64;
    return out;
  }
  void bid_all(std::int64_t revealed) {
    ASSERT_THAT(post(largest()), Succeeds());
    for (int who = 1; who <= 64; ++who) ASSERT_THAT(bid(who, who, std::to_string(who)), Succeeds());
    EXPECT_THAT(bid(65, 1, "65"), FailsWith(Error::kTooManyBids));
    chain->advance_by(kBiddingMs);
    for (int who = 1; who <= revealed; ++who)
      ASSERT_THAT(reveal(who, who, std::to_string(who)), Succeeds());
  }
};
USANCE_ON_EVERY_CHAIN(LargestOrderTest);

TEST_P(LargestOrderTest, Fills) {
  bid_all(64);
  const auto outcomes = close();
  const auto filled = find<OrderFilled>(outcomes);
  ASSERT_TRUE(filled);
  EXPECT_EQ(filled->oracles.size(), 64U);
  expect_room(outcomes);
  EXPECT_EQ(ordered_feed().reporting_round, 1U);
  // Nobody reports: all of them are penalised at once.
  const auto closed = chain->advance_by(kTimeoutMs);
  for (const testchain::Outcome& each : closed) EXPECT_THAT(each, Succeeds());
  expect_room(closed);
  const auto penalised = find<Penalised>(closed);
  ASSERT_TRUE(penalised);
  EXPECT_EQ(penalised->penalties.size(), 64U);
  EXPECT_EQ(penalised->penalties[0].amount, kStake * 10 / 10'000);
}

TEST_P(LargestOrderTest, GivesBackToAll) {
  const std::int64_t before = everything();
  bid_all(40);
  const auto outcomes = close();
  ASSERT_TRUE(find<OrderUnfilled>(outcomes));
  expect_room(outcomes);
  int settled = settle_all();
  for (const testchain::Outcome& each : outcomes)
    settled += static_cast<int>(each.count("BidSettled"));
  EXPECT_EQ(settled, 64);
  for (int who = 1; who <= 64; ++who) EXPECT_EQ(held(oracle(who).organisation), 0);
  EXPECT_EQ(available("bank"), 24 * kPenalty);
  EXPECT_EQ(available("carrier"), kPayersCents);
  EXPECT_EQ(everything(), before);
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
