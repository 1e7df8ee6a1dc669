#include "node/delivery.h"

#include <condition_variable>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/ledger_store.h"

namespace usance::node {
namespace {

class Collector final : public OutcomeSink {
 public:
  void outcomes(std::vector<BundleOutcome> outcomes) override {
    const std::lock_guard lock(mutex_);
    for (BundleOutcome& outcome : outcomes) all_.push_back(std::move(outcome));
    changed_.notify_all();
  }
  std::vector<BundleOutcome> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return all_.size() >= count; });
    return all_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<BundleOutcome> all_;
};

class DeliveryTest : public testing::Test {
 protected:
  DeliveryTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("delivery-" + std::to_string(::getpid()))),
        signer_(ed25519_signer(generate_seed())) {
    std::filesystem::remove_all(folder_);
    chain_.bytes.fill(3);
    store_ = storage::LedgerStore::open(folder_, chain_).value();
    delivery_ = std::make_unique<Delivery>(*store_, Height(0));
    delivery_->start();
  }
  ~DeliveryTest() override {
    delivery_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  consensus::BundlePtr bundle(std::size_t transactions = 1) {
    std::vector<Transaction> all(transactions);
    for (Transaction& tx : all) {
      tx.org = OrgId("bank-a");
      tx.user_key = signer_->public_key();
      tx.nonce.bytes[0] = next_nonce_++;
      tx.valid_until_height = Height(10);
      tx.contract = "deposit";
      tx.method = "Transfer";
    }
    const Bytes raw = encode(sign_bundle(chain_, std::move(all), *signer_));
    return std::make_shared<const CheckedBundle>(
        CheckedBundle::check(chain_, raw, ed25519_verifier()).value());
  }
  void expect(const consensus::BundlePtr& bundle, std::uint64_t sequence,
              bool until_admitted = false) {
    delivery_->expect({{bundle, Waiter{sink_, sequence, until_admitted}}});
  }
  void admit(const consensus::BundlePtr& bundle, std::optional<Error> error = std::nullopt) {
    delivery_->admissions({{bundle->hash(), std::move(error)}});
  }
  std::shared_ptr<const CertifiedBlock> block_of(const std::vector<consensus::BundlePtr>& bundles,
                                                 std::uint32_t timers) {
    auto block = std::make_shared<consensus::CheckedBlock>();
    block->bundles = bundles;
    auto certified = std::make_shared<CertifiedBlock>();
    certified->block = block;
    certified->result.height = Height(1);
    for (std::uint32_t i = 0; i < timers; ++i) certified->receipts.emplace_back().timer = true;
    for (const auto& one : bundles)
      certified->receipts.resize(certified->receipts.size() + one->ids().size());
    return certified;
  }

  // Returns when the delivery thread has worked off everything up to here.
  void handled() {
    const auto probe = std::make_shared<Collector>();
    const auto one = bundle();
    delivery_->expect({{one, Waiter{probe, 0, false}}});
    admit(one, Error{ErrorCode::kInvalidArgument, "a probe"});
    ASSERT_EQ(probe->wait_for(1).size(), 1u);
  }
  void execute(Height height, const std::vector<consensus::BundlePtr>& bundles,
               const std::vector<Receipt>& receipts) {
    consensus::CheckedBlock block;
    block.bundles = bundles;
    const BlockBody body = block.body();
    BlockHeader header = genesis_block_header(chain_, TimeMs(1));
    if (height.value > 0) {
      header.parent = block_hash(header);
      header.height = height;
      std::vector<Hash32> hashes;
      for (const auto& one : bundles) hashes.push_back(one->hash());
      header.body_root = body_root(hashes);
    }
    Certificate commit;
    commit.content = {VoteKind::kCommit, Epoch{}, View{}, height, block_hash(header)};
    const auto staged = store_->stage(height, {}).value();
    ResultHeader result;
    result.chain = chain_;
    result.height = height;
    result.block = block_hash(header);
    result.actions = static_cast<std::uint32_t>(receipts.size());
    result.state_root = staged.state_root();
    result.ledger_root = store_->next_ledger_root();
    const auto stored = store_->commit(
        staged, {header, &body, height.value > 0 ? &commit : nullptr}, receipts, {}, result);
    ASSERT_TRUE(stored) << stored.error().message;
  }

  const std::filesystem::path folder_;
  ChainId chain_;
  std::unique_ptr<Signer> signer_;
  std::uint8_t next_nonce_ = 1;
  std::unique_ptr<storage::LedgerStore> store_;
  std::unique_ptr<Delivery> delivery_;
  std::shared_ptr<Collector> sink_ = std::make_shared<Collector>();
};

