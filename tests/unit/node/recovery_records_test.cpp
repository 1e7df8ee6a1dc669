// Recovery records against a node's own ledger (docs/spec/recovery.md, R-5).
#include "node/recovery_records.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "node/exec_loop.h"
#include "tests/unit/node/sample_ledger.h"

namespace usance::node {
namespace {

class RecoveryRecordsTest : public testing::Test {
 protected:
  RecoveryRecordsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "usance-rec-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    genesis_ = four_banks();
    store_ = storage::LedgerStore::open(folder_ / "ledger", genesis_.chain_id).value();
    EXPECT_TRUE(initialise_store(genesis_, *store_));
  }
  ~RecoveryRecordsTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void add_block(bool certified, const RecoveryRecord* recovery = nullptr) {
    add_sample_block(*store_, genesis_, {certified, recovery, std::nullopt});
  }
  // Over this height of the ledger, with a new key for node 1.
  RecoveryRecord record_over(Height last, std::size_t signed_by = 3) {
    RecoveryRecord record;
    record.chain = genesis_.chain_id;
    record.reason = "a fire";
    record.last = store_->result_header(last).value();
    record.next = genesis_.validators();
    record.next.epoch = Epoch(1);
    record.next.validators[0].key = signer(101)->public_key();
    record.certificate_keys = {{1, sha256(as_bytes("another certificate"))}};
    sign(record, signed_by);
    return record;
  }
  void sign(RecoveryRecord& record, std::size_t count) {
    record.signatures.clear();
    for (std::uint8_t i = 0; i < count; ++i)
      record.signatures.push_back(
          {genesis_.organisations[i].id,
           signer(static_cast<std::uint8_t>(40 + i))->sign(recovery_digest(record))});
  }
  [[nodiscard]] std::string refusal(const RecoveryRecord& record) const {
    const auto judged = judge_recovery(record, genesis_, *store_);
    return judged ? "" : judged.error().message;
  }

  std::filesystem::path folder_;
  Genesis genesis_;
  std::unique_ptr<storage::LedgerStore> store_;
};

TEST_F(RecoveryRecordsTest, R5_1_IsKeptAndReadAtTheNextStart) {
  add_block(true);
  add_block(false);
  const RecoveryRecord record = record_over(Height(2));
  EXPECT_EQ(refusal(record), "");
  EXPECT_TRUE(RecoveryRecords::load(folder_).value().all().empty());
  ASSERT_TRUE(RecoveryRecords::install(folder_, record));
  const RecoveryRecords records = RecoveryRecords::load(folder_).value();
  ASSERT_EQ(records.all(), std::vector{record});
  EXPECT_TRUE(records.judge(genesis_, *store_));
  EXPECT_EQ(records.beginning_at(Height(3)), &records.all()[0]);
  EXPECT_EQ(records.beginning_at(Height(2)), nullptr);
  const auto core = records.for_core().value();
  ASSERT_EQ(core.size(), 1u);
  EXPECT_EQ(core[0].last, Height(2));
  EXPECT_EQ(core[0].result_hash, result_hash(record.last));
  // And goes on to be the ledger's own.
  add_block(true, &records.all()[0]);
  EXPECT_EQ(store_->result_header(Height(3))->epoch, Epoch(1));
  EXPECT_TRUE(records.judge(genesis_, *store_));
}

TEST_F(RecoveryRecordsTest, R5_2_WhatIsDecidedHereIsNotTakenBack) {
  add_block(true);
  add_block(true);
  EXPECT_NE(refusal(record_over(Height(1))).find("take back height 2"), std::string::npos);
  RecoveryRecord other = record_over(Height(2));
  other.last.gas_used += 1;
  EXPECT_NE(refusal(other).find("another result"), std::string::npos);
  other = record_over(Height(2));
  other.last.height = Height(9);  // above the ledger, on another block: nothing to compare yet
  sign(other, 3);
  EXPECT_EQ(refusal(other), "");
  // A second record over the same height, once the ledger went on by the first.
  const RecoveryRecord first = record_over(Height(2));
  add_block(true, &first);
  EXPECT_EQ(refusal(first), "");
  other = record_over(Height(2));
  other.reason = "another story";
  EXPECT_NE(refusal(other).find("another recovery record"), std::string::npos);
}

TEST_F(RecoveryRecordsTest, R2_1_TooFewSignaturesStopTheStart) {
  add_block(true);
  ASSERT_TRUE(RecoveryRecords::install(folder_, record_over(Height(1), 2)));
  const auto judged = RecoveryRecords::load(folder_).value().judge(genesis_, *store_);
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().code, ErrorCode::kPermissionDenied);
  std::filesystem::resize_file(folder_ / "recovery" / "1.record", 50);
  EXPECT_FALSE(RecoveryRecords::load(folder_));
}

TEST_F(RecoveryRecordsTest, R5_3_ThePeersAreKnownByTheirNewKeysBeforeTheBlock) {
  add_block(true);
  const RecoveryRecord record = record_over(Height(1));
  ASSERT_TRUE(RecoveryRecords::install(folder_, record));
  const RecoveryRecords records = RecoveryRecords::load(folder_).value();
  const Directory before = read_directory(*store_->view(Height(1)).value(), Height(1));
  const Directory ahead = records.ahead(before, Height(1));
  EXPECT_EQ(ahead.by_id(1)->key, record.next.validators[0].key);
  EXPECT_EQ(ahead.by_id(1)->tls_key, record.certificate_keys[0].tls_key);
  EXPECT_EQ(*ahead.by_id(2), *before.by_id(2));
  EXPECT_EQ(records.ahead(before, Height(2)), before);  // then the ledger says so itself
  add_block(true, &record);
  const Directory after = read_directory(*store_->view(Height(2)).value(), Height(2));
  EXPECT_EQ(*after.by_id(1), *ahead.by_id(1));
}

}  // namespace
}  // namespace usance::node
