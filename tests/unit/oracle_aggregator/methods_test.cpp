// How answers are made: methods, independent sources, commitments, testimony, and the marks that
// oracles get for it.
#include "base/hash.h"
#include "contracts/sdk/netstring.h"
#include "feed_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class MethodsTest : public FeedTest {
 protected:
  void use(void (*adapt)(Rules&)) {
    Rules with = rules();
    adapt(with);
    ASSERT_THAT(set_rules(with), Succeeds());
  }
  testchain::Outcome submit_from(int who, std::uint64_t number, std::int64_t value,
                                 const std::string& source) {
    SubmitRequest request{kFeed, number, value, SourceProof{source, 1, Bytes(32, 1)}};
    return chain->call<method::Submit>(oracle(who), kContract, request);
  }
  static Bytes salt() { return Bytes(16, 9); }
  testchain::Outcome commit(int who, std::uint64_t number, std::int64_t value) {
    const Bytes secret = salt();
    const Hash32 hash = sha256(
        sdk::netstrings({"usance/report/1", kFeed, std::to_string(number), std::to_string(value),
                         sdk::text_of(secret), oracle(who).organisation}));
    return chain->call<method::Commit>(
        oracle(who), kContract, {kFeed, number, Bytes(hash.bytes.begin(), hash.bytes.end())});
  }
  testchain::Outcome reveal(int who, std::uint64_t number, std::int64_t value) {
    return chain->call<method::Reveal>(oracle(who), kContract, {kFeed, number, value, salt()});
  }
  Reputation reputation(int who) {
    return chain->view<method::GetOracle>(insurer, kContract, {oracle(who).organisation})
        .response.reputation;
  }
};
USANCE_ON_EVERY_CHAIN(MethodsTest);

TEST_P(MethodsTest, TheMedianOfAllRejectsNothing) {
  use([](Rules& with) { with.method = Method::kMedian; });
  submit_all(1, {40, 600, 42});
  EXPECT_EQ(read().fresh->value, 42);
  EXPECT_EQ(read().fresh->accepted, 3U);
}

TEST_P(MethodsTest, TheTrimmedMeanDropsBothEnds) {
  use([](Rules& with) {
    with.method = Method::kTrimmedMean;
    with.trim_permille = 200;
  });
  submit_all(1, {40, 600, 42, 44, -500});
  EXPECT_EQ(read().fresh->value, 42);  // of 40, 42, 44
  EXPECT_EQ(read().fresh->accepted, 3U);
  EXPECT_EQ(reputation(2).accepted, 1U);  // the highest is no outlier
}

TEST_P(MethodsTest, ACategoryNeedsTwoThirdsOfTheReports) {
  use([](Rules& with) { with.method = Method::kCategorical; });
  submit_all(1, {3, 7, 3, 7});
  EXPECT_TRUE(read().no_data);
  ASSERT_THAT(submit(5, 1, 3), Succeeds());
  ASSERT_TRUE(read().disputed);  // three of five are fewer than four
  submit_all(2, {3, 7, 3});
  EXPECT_EQ(read().fresh->value, 3);
}

TEST_P(MethodsTest, AnEventIsAttestedByKOfN) {
  use([](Rules& with) {
    with.method = Method::kAttested;
    with.votes_needed = 4;
    with.min_value = 0;
    with.max_value = 1;
  });
  submit_all(1, {1, 1, 0, 1});
  EXPECT_TRUE(read().no_data);
  ASSERT_THAT(submit(5, 1, 1), Succeeds());
  EXPECT_EQ(read().fresh->value, 1);
  EXPECT_TRUE(round(1).submissions[2].outlier);
}

TEST_P(MethodsTest, RulesOfAMethodMustHoldTogether) {
  const auto refused = [&](void (*spoil)(Rules&)) {
    Rules bad = rules();
    spoil(bad);
    EXPECT_THAT(set_rules(bad), FailsWith(Error::kRuleOutOfRange));
  };
  refused([](Rules& bad) { bad.trim_permille = 500; });
  refused([](Rules& bad) { bad.commit_ms = kTimeoutMs; });
  refused([](Rules& bad) { bad.commit_ms = -1; });
  refused([](Rules& bad) { bad.late_after_ms = -1; });
  refused([](Rules& bad) {
    bad.commit_ms = 1'000;
    bad.manufacturers = {"maker"};
  });
  refused([](Rules& bad) {
    bad.method = Method::kAttested;
    bad.votes_needed = 2;
  });
  refused([](Rules& bad) {
    bad.method = Method::kAttested;
    bad.votes_needed = 4;  // and its bounds are not 0 and 1
  });
}

