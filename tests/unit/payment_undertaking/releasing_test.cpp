#include "base/hash.h"
#include "contracts/sdk/netstring.h"
#include "undertaking_fixture.h"

namespace usance::payment_undertaking::v1 {
namespace {

class ReleasingTest : public UndertakingTest {
 protected:
  Bytes doctors_signature(const std::string& name) {
    const Bytes hash = undertaking().terms_hash;
    const Bytes statement =
        sdk::netstrings({"usance/attestation/1", kContract, name, sdk::text_of(hash)});
    const Signature signature = doctor_->sign(sha256(statement));
    return {signature.bytes.begin(), signature.bytes.end()};
  }
  Outcome appeal(const Caller& who, std::uint64_t round) {
    return chain->call<oracle::method::Appeal>(who, kOracle,
                                               {kFeed, round, "the probe lay on the ice"});
  }
  Outcome decide(const Caller& who, std::uint64_t round, bool stands) {
    return chain->call<oracle::method::DecideAppeal>(who, kOracle, {kFeed, round, stands});
  }
};
USANCE_ON_EVERY_CHAIN(ReleasingTest);

TEST_P(ReleasingTest, PaysByItselfWhenTheAnswerIsGoodAndFinal) {
  undertake(terms());
  answer(1, 75);
  chain->advance_by(0);
  EXPECT_EQ(state(), State::kIssued);  // it may still be appealed against
  let_it_be_final();
  EXPECT_EQ(state(), State::kPaid);
  expect_money(0, 0, kAmount);
  const Undertaking paid = undertaking();
  EXPECT_EQ(paid.reason->round, 1U);
  EXPECT_EQ(paid.reason->value, 75);
  EXPECT_EQ(feed().subscriptions, 0U);
}

TEST_P(ReleasingTest, TheBoundsAreIncludedAndOneMoreIsNot) {
  undertake(terms());
  answer(1, 81);
  let_it_be_final();
  EXPECT_EQ(state(), State::kIssued);
  answer(2, 19);
  let_it_be_final();
  EXPECT_EQ(state(), State::kIssued);
  answer(3, 80);
  let_it_be_final();
  EXPECT_EQ(state(), State::kPaid);
}

TEST_P(ReleasingTest, ALiarDoesNotReleaseIt) {
  undertake(terms());
  ASSERT_THAT(submit(1, 1, 30), Succeeds());  // the liar
  for (int i = 2; i <= 4; ++i) ASSERT_THAT(submit(i, 1, 140), Succeeds());
  let_it_be_final();
  EXPECT_EQ(state(), State::kIssued);
}

TEST_P(ReleasingTest, TooFewReportsAreNoAnswer) {
  undertake(terms());
  ASSERT_THAT(submit(1, 1, 70), Succeeds());
  ASSERT_THAT(submit(2, 1, 70), Succeeds());
  let_it_be_final();
  EXPECT_EQ(state(), State::kIssued);
  EXPECT_THAT(act<method::CheckCondition>(grower), FailsWith(Error::kConditionNotMet));
}

TEST_P(ReleasingTest, AnOverturnedAnswerDoesNotPay) {
  undertake(terms());
  answer(1, 75);
  EXPECT_THAT(appeal(outsider, 1), FailsWith(oracle::Error::kMayNotAppeal));
  ASSERT_THAT(appeal(maker, 1), Succeeds());  // the obligor stands behind the contract that asked
  ASSERT_THAT(decide(surveyor, 1, false), Succeeds());
  ASSERT_THAT(decide(laboratory, 1, false), Succeeds());
  let_it_be_final();
  EXPECT_EQ(state(), State::kIssued);
  expect_money(0, kAmount, 0);
}

TEST_P(ReleasingTest, AnAppealThatNobodyDecidesHoldsUpOnly) {
  undertake(terms());
  answer(1, 75);
  chain->advance_by(kAppealMs - 1);
  ASSERT_THAT(appeal(maker, 1), Succeeds());
  let_it_be_final();
  EXPECT_EQ(state(), State::kPaid);
}

TEST_P(ReleasingTest, AnAnswerInTimePaysEvenIfItIsFinalAfterTheDate) {
  undertake(terms());
  chain->advance_to(undertaking().terms.date_ms);
  answer(1, 75);
  chain->advance_by(kAppealMs - 1);
  EXPECT_EQ(state(), State::kIssued);
  let_it_be_final();
  EXPECT_EQ(state(), State::kPaid);
}

// The last appeal's last moment is also when the money goes back: the answer comes first.
TEST_P(ReleasingTest, TheLastAnswerIsDecidedBeforeTheRefund) {
  undertake(terms());
  chain->advance_to(undertaking().terms.date_ms);
  answer(1, 75);
  chain->advance_by(kAppealMs - 1);
  ASSERT_THAT(appeal(maker, 1), Succeeds());
  chain->advance_to(undertaking().refund_ms + 1);
  EXPECT_EQ(state(), State::kPaid);
  expect_money(0, 0, kAmount);
}

TEST_P(ReleasingTest, AnAnswerAfterTheDateDoesNotPay) {
  undertake(terms());
  chain->advance_to(undertaking().terms.date_ms + 1);
  answer(1, 75);
  let_it_be_final();
  EXPECT_EQ(state(), State::kIssued);
  chain->advance_to(undertaking().refund_ms + 1);
  EXPECT_EQ(state(), State::kRefunded);
}

TEST_P(ReleasingTest, AnAnswerFromBeforeIsFoundOnlyIfTheTermsAllowIt) {
  answer(1, 75);
  let_it_be_final();
  Terms later = terms();
  later.oracle->not_before_ms = chain->now_ms();
  undertake(later);
  EXPECT_THAT(act<method::CheckCondition>(grower), FailsWith(Error::kConditionNotMet));
  Terms any = terms();
  any.reference = "MANGO-2";
  any.amount = usd(1);
  ASSERT_THAT(
      chain->call<deposit::v1::method::Mint>(gulf, "deposit", {kObligorAccount, usd(1), ""}),
      Succeeds());
  ASSERT_THAT(draft(any), Succeeds());
  ASSERT_THAT(chain->call<method::Issue>(checker, kContract, {"juice-maker/MANGO-2", 1}),
              Succeeds());
  EXPECT_THAT(chain->call<method::CheckCondition>(grower, kContract, {"juice-maker/MANGO-2"}),
              Succeeds());
  expect_money(0, kAmount, 1);
  EXPECT_EQ(feed().subscriptions, 1U);
}

TEST_P(ReleasingTest, AnAnswerUnderOtherRulesDoesNotPay) {
  Terms strict = terms();
  strict.oracle->configuration = feed().configuration;
  undertake(strict);
  oracle::Rules changed = rules();
  changed.tolerance = 6;
  ASSERT_THAT(chain->call<oracle::method::SetRules>(carrier, kOracle, {kFeed, changed}),
              Succeeds());
  answer(1, 75);
  let_it_be_final();
  EXPECT_EQ(state(), State::kIssued);
}

TEST_P(ReleasingTest, OnlyTheOraclesContractDelivers) {
  undertake(terms());
  oracle::Answer forged;
  forged.fresh =
      oracle::Reading{50, 1, "degrees Celsius", 9, chain->now_ms(), 0, 5, 5, 0, 1, false};
  EXPECT_THAT(chain->call<method::OnAnswer>(grower, kContract, {kFeed, kName, forged}),
              FailsWith(sdk::StandardError::kContractOnly));
}

TEST_P(ReleasingTest, TwoOfThreeAttestorsRelease) {
  undertake(attested_terms());
  EXPECT_THAT(attest(outsider, "surveyor"), FailsWith(Error::kBadSignature));
  EXPECT_THAT(attest(outsider, "somebody"), FailsWith(Error::kNotAnAttestor));
  ASSERT_THAT(attest(surveyor, "surveyor"), Succeeds());
  EXPECT_THAT(attest(surveyor, "surveyor"), FailsWith(Error::kAlreadyAttested));
  EXPECT_THAT(attest(surveyor, "laboratory"), FailsWith(Error::kBadSignature));
  EXPECT_EQ(state(), State::kIssued);
  ASSERT_THAT(attest(laboratory, "laboratory"), Succeeds());
  EXPECT_EQ(state(), State::kPaid);
  EXPECT_THAT(attest(outsider, "port doctor", doctors_signature(kName)), FailsWith(Error::kClosed));
  expect_money(0, 0, kAmount);
}

TEST_P(ReleasingTest, AKeysSignatureMayBeBroughtByAnybody) {
  undertake(attested_terms());
  ASSERT_THAT(attest(surveyor, "surveyor"), Succeeds());
  Bytes bent = doctors_signature(kName);
  bent[3] ^= 1;
  EXPECT_THAT(attest(grower, "port doctor", bent), FailsWith(Error::kBadSignature));
  EXPECT_THAT(attest(grower, "port doctor", {}), FailsWith(Error::kBadSignature));
  EXPECT_THAT(attest(grower, "port doctor", doctors_signature("juice-maker/MANGO-2")),
              FailsWith(Error::kBadSignature));
  EXPECT_THAT(attest(grower, "port doctor", doctors_signature(kName)), Succeeds());
  EXPECT_EQ(state(), State::kPaid);
}

TEST_P(ReleasingTest, AttestorsAreHeardUntilTheDate) {
  undertake(attested_terms());
  ASSERT_THAT(attest(surveyor, "surveyor"), Succeeds());
  chain->advance_to(undertaking().terms.date_ms);
  EXPECT_EQ(state(), State::kIssued);
  ASSERT_THAT(attest(laboratory, "laboratory"), Succeeds());
  EXPECT_EQ(state(), State::kPaid);
}

TEST_P(ReleasingTest, EitherConditionIsEnough) {
  Terms both = terms();
  both.attestors = attested_terms().attestors;
  undertake(both);
  answer(1, 75);
  ASSERT_THAT(attest(surveyor, "surveyor"), Succeeds());
  ASSERT_THAT(attest(laboratory, "laboratory"), Succeeds());
  EXPECT_EQ(state(), State::kPaid);
  EXPECT_EQ(feed().subscriptions, 0U);
  let_it_be_final();  // the good answer comes too late to pay a second time
  expect_money(0, 0, kAmount);
}

}  // namespace
}  // namespace usance::payment_undertaking::v1
