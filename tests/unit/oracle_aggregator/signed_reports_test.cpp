// Reports signed off the ledger and handed in together.
#include <algorithm>
#include <random>

#include "contracts/sdk/netstring.h"
#include "keys.h"
#include "money_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class SignedReportsTest : public MoneyTest {
 protected:
  void SetUp() override {
    MoneyTest::SetUp();
    for (int i = 1; i <= 5; ++i) ASSERT_THAT(set_key(i, i), Succeeds());
  }

  testchain::Outcome set_key(int who, int number) {
    return chain->call<method::SetReportingKey>(oracle(who), kContract, {key(number)});
  }
  static Bytes statement(const std::string& feed, std::uint64_t round, const SignedReport& report,
                         const std::string& contract = kContract) {
    const SourceProof source = report.source.value_or(SourceProof{});
    return sdk::netstrings({"usance/signed-report/1", contract, feed, std::to_string(round),
                            report.oracle, std::to_string(report.value),
                            std::to_string(report.observed_ms), source.source,
                            std::to_string(source.fetched_ms), sdk::text_of(source.proof)});
  }
  SignedReport report(int who, std::uint64_t round, std::int64_t value,
                      const std::string& feed = kFeed) {
    SignedReport out{oracle(who).organisation, value, chain->now_ms(), {}, {}};
    out.signature = sign(who, statement(feed, round, out));
    return out;
  }
  testchain::Reply<RoundStatus> hand_in(const Caller& by, std::uint64_t round,
                                        std::vector<SignedReport> reports,
                                        const std::string& feed = kFeed) {
    return chain->call<method::SubmitSigned>(by, kContract, {feed, round, std::move(reports)});
  }
  testchain::Outcome prove(const SignedReport& first, const SignedReport& second, int number,
                           std::uint64_t round = 1) {
    return chain->call<method::ProveReportEquivocation>(insurer, kContract,
                                                        {kFeed, round, key(number), first, second});
  }
};
USANCE_ON_EVERY_CHAIN(SignedReportsTest);

TEST_P(SignedReportsTest, AnOracleHandsInWhatAllHaveSigned) {
  const auto done = hand_in(oracle(2), 1, {report(1, 1, 40), report(2, 1, 41), report(3, 1, 42)});
  ASSERT_THAT(done, Succeeds());
  EXPECT_EQ(done.response.submissions, 3U);
  EXPECT_EQ(done.response.state, RoundState::kAnswered);
  EXPECT_EQ(done.count("Submitted"), 3U);
  const auto event = done.event<SignedReportsTaken>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->by.organisation, "oracle-2");
  EXPECT_EQ(event->oracles, (std::vector<std::string>{"oracle-1", "oracle-2", "oracle-3"}));
  EXPECT_EQ(read().fresh->value, 41);
  EXPECT_EQ(round(1).starter, "oracle-1");
  // The others still report as they like, alone or together.
  ASSERT_THAT(submit(4, 1, 41), Succeeds());
  ASSERT_THAT(hand_in(carrier, 1, {report(5, 1, 41)}), Succeeds());
  EXPECT_EQ(read().fresh->submissions, 5U);
}

TEST_P(SignedReportsTest, OnlyTheFeedsOwnHandIn) {
  const std::vector<SignedReport> reports = {report(1, 1, 40)};
  EXPECT_THAT(hand_in(insurer, 1, reports), FailsWith(Error::kMayNotHandIn));
  EXPECT_THAT(hand_in(oracle(6), 1, reports), FailsWith(Error::kMayNotHandIn));
  EXPECT_THAT(hand_in(carrier, 1, reports), Succeeds());
}

TEST_P(SignedReportsTest, OneBadReportRefusesAll) {
  const SignedReport good = report(1, 1, 40);
  const auto refused = [&](const SignedReport& bad, Error error, std::uint64_t number = 1) {
    EXPECT_THAT(hand_in(carrier, number, {good, bad}), FailsWith(error));
    EXPECT_EQ(feed().reporting_round, 0U);
  };
  refused(good, Error::kCannotReportOnPreviousRounds);  // a duplicate
  refused(report(1, 1, 41), Error::kCannotReportOnPreviousRounds);
  ASSERT_THAT(set_key(6, 6), Succeeds());
  refused(report(6, 1, 40), Error::kNotEnabledOracle);  // a stranger
  SignedReport changed = report(2, 1, 40);
  changed.value = 41;
  refused(changed, Error::kBadReportSignature);
  changed = report(2, 1, 40);
  changed.oracle = "oracle-3";
  refused(changed, Error::kBadReportSignature);
  changed = report(2, 1, 40);
  --changed.observed_ms;
  refused(changed, Error::kBadReportSignature);
  changed = report(2, 1, 40);
  changed.source = SourceProof{"https://port.example", 0, Bytes(32, 1)};
  refused(changed, Error::kBadReportSignature);
  refused(report(2, 2, 40), Error::kBadReportSignature);  // of another round
  refused(report(2, 1, 40, "other"), Error::kBadReportSignature);
  changed = report(2, 1, 40);
  changed.signature = sign(2, statement(kFeed, 1, changed, "oracle_aggregator_2"));
  refused(changed, Error::kBadReportSignature);
  changed.signature.pop_back();
  refused(changed, Error::kBadReportSignature);
  EXPECT_THAT(hand_in(carrier, 2, {report(1, 2, 40)}), FailsWith(Error::kInvalidRoundToReport));
  EXPECT_THAT(hand_in(carrier, 1, {good, report(2, 1, 40)}), Succeeds());
}