TEST_P(MethodsTest, OneOperatorsOraclesCountOnce) {
  use([](Rules& with) { with.max_per_group = 1; });
  for (const int who : {1, 2})
    ASSERT_THAT(chain->call<method::SetGroup>(carrier, kContract,
                                              {kFeed, oracle(who).organisation, "one operator"}),
                Succeeds());
  submit_all(1, {40, 41, 42});
  EXPECT_TRUE(read().no_data);  // three agree, of two operators
  ASSERT_THAT(submit(4, 1, 41), Succeeds());
  EXPECT_EQ(read().fresh->value, 41);
  EXPECT_THAT(chain->call<method::SetGroup>(insurer, kContract, {kFeed, "oracle-1", "x"}),
              FailsWith(Error::kNotAdministrator));
  EXPECT_EQ(feed().configuration, 4U);
}

TEST_P(MethodsTest, OneSourceCountsOnce) {
  use([](Rules& with) { with.max_per_group = 1; });
  ASSERT_THAT(submit_from(1, 1, 40, "api.example/weather"), Succeeds());
  ASSERT_THAT(submit_from(2, 1, 41, "api.example/weather"), Succeeds());
  ASSERT_THAT(submit_from(3, 1, 42, "buoy 17"), Succeeds());
  EXPECT_TRUE(read().no_data);
  ASSERT_THAT(submit_from(4, 1, 41, "buoy 18"), Succeeds());
  EXPECT_EQ(read().fresh->value, 41);
}

TEST_P(MethodsTest, WithoutEnoughSourcesPeopleTestify) {
  use([](Rules& with) {
    with.arbiters = {"insurer", "oracle-6", "oracle-7"};
    with.arbiters_needed = 2;
    with.appeal_ms = 1'000;
  });
  const auto testify = [&](const Caller& who, std::int64_t value) {
    return chain->call<method::Testify>(who, kContract, {kFeed, 1, value});
  };
  submit_all(1, {40, 41});
  EXPECT_THAT(testify(insurer, 42), FailsWith(Error::kNotTestifiable));
  chain->advance_by(kTimeoutMs);
  EXPECT_THAT(testify(carrier, 42), FailsWith(Error::kNotArbiter));
  EXPECT_THAT(testify(insurer, 601), FailsWith(Error::kValueAboveMax));
  ASSERT_THAT(testify(insurer, 42), Succeeds());
  EXPECT_THAT(testify(insurer, 42), FailsWith(Error::kAlreadyVoted));
  ASSERT_THAT(testify(oracle(6), 43), Succeeds());
  EXPECT_TRUE(read().no_data);
  ASSERT_THAT(testify(oracle(7), 42), Succeeds());
  EXPECT_EQ(read().fresh->value, 42);
  EXPECT_TRUE(read().fresh->attested);
}

