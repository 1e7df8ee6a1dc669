// Orders until their time is over: who may post, bid and reveal what.
#include "order_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

USANCE_ON_EVERY_CHAIN(OrderTest);

TEST_P(OrderTest, HoldsTheMoneyForTwoRoundsAtTheHighestPrice) {
  const auto posted = post(terms());
  ASSERT_THAT(posted, Makes<OrderPosted>());
  EXPECT_EQ(held("carrier"), kFunds);
  EXPECT_EQ(order().order.state, OrderState::kOpen);
  EXPECT_EQ(order().order.requester.organisation, "carrier");
  EXPECT_EQ(order().order.terms, terms());
}

TEST_P(OrderTest, TermsThatNoBidsCouldFillAreRefused) {
  const auto refused = [&](Error error, const std::function<void(PostOrderRequest&)>& spoil) {
    PostOrderRequest bad = terms();
    spoil(bad);
    EXPECT_THAT(post(bad), FailsWith(error));
  };
  const auto out_of_range = [&](const std::function<void(PostOrderRequest&)>& spoil) {
    refused(Error::kRuleOutOfRange, spoil);
  };
  out_of_range([](auto& bad) { bad.rules.payment = 0; });
  out_of_range([](auto& bad) { bad.rules.stake = 0; });
  out_of_range([](auto& bad) { bad.rules.trim_permille = 500; });
  out_of_range([&](auto& bad) { bad.bids_until_ms = chain->now_ms(); });
  out_of_range([](auto& bad) { bad.reveals_until_ms = bad.bids_until_ms; });
  out_of_range([&](auto& bad) { bad.reveals_until_ms = chain->now_ms() + 367 * sdk::kDayMs; });
  out_of_range([](auto& bad) { bad.sources = {"port", "port"}; });
  out_of_range([](auto& bad) { bad.sources = {"port"}; });  // two of one source are too few
  out_of_range([](auto& bad) { bad.invited = {"oracle-1", "oracle-1", "oracle-2", "oracle-3"}; });
  out_of_range([](auto& bad) { bad.invited = {"oracle-1", "oracle-2", "oracle-3"}; });
  refused(Error::kTooManyOracles, [](auto& bad) { bad.oracles = 65; });
  refused(Error::kMaxAboveOracles, [](auto& bad) { bad.oracles = 3; });
  refused(Error::kTooFewOracles, [](auto& bad) {
    bad.oracles = 3;
    bad.rules.max_submissions = 3;
  });
  refused(Error::kQuorumTooSmall, [](auto& bad) { bad.rules.min_submissions = 2; });
  refused(Error::kFundsRefused, [](auto& bad) { bad.rules.payment = 1'000'000; });
  refused(Error::kFundsRefused, [](auto& bad) { bad.account = "bank/oracle-1/USD"; });
  refused(Error::kFeedExists, [](auto& bad) { bad.feed = kFeed; });
  EXPECT_EQ(held("carrier"), 0);
  EXPECT_THAT(chain->view<method::GetOrder>(insurer, kContract, {kOrder}),
              FailsWith(Error::kNoOrder));
}

TEST_P(OrderTest, ANameIsUsedOnce) {
  ASSERT_THAT(post(terms()), Succeeds());
  EXPECT_THAT(post(terms()), FailsWith(Error::kOrderExists));
  EXPECT_THAT(create(rules(), 5, kOrder), FailsWith(Error::kOrderExists));
  ASSERT_THAT(chain->call<method::CancelOrder>(carrier, kContract, {kOrder}), Succeeds());
  EXPECT_THAT(post(terms()), FailsWith(Error::kOrderExists));
  EXPECT_THAT(create(rules(), 5, kOrder), FailsWith(Error::kOrderExists));
}

