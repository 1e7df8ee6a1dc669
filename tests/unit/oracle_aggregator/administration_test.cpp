#include "feed_fixture.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class AdministrationTest : public FeedTest {};
USANCE_ON_EVERY_CHAIN(AdministrationTest);

TEST_P(AdministrationTest, RefusesRulesThatCannotHold) {
  const auto refusal = [&](auto change_rule) {
    Rules with = rules();
    change_rule(with);
    return set_rules(with);
  };
  EXPECT_THAT(refusal([](Rules& r) { r.min_submissions = 2; }), FailsWith(Error::kQuorumTooSmall));
  EXPECT_THAT(refusal([](Rules& r) { r.tolerated_liars = 2; }), FailsWith(Error::kQuorumTooSmall));
  EXPECT_THAT(refusal([](Rules& r) { r.max_submissions = 2; }), FailsWith(Error::kMaxBelowMin));
  EXPECT_THAT(refusal([](Rules& r) { r.max_submissions = 6; }), FailsWith(Error::kMaxAboveOracles));
  EXPECT_THAT(refusal([](Rules& r) { r.restart_delay = 5; }), FailsWith(Error::kDelayAboveOracles));
  EXPECT_THAT(refusal([](Rules& r) { r.min_value = 601; }), FailsWith(Error::kBoundsEmpty));
  EXPECT_THAT(refusal([](Rules& r) { r.timeout_ms = -1; }), FailsWith(Error::kRuleOutOfRange));
  EXPECT_THAT(refusal([](Rules& r) { r.outlier_factor_permille = 999; }),
              FailsWith(Error::kRuleOutOfRange));
  EXPECT_THAT(refusal([](Rules& r) { r.tolerance = -1; }), FailsWith(Error::kRuleOutOfRange));
  EXPECT_THAT(refusal([](Rules& r) { r.tolerated_liars = 0xFFFFFFFF; }),
              FailsWith(Error::kRuleOutOfRange));
  EXPECT_THAT(refusal([](Rules& r) { r.min_submissions = 0; }),
              testchain::IsRejected(RejectCode::kBadArguments));
  EXPECT_THAT(refusal([](Rules&) {}), Succeeds());
}

TEST_P(AdministrationTest, AFeedThatPaysOrTakesStakesHasACurrency) {
  Rules paying = rules();
  paying.payment = 50;
  Rules staking = rules();
  staking.stake = 1'000;
  EXPECT_THAT(create(paying, 5, "paying"), FailsWith(Error::kRuleOutOfRange));
  EXPECT_THAT(set_rules(paying), FailsWith(Error::kRuleOutOfRange));
  const testchain::Outcome refused = set_rules(staking);
  EXPECT_THAT(refused, FailsWith(Error::kRuleOutOfRange));
  EXPECT_EQ(refused.receipt.detail,
            "currency cannot be empty: payments and stakes of the rules are in it");
}

TEST_P(AdministrationTest, SaysHowPenaltiesGoUp) {
  Rules with = rules();
  with.penalties.no_show = 500;
  const testchain::Outcome refused = set_rules(with);
  EXPECT_THAT(refused, FailsWith(Error::kRuleOutOfRange));
  EXPECT_EQ(refused.receipt.detail,
            "penalties cannot be no_show 500, late 0, unrevealed 0, outlier 0: none may cost less "
            "than the one before it, or more than 10000");
}

TEST_P(AdministrationTest, AFeedHasOneName) {
  EXPECT_THAT(create(rules(), 5), FailsWith(Error::kFeedExists));
  EXPECT_THAT(create(rules(), 4, "other"), FailsWith(Error::kMaxAboveOracles));
  EXPECT_THAT(chain->view<method::Read>(insurer, kContract, {"other", 1}),
              FailsWith(Error::kNoFeed));
  EXPECT_THAT(chain->view<method::GetRound>(insurer, kContract, {kFeed, 1}),
              FailsWith(Error::kNoRound));
}

TEST_P(AdministrationTest, OnlyTheAdministratorChangesAFeed) {
  EXPECT_THAT(chain->call<method::SetRules>(insurer, kContract, {kFeed, rules()}),
              FailsWith(Error::kNotAdministrator));
  EXPECT_THAT(chain->call<method::ChangeOracles>(insurer, kContract,
                                                 {kFeed, {"oracle-1"}, {"oracle-6"}, {}}),
              FailsWith(Error::kNotAdministrator));
}

TEST_P(AdministrationTest, OraclesAreEnabledOnce) {
  EXPECT_THAT(change({}, {"oracle-1"}), FailsWith(Error::kOracleAlreadyEnabled));
  EXPECT_THAT(change({"oracle-6"}, {}), FailsWith(Error::kOracleNotEnabled));
  EXPECT_THAT(change({"oracle-1"}, {}), FailsWith(Error::kMaxAboveOracles));
  EXPECT_THAT(change({"oracle-1"}, {"oracle-6"}),
              Emits(OraclesChanged{
                  kFeed, {"oracle-1"}, {"oracle-6"}, {carrier.organisation, carrier.user}}));
  EXPECT_EQ(feed().oracles, 5U);
  EXPECT_THAT(change({"oracle-6"}, {"oracle-1"}), Succeeds());  // it comes back
  EXPECT_THAT(submit(1, 1, 40), Succeeds());
}

TEST_P(AdministrationTest, PassesOnInTwoSteps) {
  EXPECT_THAT(chain->call<method::AcceptAdministration>(insurer, kContract, {kFeed}),
              FailsWith(Error::kNotProposedAdministrator));
  ASSERT_THAT(chain->call<method::ProposeAdministrator>(carrier, kContract, {kFeed, "insurer"}),
              Succeeds());
  EXPECT_THAT(chain->call<method::SetRules>(insurer, kContract, {kFeed, rules()}),
              FailsWith(Error::kNotAdministrator));
  ASSERT_THAT(chain->call<method::AcceptAdministration>(insurer, kContract, {kFeed}),
              Emits(AdministratorChanged{kFeed, {insurer.organisation, insurer.user}}));
  EXPECT_THAT(set_rules(rules()), FailsWith(Error::kNotAdministrator));
  EXPECT_EQ(feed().administrator, "insurer");
}

TEST_P(AdministrationTest, SaysWhyAnOracleMayNotReport) {
  EXPECT_EQ(eligibility(1), (Eligibility{true, 1, "", "", Step::kReport}));
  EXPECT_EQ(eligibility(6).reason, "NOT_ENABLED_ORACLE");
  ASSERT_THAT(submit(1, 1, 40), Succeeds());
  EXPECT_EQ(eligibility(1).reason, "CANNOT_REPORT_ON_PREVIOUS_ROUNDS");
  EXPECT_EQ(eligibility(2), (Eligibility{true, 1, "", "", Step::kReport}));
  ASSERT_THAT(change({}, {"oracle-6"}), Succeeds());
  EXPECT_EQ(eligibility(6).reason, "NOT_YET_ENABLED_ORACLE");
  EXPECT_EQ(eligibility(6).explanation, "not yet enabled oracle: oracle-6 reports from round 2 on");
  submit(2, 1, 41);
  submit(3, 1, 42);
  EXPECT_EQ(eligibility(1), (Eligibility{true, 2, "", "", Step::kReport}));
  EXPECT_EQ(eligibility(4), (Eligibility{true, 1, "", "", Step::kReport}));
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