TEST_P(MethodsTest, CommittedReportsAreRevealedTogether) {
  use([](Rules& with) { with.commit_ms = 10'000; });
  EXPECT_THAT(submit(1, 1, 40), FailsWith(Error::kCommitFirst));
  for (int i = 1; i <= 4; ++i) ASSERT_THAT(commit(i, 1, 40 + i), Succeeds());
  EXPECT_THAT(commit(1, 1, 50), FailsWith(Error::kAlreadyCommitted));
  const testchain::Outcome early = reveal(1, 1, 41);
  EXPECT_THAT(early, FailsWith(Error::kRevealTooEarly));
  EXPECT_THAT(early.receipt.detail,
              ::testing::ContainsRegex("from [0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z"));
  chain->advance_by(10'000);
  EXPECT_THAT(commit(5, 1, 45), FailsWith(Error::kCommitTooLate));
  EXPECT_THAT(reveal(5, 1, 45), FailsWith(Error::kNoCommitment));
  for (int i = 1; i <= 3; ++i) ASSERT_THAT(reveal(i, 1, 40 + i), Succeeds());
  EXPECT_EQ(read().fresh->value, 42);
  EXPECT_THAT(reveal(1, 1, 41), FailsWith(Error::kNoCommitment));
}

TEST_P(MethodsTest, EligibilityTellsACommitmentFromAReport) {
  use([](Rules& with) { with.commit_ms = 10'000; });
  EXPECT_EQ(eligibility(1), (Eligibility{true, 1, "", "", Step::kCommit}));
  ASSERT_THAT(commit(1, 1, 40), Succeeds());
  EXPECT_EQ(eligibility(1).reason, "REVEAL_TOO_EARLY");
  EXPECT_EQ(eligibility(1).step, Step::kWait);
  EXPECT_EQ(eligibility(2), (Eligibility{true, 1, "", "", Step::kCommit}));
  chain->advance_by(10'000);
  EXPECT_EQ(eligibility(1), (Eligibility{true, 1, "", "", Step::kReveal}));
  EXPECT_EQ(eligibility(2).reason, "COMMIT_TOO_LATE");
  ASSERT_THAT(reveal(1, 1, 40), Succeeds());
  EXPECT_EQ(eligibility(1).reason, "CANNOT_REPORT_ON_PREVIOUS_ROUNDS");
  chain->advance_by(kTimeoutMs);
  EXPECT_EQ(eligibility(1), (Eligibility{true, 2, "", "", Step::kCommit}));
}

TEST_P(MethodsTest, WhenAllHaveCommittedTheyMayReveal) {
  use([](Rules& with) { with.commit_ms = 10'000; });
  for (int i = 1; i <= 5; ++i) ASSERT_THAT(commit(i, 1, 40), Succeeds());
  EXPECT_THAT(reveal(1, 1, 40), Succeeds());
}

TEST_P(MethodsTest, AMistypedRevealIsRefusedAndCanBeMended) {
  use([](Rules& with) { with.commit_ms = 10'000; });
  for (int i = 1; i <= 5; ++i) ASSERT_THAT(commit(i, 1, 40), Succeeds());
  const testchain::Outcome typo = reveal(1, 1, 90);
  EXPECT_THAT(typo, FailsWith(Error::kRevealMismatch));
  EXPECT_THAT(typo.receipt.detail, ::testing::HasSubstr("the true ones are taken until 20"));
  EXPECT_THAT(reveal(2, 1, 40), Succeeds());
  EXPECT_THAT(reveal(1, 1, 40), Succeeds());
  chain->advance_by(kTimeoutMs);
  EXPECT_EQ(reputation(1).unrevealed, 0U);
}

TEST_P(MethodsTest, AnotherValueThanCommittedIsNeverTakenAndCountsAsUnrevealed) {
  use([](Rules& with) { with.commit_ms = 10'000; });
  for (int i = 1; i <= 5; ++i) ASSERT_THAT(commit(i, 1, 40), Succeeds());
  for (int i = 2; i <= 4; ++i) ASSERT_THAT(reveal(i, 1, 40), Succeeds());
  EXPECT_THAT(reveal(1, 1, 90), FailsWith(Error::kRevealMismatch));
  EXPECT_EQ(read().fresh->accepted, 3U);
  chain->advance_by(kTimeoutMs);
  EXPECT_EQ(reputation(1).unrevealed, 1U);
  EXPECT_EQ(reputation(5).unrevealed, 1U);
  EXPECT_EQ(reputation(2).accepted, 1U);
}

TEST_P(MethodsTest, ARevealedValueOutOfBoundsNeverBecomesANumber) {
  use([](Rules& with) { with.commit_ms = 10'000; });
  for (int i = 1; i <= 5; ++i) ASSERT_THAT(commit(i, 1, 9'999), Succeeds());
  ASSERT_THAT(reveal(1, 1, 9'999), Succeeds());
  ASSERT_THAT(reveal(2, 1, 9'999), Succeeds());
  EXPECT_EQ(round(1).state, RoundState::kInvalid);
  EXPECT_EQ(feed().halted_by_round, 1U);
}

TEST_P(MethodsTest, MarksAreMadeOnceWhenTheRoundIsOver) {
  use([](Rules& with) { with.late_after_ms = 5'000; });
  submit_all(1, {40, 41, 599});
  chain->advance_by(6'000);
  ASSERT_THAT(submit(4, 1, 42), Succeeds());
  EXPECT_EQ(reputation(1).assigned, 0U);
  const auto outcomes = chain->advance_by(kTimeoutMs - 6'000);
  ASSERT_EQ(outcomes.size(), 1U);
  const std::vector<OracleMark> marks{{"oracle-1", Mark::kAccepted},
                                      {"oracle-2", Mark::kAccepted},
                                      {"oracle-3", Mark::kRejected},
                                      {"oracle-4", Mark::kLate},
                                      {"oracle-5", Mark::kNoShow}};
  EXPECT_THAT(outcomes[0], Emits(RoundSettled{kFeed, 1, marks}));
  EXPECT_EQ(reputation(4).late, 1U);
  EXPECT_EQ(reputation(4).latency_sum_ms, 6'000);
  EXPECT_EQ(reputation(3).rejected_in_a_row, 1U);
  EXPECT_EQ(reputation(5).no_shows, 1U);
  // 10,000 * (1,000 + 2,000) / (1,000 + 4,000) and so on.
  EXPECT_EQ(reputation(1).score, 6'000U);
  EXPECT_EQ(reputation(4).score, 5'400U);
  EXPECT_EQ(reputation(3).score, 4'400U);
  EXPECT_EQ(reputation(5).score, 4'000U);
  EXPECT_EQ(reputation(7).score, 5'000U);  // unknown
}

TEST_P(MethodsTest, AFullRoundBlamesNobodyForStayingAway) {
  use([](Rules& with) { with.max_submissions = 4; });
  submit_all(1, {40, 41, 42, 43});
  EXPECT_EQ(reputation(4).accepted, 1U);
  chain->advance_by(kTimeoutMs);
  EXPECT_EQ(reputation(5).assigned, 0U);
}

TEST_P(MethodsTest, ARoundWithoutAnswerJudgesNobodysReport) {
  submit_all(1, {40, 400});
  chain->advance_by(kTimeoutMs);
  EXPECT_EQ(reputation(1).score, 5'000U);
  EXPECT_EQ(reputation(1).completed, 1U);
  EXPECT_EQ(reputation(3).no_shows, 1U);
}

TEST_P(MethodsTest, OldRoundsFade) {
  for (std::uint64_t number = 1; number <= 40; ++number) submit_all(number, {40, 40, 40, 40, 40});
  const std::uint32_t best = reputation(1).score;
  EXPECT_GT(best, 9'000U);
  for (std::uint64_t number = 41; number <= 80; ++number) {
    for (int who = 2; who <= 5; ++who) ASSERT_THAT(submit(who, number, 40), Succeeds());
    chain->advance_by(kTimeoutMs);
  }
  EXPECT_LT(reputation(1).score, 5'000U);
  EXPECT_EQ(reputation(1).accepted, 40U);  // counters only grow
  EXPECT_GT(reputation(2).score, best);
}

TEST_P(MethodsTest, OthersCertifyAnOracle) {
  const auto certify = [&](const Caller& who, const std::string& whom, std::int64_t until) {
    return chain->call<method::Certify>(who, kContract, {whom, "ISO 17025", Bytes(32, 5), until});
  };
  EXPECT_THAT(certify(carrier, "oracle-1", 1), FailsWith(sdk::StandardError::kRoleRequired));
  ASSERT_THAT(certify(inspector, "oracle-1", chain->now_ms() + 1'000), Succeeds());
  const auto profile = [&] {
    return chain->view<method::GetOracle>(insurer, kContract, {"oracle-1"}).response;
  };
  EXPECT_EQ(profile().certifications.size(), 1U);
  chain->advance_by(1'000);
  EXPECT_EQ(profile().certifications.size(), 0U);
  EXPECT_THAT(certify(inspector, "inspector", 1), FailsWith(Error::kSelfCertification));
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