TEST_P(SignedReportsTest, TheTimeIsTheRounds) {
  SignedReport early = report(1, 1, 40);
  early.observed_ms = chain->now_ms() - kTimeoutMs - 1;
  early.signature = sign(1, statement(kFeed, 1, early));
  EXPECT_THAT(hand_in(carrier, 1, {early}), FailsWith(Error::kReportOutOfTime));
  SignedReport ahead = report(1, 1, 40);
  ahead.observed_ms = chain->now_ms() + 1;
  ahead.signature = sign(1, statement(kFeed, 1, ahead));
  EXPECT_THAT(hand_in(carrier, 1, {ahead}), FailsWith(Error::kReportOutOfTime));
  ++early.observed_ms;
  early.signature = sign(1, statement(kFeed, 1, early));
  EXPECT_THAT(hand_in(carrier, 1, {early}), Succeeds());
}

TEST_P(SignedReportsTest, TheSourceIsSignedToo) {
  SignedReport with = report(1, 1, 40);
  with.source = SourceProof{"https://port.example", 17, Bytes(32, 1)};
  with.signature = sign(1, statement(kFeed, 1, with));
  ASSERT_THAT(hand_in(carrier, 1, {with}), Succeeds());
  EXPECT_EQ(round(1).submissions[0].source, with.source);
}

TEST_P(SignedReportsTest, WhatIsCommittedOrMeasuredIsNotHandedIn) {
  Rules hidden = rules();
  hidden.commit_ms = 10'000;
  ASSERT_THAT(set_rules(hidden), Succeeds());
  EXPECT_THAT(hand_in(carrier, 1, {report(1, 1, 40)}), FailsWith(Error::kCommitFirst));
  Rules hard = rules();
  hard.manufacturers = {"inspector"};
  ASSERT_THAT(set_rules(hard), Succeeds());
  EXPECT_THAT(hand_in(carrier, 1, {report(1, 1, 40)}), FailsWith(Error::kDeviceRequired));
}

TEST_P(SignedReportsTest, MoreThanTheRoundTakesIsRefused) {
  Rules four = rules();
  four.max_submissions = 4;
  ASSERT_THAT(set_rules(four), Succeeds());
  std::vector<SignedReport> all;
  for (int i = 1; i <= 5; ++i) all.push_back(report(i, 1, 40));
  EXPECT_THAT(hand_in(carrier, 1, all), FailsWith(Error::kRoundNotAcceptingSubmissions));
  all.pop_back();
  EXPECT_THAT(hand_in(carrier, 1, all), Succeeds());
}

TEST_P(SignedReportsTest, OutOfRangeHaltsTheFeedAsAlways) {
  const auto done = hand_in(carrier, 1, {report(1, 1, 601), report(2, 1, 40), report(3, 1, -501)});
  ASSERT_THAT(done, Succeeds());
  EXPECT_EQ(done.response.state, RoundState::kInvalid);
  EXPECT_EQ(done.count("OutOfRangeReported"), 2U);
  EXPECT_EQ(feed().halted_by_round, 1U);
  EXPECT_TRUE(round(1).out_of_range[0].above);
  EXPECT_FALSE(round(1).out_of_range[1].above);
  EXPECT_THAT(hand_in(carrier, 1, {report(4, 1, 40)}), FailsWith(Error::kFeedHalted));
}

TEST_P(SignedReportsTest, KeysAreReplacedAndNeverTakenTwice) {
  EXPECT_THAT(chain->call<method::SetReportingKey>(oracle(1), kContract, {Bytes(31, 1)}),
              FailsWith(Error::kKeyMalformed));
  EXPECT_THAT(set_key(1, 1), FailsWith(Error::kKeyUsed));
  const SignedReport old = report(1, 1, 40);
  ASSERT_THAT(set_key(1, 11), Succeeds());
  EXPECT_THAT(hand_in(carrier, 1, {old}), FailsWith(Error::kBadReportSignature));
  SignedReport fresh = old;
  fresh.signature = sign(11, statement(kFeed, 1, fresh));
  EXPECT_THAT(hand_in(carrier, 1, {fresh}), Succeeds());
  EXPECT_THAT(set_key(1, 1), FailsWith(Error::kKeyUsed));
  ASSERT_THAT(change({}, {"oracle-7"}), Succeeds());
  chain->advance_by(kTimeoutMs);
  EXPECT_THAT(hand_in(carrier, 2, {report(7, 2, 40)}), FailsWith(Error::kNoReportingKey));
}