TEST_P(OrderTest, IsCancelledByTheRequesterBeforeTheFirstBid) {
  const auto cancel = [&](const Caller& who) {
    return chain->call<method::CancelOrder>(who, kContract, {kOrder});
  };
  EXPECT_THAT(cancel(carrier), FailsWith(Error::kNoOrder));
  ASSERT_THAT(post(terms()), Succeeds());
  EXPECT_THAT(cancel(bank), FailsWith(Error::kNotRequester));
  ASSERT_THAT(cancel(carrier), Makes<OrderCancelled>());
  EXPECT_EQ(held("carrier"), 0);
  EXPECT_EQ(available("carrier"), kPayersCents);
  EXPECT_THAT(cancel(carrier), FailsWith(Error::kOrderNotOpen));
  EXPECT_THAT(bid(1, 50, "port"), FailsWith(Error::kOrderNotOpen));
  EXPECT_TRUE(close().empty());
}

TEST_P(OrderTest, IsNotCancelledOverABid) {
  ASSERT_THAT(post(terms()), Succeeds());
  ASSERT_THAT(bid(1, 50, "port"), Succeeds());
  EXPECT_THAT(chain->call<method::CancelOrder>(carrier, kContract, {kOrder}),
              FailsWith(Error::kOrderHasBids));
}

TEST_P(OrderTest, ABidBringsItsStakeAndSaysNothing) {
  EXPECT_THAT(bid(1, 50, "port"), FailsWith(Error::kNoOrder));
  ASSERT_THAT(post(terms()), Succeeds());
  ASSERT_THAT(bid(1, 50, "port"), Makes<BidPlaced>());
  EXPECT_EQ(held("oracle-1"), kStake);
  const OrderView view = order();
  ASSERT_EQ(view.bids.size(), 1U);
  EXPECT_EQ(view.bids[0].state, BidState::kSealed);
  EXPECT_EQ(view.bids[0].price, 0);
  EXPECT_TRUE(view.bids[0].source.empty());
  EXPECT_EQ(view.order.bids, 1U);
  EXPECT_THAT(bid(1, 40, "port"), FailsWith(Error::kAlreadyBid));
}

TEST_P(OrderTest, WhoMayBid) {
  PostOrderRequest chosen = terms();
  chosen.invited = {"oracle-1", "oracle-2", "oracle-3", "oracle-4"};
  ASSERT_THAT(post(chosen), Succeeds());
  EXPECT_THAT(bid(5, 50, "port"), FailsWith(Error::kNotInvited));
  EXPECT_THAT(chain->call<method::PlaceBid>(oracle(1), kContract,
                                            {kOrder, sealed(1, 50, "port"), "bank/oracle-2/USD"}),
              FailsWith(Error::kFundsRefused));  // another's account
  EXPECT_FALSE(chain
                   ->call<method::PlaceBid>(insurer, kContract,
                                            {kOrder, sealed(1, 50, "port"), "bank/insurer/USD"})
                   .ok());  // no oracle
  chain->advance_by(kBiddingMs - 1);
  EXPECT_THAT(bid(1, 50, "port"), Succeeds());
  chain->advance_by(1);
  EXPECT_THAT(bid(2, 50, "port"), FailsWith(Error::kBidsClosed));
  EXPECT_EQ(held("oracle-2"), 0);
}

TEST_P(OrderTest, NobodyBidsOnTheOwnOrder) {
  PostOrderRequest own = terms();
  own.account = "bank/oracle-1/USD";
  ASSERT_THAT(chain->call<method::PostOrder>(oracle(1), kContract, own), Succeeds());
  EXPECT_THAT(bid(1, 50, "port"), FailsWith(Error::kSelfBid));
  EXPECT_THAT(bid(2, 50, "port"), Succeeds());
}