TEST_F(DeliveryTest, ACertifiedBundleIsFoundBehindTimersAndOtherBundles) {
  const auto first = bundle(3), second = bundle(2);
  expect(second, 7);
  admit(second);
  delivery_->certified(block_of({first, second}, 2));
  const auto outcomes = sink_->wait_for(1);
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].sequence, 7u);
  EXPECT_EQ(outcomes[0].first, 5u);
  EXPECT_EQ(outcomes[0].count, 2u);
  EXPECT_FALSE(outcomes[0].error);
  EXPECT_EQ(delivery_->certified_height(), Height(1));
}

TEST_F(DeliveryTest, WhoOnlySubmitsIsAnsweredAtAdmissionAlsoTheSecondTime) {
  const auto one = bundle();
  expect(one, 1, true);
  admit(one);
  EXPECT_EQ(sink_->wait_for(1).size(), 1u);
  expect(one, 2, true);
  admit(one, Error{ErrorCode::kAlreadyExists, "in the mempool"});
  const auto outcomes = sink_->wait_for(2);
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_FALSE(outcomes[1].error);
}

TEST_F(DeliveryTest, TheSameBundleTwiceWaitsForOneOutcome) {
  const auto one = bundle();
  expect(one, 1);
  admit(one);
  expect(one, 2);
  admit(one, Error{ErrorCode::kAlreadyExists, "in the mempool"});
  delivery_->certified(block_of({one}, 0));
  const auto outcomes = sink_->wait_for(2);
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_TRUE(outcomes[0].block && outcomes[1].block);
}

TEST_F(DeliveryTest, RefusalsAndEvictionsKeepTheirReasons) {
  const auto full = bundle(), unknown = bundle(), elsewhere = bundle(), late = bundle();
  expect(full, 1);
  admit(full, Error{ErrorCode::kResourceExhausted, "full"});
  expect(unknown, 2);
  admit(unknown, Error{ErrorCode::kPermissionDenied, "unknown"});
  expect(elsewhere, 3);
  admit(elsewhere, Error{ErrorCode::kAlreadyExists, "another bundle has it"});
  expect(late, 4);
  admit(late);
  delivery_->evicted({{late, Error{ErrorCode::kExpired, "too late"}}});
  const auto outcomes = sink_->wait_for(4);
  ASSERT_EQ(outcomes.size(), 4u);
  const v1::Reason reasons[] = {v1::REASON_MEMPOOL_FULL, v1::REASON_UNKNOWN_KEY,
                                v1::REASON_DUPLICATE, v1::REASON_EXPIRED};
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(outcomes[i].error);
    EXPECT_EQ(outcomes[i].error->reason, reasons[i]);
  }
  EXPECT_EQ(delivery_->refused().at(v1::REASON_DUPLICATE), 1u);
}

TEST_F(DeliveryTest, AHaltTellsWhoWaitsAndWhoComesLater) {
  const auto waiting = bundle(), later = bundle();
  expect(waiting, 1);
  admit(waiting);
  delivery_->halt("another result");
  expect(later, 2);
  const auto outcomes = sink_->wait_for(2);
  ASSERT_EQ(outcomes.size(), 2u);
  for (const BundleOutcome& outcome : outcomes) {
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->reason, v1::REASON_CORRUPT);
    EXPECT_NE(outcome.error->message.find("another result"), std::string::npos);
  }
  EXPECT_FALSE(delivery_->waits_for(waiting->ids().front()));
}

