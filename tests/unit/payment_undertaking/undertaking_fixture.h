// A juice maker in Dubai promises a fruit grower in India USD 40,000.00 if the container stayed
// below 8.0 degrees: five oracles report, one liar is borne, answers can be appealed against for an
// hour.
#pragma once

#include <gtest/gtest.h>

#include "base/signature.h"
#include "contracts/testchain/chain.h"
#include "contracts/testchain/matchers.h"
#include "deposit/deposit.usance.h"
#include "oracle_aggregator/oracle_aggregator.usance.h"
#include "payment_undertaking/payment_undertaking.usance.h"

namespace usance::payment_undertaking::v1 {

namespace oracle = oracle_aggregator::v1;
using testchain::Caller;
using testchain::FailsWith;
using testchain::Outcome;
using testchain::Reply;
using testchain::Succeeds;

class UndertakingTest : public ::testing::TestWithParam<testchain::Kind> {
 protected:
  static constexpr const char* kContract = "payment_undertaking";
  static constexpr const char* kOracle = "oracle_aggregator";
  static constexpr const char* kFeed = "MSKU1234565/warmest";
  static constexpr const char* kObligorAccount = "gulf-bank/juice-maker/USD";
  static constexpr const char* kBeneficiaryAccount = "deccan-bank/grower/USD";
  static constexpr const char* kName = "juice-maker/MANGO-1";
  static constexpr std::int64_t kAmount = 4'000'000;
  static constexpr std::int64_t kHourMs = 3'600'000;
  static constexpr std::int64_t kDayMs = 24 * kHourMs;
  static constexpr std::int64_t kAppealMs = kHourMs;

  const Caller gulf{"gulf-bank", "ghada"};
  const Caller deccan{"deccan-bank", "dev"};
  const Caller maker{"juice-maker", "mona"};
  const Caller checker{"juice-maker", "chadi"};
  const Caller grower{"grower", "gita"};
  const Caller carrier{"carrier", "carla"};
  const Caller surveyor{"surveyor", "sara"};
  const Caller laboratory{"laboratory", "lena"};
  const Caller outsider{"outsider", "otto"};
  static Caller oracle_at(int number) { return {"oracle-" + std::to_string(number), "gateway"}; }

  void SetUp() override {
    const std::vector<std::string> both{"maker", "checker"};
    testchain::Setup setup;
    setup.members = {{gulf, {"bank"}, both},
                     {deccan, {"bank"}, both},
                     {maker, {"corporate"}, {"maker"}},
                     {checker, {}, both},
                     {grower, {"corporate"}, both},
                     {carrier, {"carrier"}, both},
                     {surveyor, {"inspector"}, both},
                     {laboratory, {"inspector"}, both},
                     {outsider, {"corporate"}, both}};
    for (int i = 1; i <= 5; ++i) setup.members.push_back({oracle_at(i), {"oracle"}, both});
    setup.contracts = {{"deposit", &deposit::v1::invoke, {}},
                       {kOracle, &oracle::invoke, {}},
                       {kContract, &invoke, {}}};
    chain = testchain::make_chain(GetParam(), setup);
    open_account(gulf, "juice-maker");
    open_account(deccan, "grower");
    trust(true);
    grant(10'000'000);
    ASSERT_THAT(chain->call<deposit::v1::method::Mint>(gulf, "deposit",
                                                       {kObligorAccount, usd(kAmount), ""}),
                Succeeds());
    oracle::CreateFeedRequest feed{kFeed, "warmest air", "degrees Celsius", 1, rules(), {}, {}, {}};
    for (int i = 1; i <= 5; ++i) feed.oracles.push_back(oracle_at(i).organisation);
    ASSERT_THAT(chain->call<oracle::method::CreateFeed>(carrier, kOracle, feed), Succeeds());
  }

  static sdk::Money usd(std::int64_t cents) { return {"USD", cents}; }
  static oracle::Rules rules() {
    oracle::Rules out;
    out.tolerated_liars = 1;
    out.min_submissions = 3;
    out.max_submissions = 5;
    out.timeout_ms = 600'000;
    out.min_value = -500;
    out.max_value = 600;
    out.outlier_factor_permille = 3'500;
    out.tolerance = 5;
    out.appeal_ms = kAppealMs;
    out.arbiters = {"surveyor", "laboratory", "carrier"};
    out.arbiters_needed = 2;
    return out;
  }
  void open_account(const Caller& bank, const std::string& holder) {
    ASSERT_THAT(chain->call<deposit::v1::method::OpenAccount>(bank, "deposit", {holder, "USD"}),
                Succeeds());
  }
  void trust(bool trusted) {
    ASSERT_THAT(
        chain->call<deposit::v1::method::TrustContract>(gulf, "deposit", {kContract, trusted}),
        Succeeds());
  }
  void grant(std::int64_t cents) {
    ASSERT_THAT(
        chain->call<deposit::v1::method::GrantLimit>(deccan, "deposit", {"gulf-bank", usd(cents)}),
        Succeeds());
  }

