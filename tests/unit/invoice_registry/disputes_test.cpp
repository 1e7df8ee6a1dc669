// docs/contracts/invoice_registry.md, "Disputes", and mandates against griefing.
#include "base/hash.h"
#include "contracts/sdk/bytes.h"
#include "registry_chain.h"

namespace usance::invoice_registry::v1 {
namespace {

class Disputes : public RegistryChain {
 protected:
  static constexpr const char* kName = "bank-a/A-1";
  sdk::Bytes salt_ = sdk::Bytes(32, 77);

  void enter_sealed() {
    RegisterRequest sealed = request(kMakerA, "A-1", invoice());
    sdk::Bytes opened = salt_;
    for (const char c : kBuyer.organisation) opened.push_back(static_cast<std::uint8_t>(c));
    const Hash32 seal = sha256(opened);
    sealed.buyer_seal.assign(seal.bytes.begin(), seal.bytes.end());
    ASSERT_THAT(enter(kMakerA, sealed), Succeeds());
  }
  testchain::Outcome withdraw(const Caller& who) {
    return chain_->call<method::WithdrawDispute>(who, kRegistry, {kName});
  }
  testchain::Outcome concede(const Caller& who) {
    return chain_->call<method::ConcedeDispute>(who, kRegistry, {kName});
  }
};

TEST_P(Disputes, TheBuyerDisputesTheGoodsByOpeningItsSeal) {
  enter_sealed();
  ASSERT_THAT(finance(kMakerA, "A-1", 4'000), Succeeds());
  EXPECT_THAT(dispute(kBuyer, kName, Ground::kGoods), FailsWith(Error::kNotConcerned));
  EXPECT_THAT(dispute(kBuyer, kName, Ground::kGoods, sdk::Bytes(32, 1)),
              FailsWith(Error::kNotConcerned));
  EXPECT_THAT(dispute(kClient, kName, Ground::kGoods, salt_), FailsWith(Error::kNotConcerned));
  ASSERT_THAT(dispute(kBuyer, kName, Ground::kGoods, salt_), Succeeds());
  EXPECT_EQ(status(kName), Status::kDisputed);
  EXPECT_THAT(finance(kMakerA, "A-1", 1), FailsWith(Error::kWrongStatus));
  EXPECT_THAT(settle(kMakerA, kName), FailsWith(Error::kWrongStatus));

  EXPECT_THAT(withdraw(kMakerA), FailsWith(Error::kNotTheClaimant));
  ASSERT_THAT(withdraw(kBuyer), Succeeds());
  EXPECT_EQ(status(kName), Status::kPartFinanced);
  EXPECT_EQ(entry(kName).financed, 4'000u);
  // It had its say.
  EXPECT_THAT(dispute(kBuyer, kName, Ground::kGoods, salt_), FailsWith(Error::kAlreadyDisputed));
}

TEST_P(Disputes, ABankWithAMatchingEntryDisputesTheTokenAndAFalseOneBarsTheOther) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  EXPECT_THAT(dispute(kMakerB, kName, Ground::kToken), FailsWith(Error::kNotConcerned));
  ASSERT_THAT(enter(kMakerB, "B-1"), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(dispute(kMakerB, kName, Ground::kToken), Succeeds());
  EXPECT_FALSE(decide(kMakerB, kName, true).ok());  // no auditor
  // While it is disputed it holds its place.
  ASSERT_THAT(enter(kMakerC, "C-1"), Succeeds());
  EXPECT_THAT(finance(kMakerC, "C-1"), FailsWith(Error::kDupFinancedElsewhere));

  const auto decided = decide(kAuditor, kName, true);
  ASSERT_THAT(decided, Succeeds());
  EXPECT_EQ(status(kName), Status::kCancelled);
  EXPECT_EQ(decided.count(BankBarred::kEvent), 1u);
  EXPECT_THAT(enter(kMakerA, "A-2", {token(TokenKind::kSame, 99)}), FailsWith(Error::kBarred));
  EXPECT_THAT(finance(kMakerC, "C-1"), Succeeds());
  (void)chain_->advance_by(20 * sdk::kDayMs);
  EXPECT_THAT(enter(kMakerA, "A-2", {token(TokenKind::kSame, 99)}), Succeeds());
}

TEST_P(Disputes, AnAuditorDisputesAndAnotherDecides) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  EXPECT_THAT(dispute(kCustoms, kName, Ground::kAudit), FailsWith(Error::kNotConcerned));
  ASSERT_THAT(dispute(kAuditor, kName, Ground::kAudit), Succeeds());
  EXPECT_THAT(decide(kAuditor, kName, true), FailsWith(Error::kOwnDispute));
  ASSERT_THAT(decide(kOtherAuditor, kName, false), Succeeds());
  EXPECT_EQ(status(kName), Status::kRegistered);
  EXPECT_THAT(finance(kMakerA, "A-1"), Succeeds());
}

TEST_P(Disputes, TheEntrysBankConcedes) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(dispute(kAuditor, kName, Ground::kAudit), Succeeds());
  EXPECT_THAT(concede(kMakerB), FailsWith(Error::kNotTheBank));
  const auto conceded = concede(kMakerA);
  ASSERT_THAT(conceded, Succeeds());
  EXPECT_EQ(conceded.count(BankBarred::kEvent), 0u);
  EXPECT_EQ(status(kName), Status::kCancelled);
  EXPECT_THAT(concede(kMakerA), FailsWith(Error::kWrongStatus));
}

// "each with deadline": 20 weekdays for the goods, 5 for a token, 10 for an audit.
TEST_P(Disputes, WhatNobodyDecidesEndsByItselfAndLeavesTheEntryAsItWas) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(enter(kMakerB, "B-1"), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  const std::int64_t day = sdk::kDayMs;
  ASSERT_THAT(dispute(kMakerB, kName, Ground::kToken), Succeeds());
  (void)chain_->advance_by(6 * day);
  EXPECT_EQ(status(kName), Status::kDisputed);
  (void)chain_->advance_by(2 * day);
  EXPECT_EQ(status(kName), Status::kFinanced);
  ASSERT_THAT(dispute(kAuditor, kName, Ground::kAudit), Succeeds());
  (void)chain_->advance_by(13 * day);
  EXPECT_EQ(status(kName), Status::kDisputed);
  (void)chain_->advance_by(2 * day);
  EXPECT_EQ(status(kName), Status::kFinanced);
}

TEST_P(Disputes, AnotherFinancesWhileARegisteredEntryIsDisputed) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(enter(kMakerB, "B-1"), Succeeds());
  ASSERT_THAT(dispute(kAuditor, kName, Ground::kAudit), Succeeds());
  ASSERT_THAT(finance(kMakerB, "B-1"), Succeeds());
  ASSERT_THAT(withdraw(kAuditor), Succeeds());
  EXPECT_EQ(status(kName), Status::kDupFinanced);
}

TEST_P(Disputes, AMandateIsTakenBackAsLongAsItHasNotServed) {
  RegisterRequest one = request(kMakerA, "A-1", invoice());
  const GrantMandateRequest mandate{"bank-a", one.commitment};
  EXPECT_THAT(chain_->call<method::WithdrawMandate>(kBuyer, kRegistry, mandate),
              FailsWith(Error::kMandateMissing));
  ASSERT_THAT(chain_->call<method::WithdrawMandate>(kClient, kRegistry, mandate), Succeeds());
  EXPECT_THAT(enter(kMakerA, one), FailsWith(Error::kMandateMissing));
}

USANCE_ON_EVERY_CHAIN(Disputes);

}  // namespace
}  // namespace usance::invoice_registry::v1
