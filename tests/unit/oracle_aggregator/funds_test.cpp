// What reports are paid, what oracles stake, and what marks cost.
#include "money_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class FundsTest : public MoneyTest {
 protected:
  static constexpr const char* kPaid = "paid-feed";
  static constexpr std::int64_t kPayment = 100;
  static constexpr std::int64_t kStake = 10'000;
  static constexpr std::int64_t kReserve = 2 * 5 * kPayment;

  void SetUp() override {
    MoneyTest::SetUp();
    CreateFeedRequest request{kPaid, "", "degrees Celsius", 1, paid(), {}, "USD", kPool};
    for (int i = 1; i <= 5; ++i) request.oracles.push_back(oracle(i).organisation);
    ASSERT_THAT(chain->call<method::CreateFeed>(carrier, kContract, request), Succeeds());
  }
  static Rules paid() {
    Rules out = rules();
    out.payment = kPayment;
    out.stake = kStake;
    out.late_after_ms = 5'000;
    out.appeal_ms = 10'000;
    out.arbiters = {"insurer"};
    out.arbiters_needed = 1;
    out.penalties = {10, 20, 100, 500, 1};
    return out;
  }
  testchain::Outcome fund(std::int64_t cents) {
    return chain->call<method::Fund>(carrier, kContract, {kPaid, kPayer, usd(cents)});
  }
  testchain::Outcome stake(int who, std::int64_t cents) {
    return chain->call<method::Stake>(oracle(who), kContract,
                                      {kPaid, account_of(oracle(who).organisation), usd(cents)});
  }
  void stake_all() {
    for (int i = 1; i <= 5; ++i) ASSERT_THAT(stake(i, kStake + 1'000), Succeeds());
  }
  testchain::Outcome report(int who, std::uint64_t number, std::int64_t value) {
    return chain->call<method::Submit>(oracle(who), kContract, {kPaid, number, value, {}});
  }
  testchain::Outcome collect(int who) {
    return chain->call<method::Collect>(oracle(who), kContract,
                                        {kPaid, account_of(oracle(who).organisation)});
  }
  testchain::Outcome collect_penalties(int who) {
    return chain->call<method::CollectPenalties>(insurer, kContract,
                                                 {kPaid, oracle(who).organisation});
  }
  Feed paid_feed() { return chain->view<method::GetFeed>(insurer, kContract, {kPaid}).response; }
};
USANCE_ON_EVERY_CHAIN(FundsTest);

TEST_P(FundsTest, AFeedHasTheMoneyForTwoRoundsOrOpensNone) {
  stake_all();
  ASSERT_THAT(fund(kReserve - 1), Succeeds());
  EXPECT_THAT(report(1, 1, 40), FailsWith(Error::kFeedNotFunded));
  ASSERT_THAT(fund(1), Succeeds());
  EXPECT_THAT(report(1, 1, 40), Succeeds());
  EXPECT_THAT(chain->call<method::Fund>(carrier, kContract, {kPaid, "bank/bank/USD", usd(1)}),
              FailsWith(Error::kOtherAccount));
  EXPECT_THAT(fund(-1), FailsWith(Error::kFundsRefused));
  EXPECT_THAT(fund(1'000'000), FailsWith(Error::kFundsRefused));
  EXPECT_THAT(chain->call<method::Fund>(insurer, kContract, {kPaid, kPayer, usd(1)}),
              FailsWith(Error::kNotAdministrator));
}

TEST_P(FundsTest, EveryReportIsPaidEvenBelowTheQuorum) {
  stake_all();
  ASSERT_THAT(fund(5'000), Succeeds());
  ASSERT_THAT(report(1, 1, 40), Succeeds());
  ASSERT_THAT(report(2, 1, 41), Succeeds());
  EXPECT_EQ(paid_feed().available, 5'000 - 2 * kPayment);
  EXPECT_EQ(paid_feed().allocated, 2 * kPayment);
  const std::int64_t before = available("oracle-1");
  ASSERT_THAT(collect(1), Succeeds());
  EXPECT_EQ(available("oracle-1"), before + kPayment);
  EXPECT_THAT(collect(1), FailsWith(Error::kNothingEarned));
  EXPECT_THAT(collect(3), FailsWith(Error::kNothingEarned));
}

TEST_P(FundsTest, TheAdministratorCannotTakeWhatIsEarnedOrReserved) {
  stake_all();
  ASSERT_THAT(fund(5'000), Succeeds());
  ASSERT_THAT(report(1, 1, 40), Succeeds());
  const auto withdraw = [&](std::int64_t cents) {
    return chain->call<method::WithdrawFunds>(carrier, kContract, {kPaid, usd(cents)});
  };
  const std::int64_t free = 5'000 - kPayment - kReserve;
  EXPECT_THAT(withdraw(free + 1), FailsWith(Error::kReserveNeeded));
  ASSERT_THAT(withdraw(free), Succeeds());
  EXPECT_THAT(withdraw(1), FailsWith(Error::kReserveNeeded));
  EXPECT_THAT(collect(1), Succeeds());
}

TEST_P(FundsTest, OnlyWhoStakesReports) {
  ASSERT_THAT(fund(5'000), Succeeds());
  ASSERT_THAT(stake(1, kStake - 1), Succeeds());
  EXPECT_THAT(report(1, 1, 40), FailsWith(Error::kNotStaked));
  ASSERT_THAT(stake(1, 1), Succeeds());
  EXPECT_THAT(report(1, 1, 40), Succeeds());
  EXPECT_THAT(chain->call<method::Unstake>(oracle(1), kContract, {kPaid}),
              FailsWith(Error::kStillServing));
}

TEST_P(FundsTest, FaultsCostInTheirOrder) {
  stake_all();
  ASSERT_THAT(fund(10'000), Succeeds());
  ASSERT_THAT(report(1, 1, 40), Succeeds());
  ASSERT_THAT(report(2, 1, 41), Succeeds());
  ASSERT_THAT(report(3, 1, 599), Succeeds());
  chain->advance_by(6'000);
  ASSERT_THAT(report(4, 1, 40), Succeeds());
  chain->advance_by(kTimeoutMs);
  EXPECT_THAT(collect_penalties(1), FailsWith(Error::kNothingStaked));
  EXPECT_THAT(collect_penalties(3), FailsWith(Error::kNothingStaked));  // disagreeing once is free
  ASSERT_THAT(collect_penalties(4), Succeeds());                        // late: 20 bp of 11,000
  EXPECT_EQ(available("bank"), 22);
  ASSERT_THAT(collect_penalties(5), Succeeds());  // no show: 10 bp
  EXPECT_EQ(available("bank"), 33);
  EXPECT_THAT(collect_penalties(5), FailsWith(Error::kNothingStaked));
}

// Who has lost so much that it may not report is not fined again for not reporting.
TEST_P(FundsTest, AStakeThatFellShortIsNotFinedForStayingAway) {
  Rules exact = paid();
  exact.stake = kStake + 1'000;  // all that each has
  exact.penalties = {10, 20, 100, 500, 0};
  ASSERT_THAT(chain->call<method::SetRules>(carrier, kContract, {kPaid, exact}), Succeeds());
  stake_all();
  ASSERT_THAT(fund(10'000), Succeeds());
  for (const int who : {1, 2, 3}) ASSERT_THAT(report(who, 1, 40), Succeeds());
  chain->advance_by(kTimeoutMs);  // 4 and 5 do not show up
  const auto no_shows = [&](int who) {
    return chain->view<method::GetOracle>(insurer, kContract, {oracle(who).organisation})
        .response.reputation.no_shows;
  };
  EXPECT_EQ(no_shows(4), 1U);
  EXPECT_THAT(report(4, 2, 40), FailsWith(Error::kNotStaked));
  ASSERT_THAT(stake(5, 1'000), Succeeds());  // makes good for it, and stays away again
  for (const int who : {1, 2, 3}) ASSERT_THAT(report(who, 2, 40), Succeeds());
  chain->advance_by(kTimeoutMs);
  EXPECT_EQ(no_shows(4), 1U);
  EXPECT_EQ(no_shows(5), 2U);
  ASSERT_THAT(collect_penalties(4), Succeeds());
  EXPECT_EQ(available("bank"), 11);
}

TEST_P(FundsTest, ARoundAsksForTheStakeThatItOpenedWith) {
  stake_all();
  ASSERT_THAT(fund(10'000), Succeeds());
  ASSERT_THAT(report(1, 1, 40), Succeeds());
  Rules dearer = paid();
  dearer.stake = 10 * kStake;
  ASSERT_THAT(chain->call<method::SetRules>(carrier, kContract, {kPaid, dearer}), Succeeds());
  for (const int who : {2, 3}) EXPECT_THAT(report(who, 1, 40), Succeeds());
  EXPECT_THAT(report(1, 2, 40), FailsWith(Error::kNotStaked));
}

TEST_P(FundsTest, ARepeatedOutlierCosts) {
  stake_all();
  ASSERT_THAT(fund(10'000), Succeeds());
  for (std::uint64_t number = 1; number <= 2; ++number) {
    for (const int who : {1, 2, 4, 5}) ASSERT_THAT(report(who, number, 40), Succeeds());
    ASSERT_THAT(report(3, number, 599), Succeeds());
  }
  ASSERT_THAT(collect_penalties(3), Succeeds());
  EXPECT_EQ(available("bank"), 550);
}

TEST_P(FundsTest, AnOverturnedAnswerCostsThoseWhoStoodForIt) {
  stake_all();
  ASSERT_THAT(fund(10'000), Succeeds());
  for (const int who : {1, 2, 3}) ASSERT_THAT(report(who, 1, 40), Succeeds());
  ASSERT_THAT(chain->call<method::Appeal>(carrier, kContract, {kPaid, 1, "they colluded"}),
              Succeeds());
  ASSERT_THAT(chain->call<method::DecideAppeal>(insurer, kContract, {kPaid, 1, false}), Succeeds());
  for (const int who : {1, 2, 3}) ASSERT_THAT(collect_penalties(who), Succeeds());
  EXPECT_EQ(available("bank"), 3 * 550);
}

TEST_P(FundsTest, AStakeGoesBackWhenTheLastRoundIsLongOver) {
  stake_all();
  ASSERT_THAT(fund(10'000), Succeeds());
  Rules fewer = paid();
  fewer.max_submissions = 4;
  ASSERT_THAT(
      chain->call<method::ChangeOracles>(carrier, kContract, {kPaid, {"oracle-5"}, {}, fewer}),
      Succeeds());
  for (std::uint64_t number = 1; number <= 3; ++number) {
    EXPECT_THAT(chain->call<method::Unstake>(oracle(5), kContract, {kPaid}),
                FailsWith(Error::kStillServing));
    for (const int who : {1, 2, 3, 4}) ASSERT_THAT(report(who, number, 40), Succeeds());
  }
  const std::int64_t before = available("oracle-5");
  ASSERT_THAT(chain->call<method::Unstake>(oracle(5), kContract, {kPaid}), Succeeds());
  EXPECT_EQ(available("oracle-5"), before + kStake + 1'000);
  EXPECT_THAT(chain->call<method::Unstake>(oracle(5), kContract, {kPaid}),
              FailsWith(Error::kNothingStaked));
}

TEST_P(FundsTest, NoMoreHangsOnAFeedThanItsOraclesStake) {
  stake_all();
  const auto ask = [&](const std::string& reference, std::int64_t exposure) {
    const SubscribeRequest request{kPaid, reference, 100'000, false, {}, exposure};
    return chain
        ->call<probe::v1::method::Forward>(insurer, "probe",
                                           {kContract, "Subscribe", sdk::to_wire(request), false})
        .response;
  };
  const std::int64_t worth = 3 * (kStake + 1'000);  // of the smallest quorum
  EXPECT_EQ(ask("a", worth + 1).code, static_cast<int>(Error::kUndersecured));
  EXPECT_EQ(ask("a", worth - 1).status, 0);
  EXPECT_EQ(ask("b", 2).code, static_cast<int>(Error::kUndersecured));
  EXPECT_EQ(ask("b", 1).status, 0);
  EXPECT_EQ(paid_feed().exposure, worth);
}

TEST_P(FundsTest, RulesOfMoneyMustHoldTogether) {
  const auto refused = [&](void (*spoil)(Rules&)) {
    Rules bad = paid();
    spoil(bad);
    EXPECT_THAT(chain->call<method::SetRules>(carrier, kContract, {kPaid, bad}),
                FailsWith(Error::kRuleOutOfRange));
  };
  refused([](Rules& bad) { bad.payment = -1; });
  refused([](Rules& bad) { bad.stake = -1; });
  refused([](Rules& bad) { bad.penalties.no_show = 21; });
  refused([](Rules& bad) { bad.penalties.late = 101; });
  refused([](Rules& bad) { bad.penalties.unrevealed = 501; });
  refused([](Rules& bad) { bad.penalties.outlier = 10'001; });
}

// Nothing is made and nothing is lost, whatever oracles, administrator and strangers try.
TEST_P(FundsTest, MoneyIsConserved) {
  const std::int64_t before = everything();
  std::uint32_t random = 12'345;
  const auto below = [&](std::uint32_t bound) {
    random = random * 1'664'525 + 1'013'904'223;
    return (random >> 8) % bound;
  };
  for (int i = 0; i < 1'500 && !HasFailure(); ++i) {
    const int who = static_cast<int>(below(5)) + 1;
    switch (below(9)) {
      case 0: (void)fund(below(900)); break;
      case 1:
        (void)chain->call<method::WithdrawFunds>(carrier, kContract, {kPaid, usd(below(900))});
        break;
      case 2: (void)stake(who, below(9'000)); break;
      case 3: (void)collect(who); break;
      case 4: (void)collect_penalties(who); break;
      case 5: chain->advance_by(below(40'000)); break;
      default:
        (void)report(who, paid_feed().reporting_round + below(2), who == 3 ? 500 : 40 + below(3));
    }
    if (i % 20 != 0) continue;
    EXPECT_EQ(everything(), before);
    const Feed now = paid_feed();
    EXPECT_GE(now.available, 0);
    EXPECT_GE(now.allocated, 0);
  }
  EXPECT_GT(paid_feed().reporting_round, 5U);
  EXPECT_GT(available("bank"), 0);
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