TEST_P(OrderTest, AScoreMayBeAskedFor) {
  // In a round of the other feed all agree but the fourth.
  submit_all(1, {40, 41, 42, 599, 41});
  EXPECT_GT(reputation(1).score, 5'000U);
  EXPECT_LT(reputation(4).score, 5'000U);
  PostOrderRequest good = terms();
  good.min_score = 5'000;
  ASSERT_THAT(post(good), Succeeds());
  EXPECT_THAT(bid(1, 50, "port"), Succeeds());
  EXPECT_THAT(bid(4, 50, "port"), FailsWith(Error::kScoreTooLow));
  EXPECT_THAT(bid(6, 50, "port"), Succeeds());  // nobody knows it
}

TEST_P(OrderTest, BidsAreRevealedInTheirTimeAndOnce) {
  ASSERT_THAT(post(terms()), Succeeds());
  ASSERT_THAT(bid(1, 50, "port"), Succeeds());
  ASSERT_THAT(bid(2, 60, "port"), Succeeds());
  EXPECT_THAT(reveal(1, 50, "port"), FailsWith(Error::kBidRevealTooEarly));
  chain->advance_by(kBiddingMs);
  ASSERT_THAT(reveal(1, 50, "port"), Makes<BidRevealed>());
  EXPECT_EQ(order().bids[0].price, 50);
  EXPECT_EQ(order().bids[0].source, "port");
  EXPECT_THAT(reveal(1, 50, "port"), FailsWith(Error::kNoBid));
  EXPECT_THAT(reveal(3, 50, "port"), FailsWith(Error::kNoBid));
  chain->advance_by(kRevealingMs);
  EXPECT_THAT(reveal(2, 60, "port"), FailsWith(Error::kOrderNotOpen));
}

TEST_P(OrderTest, ABidOtherThanSealedIsRefusedAndCanBeMended) {
  ASSERT_THAT(post(terms()), Succeeds());
  for (int who = 1; who <= 4; ++who) ASSERT_THAT(bid(who, 50, "port"), Succeeds());
  chain->advance_by(kBiddingMs);
  EXPECT_THAT(reveal(1, 49, "port"), FailsWith(Error::kBidMismatch));
  EXPECT_THAT(reveal(2, 50, "ship"), FailsWith(Error::kBidMismatch));
  EXPECT_THAT(
      chain->call<method::RevealBid>(oracle(3), kContract, {kOrder, 50, "port", salt_of(1)}),
      FailsWith(Error::kBidMismatch));
  for (int who = 1; who <= 3; ++who) EXPECT_EQ(state_of(who), BidState::kSealed);
  EXPECT_THAT(reveal(1, 50, "port"), Succeeds());
}

TEST_P(OrderTest, ABidMustKeepToTheTerms) {
  PostOrderRequest narrow = terms();
  narrow.sources = {"port", "ship"};
  ASSERT_THAT(post(narrow), Succeeds());
  ASSERT_THAT(bid(1, kLimit + 1, "port"), Succeeds());
  ASSERT_THAT(bid(2, -1, "port"), Succeeds());
  ASSERT_THAT(bid(3, 50, "harbour"), Succeeds());
  ASSERT_THAT(bid(4, kLimit, "ship"), Succeeds());
  ASSERT_THAT(bid(5, 0, "port"), Succeeds());
  chain->advance_by(kBiddingMs);
  EXPECT_THAT(reveal(1, kLimit + 1, "port"), FailsWith(Error::kPriceAboveLimit));
  EXPECT_THAT(reveal(2, -1, "port"), FailsWith(Error::kRuleOutOfRange));
  EXPECT_THAT(reveal(3, 50, "harbour"), FailsWith(Error::kSourceNotAccepted));
  EXPECT_THAT(reveal(4, kLimit, "ship"), Succeeds());
  EXPECT_THAT(reveal(5, 0, "port"), Succeeds());
}

// docs/contracts/oracle_aggregator.md shows how to make this one with a shell.
TEST(SealedBid, IsTheHashThatTheGuideShows) {
  const Bytes statement =
      sdk::netstrings({"usance/bid/1", "oracle_aggregator", "MSKU7654321/humidity", "gulf-sensors",
                       "80", "https://port.example/reefers", "7f3a9c"});
  EXPECT_EQ(sdk::text_of(statement),
            "12:usance/bid/1,17:oracle_aggregator,20:MSKU7654321/humidity,12:gulf-sensors,2:80,"
            "28:https://port.example/reefers,6:7f3a9c,");
  EXPECT_EQ(to_hex(sha256(statement)),
            "e8e5bc671ed32d14d44daea928234224995ebea2d49eb99fdf0dc99db38c7178");
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