  Terms terms() const {
    Terms out;
    out.reference = "MANGO-1";
    out.beneficiary = "grower";
    out.account = kObligorAccount;
    out.to = kBeneficiaryAccount;
    out.amount = usd(kAmount);
    out.date_ms = chain->now_ms() + 30 * kDayMs;
    out.purpose = "12 t mangoes, Nhava Sheva to Jebel Ali";
    OracleCondition condition;
    condition.contract = kOracle;
    condition.feed = kFeed;
    condition.min = 20;
    condition.max = 80;
    condition.unit = "degrees Celsius";
    condition.decimals = 1;
    condition.max_age_ms = kDayMs;
    condition.min_accepted = 3;
    out.oracle = condition;
    return out;
  }
  Terms attested_terms() {
    Terms out = terms();
    out.oracle.reset();
    out.attestors = AttestorCondition{{{"surveyor", "surveyor", {}},
                                       {"laboratory", "laboratory", {}},
                                       {"port doctor", "", to_bytes(doctor_->public_key())}},
                                      2};
    return out;
  }

  Reply<UndertakingReply> draft(const Terms& with) {
    return chain->call<method::Draft>(maker, kContract, {with});
  }
  Reply<UndertakingReply> issue(std::uint32_t version = 1) {
    return chain->call<method::Issue>(checker, kContract, {kName, version});
  }
  void undertake(const Terms& with) {
    ASSERT_THAT(draft(with), Succeeds());
    ASSERT_THAT(issue(), Succeeds());
  }
  Outcome attest(const Caller& who, const std::string& name, const Bytes& signature = {}) {
    return chain->call<method::Attest>(who, kContract, {kName, name, signature});
  }
  template <class Method>
  Outcome act(const Caller& who) {
    return chain->call<Method>(who, kContract, {kName});
  }
  Outcome submit(int who, std::uint64_t round, std::int64_t value) {
    return chain->call<oracle::method::Submit>(oracle_at(who), kOracle, {kFeed, round, value, {}});
  }
  // Everything up to the answer; it is final an hour later.
  void answer(std::uint64_t round, std::int64_t value) {
    for (int i = 1; i <= 3; ++i) ASSERT_THAT(submit(i, round, value), Succeeds());
  }
  // The block that makes it final, and the one in which those who asked hear of it.
  void let_it_be_final() {
    chain->advance_by(kAppealMs);
    chain->advance_by(0);
  }
  Undertaking undertaking() {
    return chain->view<method::GetUndertaking>(outsider, kContract, {kName}).response;
  }
  State state() { return undertaking().state; }
  oracle::Feed feed() {
    return chain->view<oracle::method::GetFeed>(outsider, kOracle, {kFeed}).response;
  }
  deposit::v1::Account account(const std::string& name) {
    return chain->view<deposit::v1::method::GetAccount>(outsider, "deposit", {name}).response;
  }
  std::int64_t available(const std::string& name) { return account(name).available.minor_units; }
  std::int64_t held(const std::string& name) { return account(name).held.minor_units; }
  void expect_money(std::int64_t obligor, std::int64_t set_aside, std::int64_t beneficiary) {
    EXPECT_EQ(available(kObligorAccount), obligor);
    EXPECT_EQ(held(kObligorAccount), set_aside);
    EXPECT_EQ(available(kBeneficiaryAccount), beneficiary);
  }
  static Bytes to_bytes(const PublicKey& key) { return {key.bytes.begin(), key.bytes.end()}; }

  static std::unique_ptr<Signer> make_signer() {
    SecretSeed seed;
    seed.bytes.fill(7);
    return ed25519_signer(seed);
  }

  std::unique_ptr<Signer> doctor_ = make_signer();
  std::unique_ptr<testchain::Chain> chain;
};

}  // namespace usance::payment_undertaking::v1