TEST_P(SignedReportsTest, TwoValuesForOneRoundCostThePlaceInTheFeed) {
  const SignedReport one = report(4, 1, 40);
  const SignedReport other = report(4, 1, 41);
  EXPECT_THAT(prove(one, other, 4), FailsWith(Error::kNoRound));
  ASSERT_THAT(hand_in(carrier, 1, {one, report(1, 1, 40)}), Succeeds());
  EXPECT_THAT(prove(one, one, 4), FailsWith(Error::kNoEquivocation));
  EXPECT_THAT(prove(one, report(1, 1, 41), 4), FailsWith(Error::kNoEquivocation));
  EXPECT_THAT(prove(one, report(4, 2, 41), 4), FailsWith(Error::kBadReportSignature));
  EXPECT_THAT(prove(one, other, 1), FailsWith(Error::kBadReportSignature));
  EXPECT_THAT(prove(report(6, 1, 40), report(6, 1, 41), 6), FailsWith(Error::kNotEnabledOracle));
  // A key that was replaced since does not help.
  ASSERT_THAT(set_key(4, 14), Succeeds());
  ASSERT_THAT(prove(one, other, 4), Succeeds());
  EXPECT_EQ(feed().oracles, 4U);
  EXPECT_THAT(hand_in(oracle(4), 3, {report(1, 3, 40)}), FailsWith(Error::kMayNotHandIn));
  EXPECT_EQ(round(1).submissions.size(), 2U);  // what it reported before stays with the round
  chain->advance_by(kTimeoutMs);
  EXPECT_THAT(submit(4, 2, 40), FailsWith(Error::kExpelled));
}

TEST_P(SignedReportsTest, AKeyAnswersForNoRoundAfterItsTime) {
  ASSERT_THAT(set_key(4, 14), Succeeds());
  chain->advance_by(1);
  ASSERT_THAT(hand_in(carrier, 1, {report(1, 1, 40)}), Succeeds());
  EXPECT_THAT(prove(report(4, 1, 40), report(4, 1, 41), 4), FailsWith(Error::kBadReportSignature));
}

// Whatever is reported: two feeds are left alike, one by calls and one by signed reports.
TEST_P(SignedReportsTest, TheEffectIsThatOfSingleReports) {
  const std::string twin = "twin";
  Rules paid = rules();
  paid.payment = 10;
  paid.stake = 100;
  paid.late_after_ms = 5'000;
  paid.penalties = {10, 20, 50, 100, 1};
  const auto found = [&](const std::string& name) {
    CreateFeedRequest request{name, "", "degrees Celsius", 1, paid, {}, "USD", kPool};
    for (int i = 1; i <= 5; ++i) request.oracles.push_back(oracle(i).organisation);
    ASSERT_THAT(chain->call<method::CreateFeed>(carrier, kContract, request), Succeeds());
    ASSERT_THAT(chain->call<method::Fund>(carrier, kContract, {name, kPayer, usd(20'000)}),
                Succeeds());
    for (int i = 1; i <= 5; ++i)
      ASSERT_THAT(chain->call<method::Stake>(
                      oracle(i), kContract, {name, account_of(oracle(i).organisation), usd(1'000)}),
                  Succeeds());
  };
  found("single");
  found(twin);
  const auto state = [&](const std::string& name) {
    Feed out = chain->view<method::GetFeed>(insurer, kContract, {name}).response;
    out.feed.clear();
    return out;
  };
  const auto round_of = [&](const std::string& name, std::uint64_t number) {
    Round out = chain->view<method::GetRound>(insurer, kContract, {name, number}).response;
    out.timer = out.timer == 0 ? 0 : 1;
    return out;
  };
  std::mt19937 random(11);
  const auto below = [&](std::uint32_t bound) {
    return static_cast<std::uint32_t>(random() % bound);
  };
  for (std::uint64_t number = 1; number <= 40 && !HasFailure(); ++number) {
    std::vector<int> order = {1, 2, 3, 4, 5};
    std::shuffle(order.begin(), order.end(), random);
    order.resize(1 + below(5));
    if (below(3) == 0) chain->advance_by(6'000);
    std::vector<SignedReport> reports;
    for (const int who : order) {
      // One oracle in five lies; of those that lie one in four says too much, so no round is
      // halted.
      const std::int64_t value = who != 3 ? 40 + below(4) : below(4) == 0 ? 700 : 500;
      reports.push_back(report(who, number, value, twin));
      if (value <= 600)
        ASSERT_THAT(
            chain->call<method::Submit>(oracle(who), kContract, {"single", number, value, {}}),
            Succeeds());
      else
        ASSERT_THAT(
            chain->call<method::ReportOutOfRange>(oracle(who), kContract, {"single", number, true}),
            Succeeds());
    }
    ASSERT_THAT(hand_in(carrier, number, reports, twin), Succeeds());
    EXPECT_EQ(round_of(twin, number), round_of("single", number));
    EXPECT_EQ(state(twin), state("single"));
    chain->advance_by(kTimeoutMs);
    EXPECT_EQ(round_of(twin, number), round_of("single", number));
    EXPECT_EQ(state(twin), state("single"));
  }
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