TEST_F(DeliveryTest, BundlesOfPeersAndDecidedOnesAreKnown) {
  const auto gossiped = bundle(), decided = bundle(2), evicted = bundle();
  const auto known = [&](const consensus::BundlePtr& one) {
    handled();
    return delivery_->waits_for(one->ids().back());
  };
  for (const auto& one : {gossiped, evicted}) {
    delivery_->expect({{one, std::nullopt}});
    admit(one);
    EXPECT_TRUE(known(one));
  }
  delivery_->evicted({{evicted, Error{ErrorCode::kExpired, "too late"}}});
  EXPECT_FALSE(known(evicted));
  const auto block = block_of({gossiped, decided}, 0);
  delivery_->ordered(block->block);
  EXPECT_TRUE(known(gossiped));
  EXPECT_TRUE(known(decided));
  delivery_->certified(block);
  EXPECT_FALSE(known(gossiped));
  EXPECT_FALSE(known(decided));
  EXPECT_FALSE(delivery_->refused().contains(v1::REASON_EXPIRED));  // no client was refused
}

TEST_F(DeliveryTest, ABundleThatIsOrderedAndSubmittedAgainWaitsForItsCertificate) {
  const auto one = bundle(), other = bundle();
  const auto block = block_of({one}, 0);
  delivery_->ordered(block->block);
  expect(one, 1);
  admit(one, Error{ErrorCode::kAlreadyExists, "every transaction was ordered before"});
  expect(other, 2);
  admit(other, Error{ErrorCode::kAlreadyExists, "all transactions wait in the mempool already"});
  auto outcomes = sink_->wait_for(1);
  ASSERT_EQ(outcomes.size(), 1u);  // the other alone
  EXPECT_EQ(outcomes[0].sequence, 2u);
  EXPECT_EQ(outcomes[0].error->reason, v1::REASON_DUPLICATE);
  delivery_->certified(block);
  outcomes = sink_->wait_for(2);
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[1].sequence, 1u);
  EXPECT_EQ(outcomes[1].block, block);
}

TEST_F(DeliveryTest, ABundleThatWasExecutedBeforeARestartWaitsForItsCertificate) {
  const auto one = bundle(2), mixed = bundle();
  Receipt receipt;
  std::vector<Receipt> receipts;
  for (const TxId& id : one->ids()) {
    receipt.tx = id;
    receipts.push_back(receipt);
  }
  execute(Height(0), {}, {});
  execute(Height(1), {one}, receipts);
  expect(one, 1);
  admit(one, Error{ErrorCode::kAlreadyExists, "every transaction was ordered before"});
  handled();
  EXPECT_EQ(sink_->wait_for(0).size(), 0u);
  // As the executor reports a block of before the restart: with its receipts, without its bundles.
  Certificate certificate;
  certificate.content.kind = VoteKind::kExec;
  certificate.content.height = Height(1);
  certificate.content.hash = result_hash(store_->result_header(Height(1)).value());
  const Certificate certificates[] = {certificate};
  ASSERT_TRUE(store_->store_blocks({}, certificates, storage::Durability::kRelaxed));
  delivery_->certified(block_of({}, 0));
  const auto outcomes = sink_->wait_for(1);
  ASSERT_EQ(outcomes.size(), 1u);
  ASSERT_FALSE(outcomes[0].error) << outcomes[0].error->message;
  EXPECT_EQ(outcomes[0].first, 0u);
  EXPECT_EQ(outcomes[0].count, 2u);
}

TEST_F(DeliveryTest, BeforeTheNodeStopsEverybodyIsToldToComeBack) {
  const auto waiting = bundle(), later = bundle();
  expect(waiting, 1);
  admit(waiting);
  delivery_->refuse_waiters();
  expect(later, 2);
  const auto outcomes = sink_->wait_for(2);
  ASSERT_EQ(outcomes.size(), 2u);
  for (const BundleOutcome& outcome : outcomes) {
    EXPECT_EQ(outcome.error->reason, v1::REASON_SHUTTING_DOWN);
    EXPECT_TRUE(outcome.error->retry_after);
  }
}

TEST_F(DeliveryTest, StoppingTellsWhoStillWaits) {
  const auto one = bundle();
  expect(one, 1);
  delivery_->stop();
  const auto outcomes = sink_->wait_for(1);
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].error->reason, v1::REASON_SHUTTING_DOWN);
  EXPECT_FALSE(delivery_->waits_for(one->ids().front()));
}

}  // namespace
}  // namespace usance::node
