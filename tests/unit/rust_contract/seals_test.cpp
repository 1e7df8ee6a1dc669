// The contract in Rust on the test chain: the same host, the same interface, the same errors.
#include <filesystem>

#include <gtest/gtest.h>

#include "contracts/testchain/chain.h"
#include "seals_in_rust/seals.usance.h"

namespace usance::testchain {
namespace {

using namespace seals::v1;

const Caller kCarrier{"carrier-1", "agent"};
const Caller kCustoms{"customs-1", "officer"};
const std::string kModule = USANCE_BINARY_DIR "/wasm/rust/seals.wasm";

class SealsInRust : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kModule)) {
      GTEST_SKIP()
          << "SKIPPED-BY-DESIGN: no rustc with the target wasm32-unknown-unknown was found "
             "(Debian: rustc, libstd-rust-dev-wasm32)";
    }
    testchain::Setup setup;
    setup.members = {{kCarrier, {"carrier"}, {"maker"}}, {kCustoms, {"customs"}, {"maker"}}};
    setup.contracts = {{"seals", nullptr, kModule}};
    chain_ = make_chain(Kind::kWasm, setup);
  }
  auto affix(const Caller& who, const std::string& container, const std::string& number) {
    return chain_->call<method::Affix>(who, "seals", {container, number});
  }
  std::unique_ptr<Chain> chain_;
};

TEST_F(SealsInRust, KeepsSealsAndTellsAboutThem) {
  const auto affixed = affix(kCarrier, "MSKU0383250", "ML-1");
  ASSERT_TRUE(affixed.ok()) << ::testing::PrintToString(affixed);
  const auto event = affixed.event<Affixed>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->container, "MSKU0383250");
  EXPECT_EQ(event->number, "ML-1");
  const auto seal = chain_->view<method::Get>(kCustoms, "seals", {"MSKU0383250"});
  ASSERT_TRUE(seal.ok());
  EXPECT_EQ(seal.response.number, "ML-1");
  EXPECT_EQ(seal.response.affixed_by, "carrier-1");
  const auto record = chain_->record<Seal>("seals", "MSKU0383250");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->number, "ML-1");
}

TEST_F(SealsInRust, FailsWithTheErrorsOfItsInterface) {
  ASSERT_TRUE(affix(kCarrier, "A", "1").ok());
  const auto again = affix(kCustoms, "A", "2");
  EXPECT_EQ(again.receipt.status, ReceiptStatus::kContractError);
  EXPECT_EQ(again.receipt.code, 1u);
  EXPECT_EQ(again.receipt.detail, "container A is sealed already");
  const auto not_theirs = chain_->call<method::Break>(kCustoms, "seals", {"A"});
  EXPECT_EQ(not_theirs.receipt.code, 3u);
  EXPECT_TRUE(chain_->call<method::Break>(kCarrier, "seals", {"A"}).ok());
  EXPECT_EQ(chain_->call<method::Break>(kCarrier, "seals", {"A"}).receipt.code, 2u);
  EXPECT_TRUE(affix(kCustoms, "A", "2").ok());
}

TEST_F(SealsInRust, RefusesWhatDoesNotDecode) {
  EXPECT_EQ(affix(kCarrier, "", "1").receipt.status, ReceiptStatus::kRejected);
  EXPECT_EQ(affix(kCarrier, "A", "").receipt.status, ReceiptStatus::kRejected);
  EXPECT_EQ(affix(kCarrier, "A", std::string(33, 'x')).receipt.status, ReceiptStatus::kRejected);
  const auto send = [this](const std::string& method, const Bytes& arguments) {
    return chain_->submit(kCarrier, "seals", method, arguments).receipt.status;
  };
  EXPECT_EQ(send("Nothing", {}), ReceiptStatus::kRejected);
  EXPECT_EQ(send("Get", {0x0a}), ReceiptStatus::kRejected);                        // cut off
  EXPECT_EQ(send("Get", {0x0a, 2, 'A'}), ReceiptStatus::kRejected);                // too short
  EXPECT_EQ(send("Get", {0x0a, 1, 'A', 0x0a, 1, 'B'}), ReceiptStatus::kRejected);  // twice
  EXPECT_EQ(send("Get", {0x0a, 1, 'A', 0x1a, 1, 'B'}), ReceiptStatus::kRejected);  // unknown
  EXPECT_EQ(send("Get", {0x0a, 1, 0xff}), ReceiptStatus::kRejected);               // not UTF-8
  EXPECT_EQ(send("Get", Bytes(1'000, 0x0a)), ReceiptStatus::kRejected);            // too long
}

}  // namespace
}  // namespace usance::testchain
