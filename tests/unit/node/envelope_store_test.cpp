// What a node keeps for members: limits, restarts, receipts, and that erased is gone.
#include "node/envelope_store.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/envelope_seal.h"
#include "tests/unit/node/samples.h"

namespace usance::node {
namespace {

namespace fs = std::filesystem;
using ::testing::SizeIs;

class EnvelopeStoreTest : public testing::Test {
 protected:
  EnvelopeStoreTest() {
    std::string pattern = (fs::temp_directory_path() / "usance-envelopes-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    limits_.keep_ms = 1'000;
    open();
  }
  ~EnvelopeStoreTest() override { fs::remove_all(folder_); }

  void open() { store_ = EnvelopeStore::open(folder_ / "envelopes", limits_).value(); }

  [[nodiscard]] Envelope sealed(const std::string& text = "a price",
                                const std::string& sender = "nile-bank") const {
    const auto from = signer(1);
    return seal_envelope(chain_, {OrgId(sender), *from, TimeMs(1)},
                         {{OrgId("customs"), signer(2)->public_key()}},
                         {{}, "", {{"a.txt", to_bytes(text)}}})
        .value();
  }
  Result<KeptReceipt> keep(const Envelope& envelope, TimeMs now) {
    return store_->keep(envelope_id(chain_, envelope), envelope, now,
                        [this](const Hash32& id, TimeMs at, TimeMs until) -> Result<KeptReceipt> {
                          return KeptReceipt::by(*signer(9), chain_, {id, 7, at, until});
                        });
  }
  [[nodiscard]] DeliveryReceipt receipt(const Hash32& id, const std::string& org,
                                        std::uint8_t key) const {
    return DeliveryReceipt::by(*signer(key), chain_, {id, OrgId(org), TimeMs(5)});
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_ / "envelopes"), fs::directory_iterator()));
  }

  fs::path folder_;
  EnvelopeStore::Limits limits_;
  const ChainId chain_ = sha256(as_bytes("a genesis"));
  std::unique_ptr<EnvelopeStore> store_;
};

TEST_F(EnvelopeStoreTest, KeepsAcrossARestartAndHandsOverToTheNamed) {
  const Envelope envelope = sealed();
  const Hash32 id = envelope_id(chain_, envelope);
  const auto kept = keep(envelope, TimeMs(100));
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(kept->statement, (EnvelopeKept{id, 7, TimeMs(100), TimeMs(1'100)}));
  EXPECT_EQ(keep(envelope, TimeMs(200)).value(), *kept);  // the same again: the same receipt
  open();
  const auto taken = store_->hand_over(receipt(id, "customs", 2), TimeMs(300));
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(*taken, envelope);
  EXPECT_EQ(store_->hand_over(receipt(id, "lake-bank", 3), TimeMs(300)).error().code,
            ErrorCode::kPermissionDenied);
  // The sender is not among the named here: it could not open it either.
  EXPECT_EQ(store_->hand_over(receipt(id, "nile-bank", 1), TimeMs(300)).error().code,
            ErrorCode::kPermissionDenied);
}

TEST_F(EnvelopeStoreTest, TheSenderSeesTheFirstReceiptOfEachRecipientsUser) {
  const Envelope envelope = sealed();
  const Hash32 id = envelope_id(chain_, envelope);
  ASSERT_TRUE(keep(envelope, TimeMs(100)));
  ASSERT_TRUE(store_->hand_over(receipt(id, "customs", 2), TimeMs(300)));
  ASSERT_TRUE(store_->hand_over(receipt(id, "customs", 2), TimeMs(400)));
  ASSERT_TRUE(store_->hand_over(receipt(id, "customs", 4), TimeMs(500)));
  open();
  const auto seen = store_->list(OrgId("nile-bank"), TimeMs(~0ULL), 10);
  ASSERT_THAT(seen, SizeIs(1));
  ASSERT_THAT(seen[0].deliveries, SizeIs(2));
  EXPECT_EQ(seen[0].deliveries[0].at, TimeMs(300));
  EXPECT_EQ(seen[0].deliveries[0].receipt, receipt(id, "customs", 2));
  EXPECT_EQ(seen[0].deliveries[1].receipt.key, signer(4)->public_key());
  EXPECT_THAT(store_->list(OrgId("customs"), TimeMs(~0ULL), 10), SizeIs(1));
  EXPECT_THAT(store_->list(OrgId("lake-bank"), TimeMs(~0ULL), 10), SizeIs(0));
}

TEST_F(EnvelopeStoreTest, ListsTheNewestFirst) {
  for (std::uint64_t at : {3, 1, 2}) ASSERT_TRUE(keep(sealed(), TimeMs(at)));
  const auto times = [&](TimeMs before, std::size_t limit) {
    std::vector<std::uint64_t> out;
    for (const EnvelopeRecord& record : store_->list(OrgId("customs"), before, limit))
      out.push_back(record.kept.statement.at.value);
    return out;
  };
  EXPECT_EQ(times(TimeMs(10), 2), (std::vector<std::uint64_t>{3, 2}));
  EXPECT_EQ(times(TimeMs(2), 2), (std::vector<std::uint64_t>{1}));
}

TEST_F(EnvelopeStoreTest, WhatIsErasedOrHasHadItsTimeIsGoneFromTheDisk) {
  const Envelope mine = sealed();
  const Hash32 id = envelope_id(chain_, mine);
  ASSERT_TRUE(keep(mine, TimeMs(100)));
  ASSERT_TRUE(keep(sealed(), TimeMs(500)));
  EXPECT_EQ(files(), 4U);
  EXPECT_EQ(store_->erase(id, OrgId("customs")).error().code, ErrorCode::kPermissionDenied);
  ASSERT_TRUE(store_->erase(id, OrgId("nile-bank")));
  EXPECT_EQ(store_->erase(id, OrgId("nile-bank")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->hand_over(receipt(id, "customs", 2), TimeMs(300)).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(files(), 2U);
  EXPECT_EQ(store_->erase_expired(TimeMs(1'499)), 0U);
  EXPECT_EQ(store_->used().count, 1U);
  EXPECT_EQ(store_->erase_expired(TimeMs(1'500)), 1U);
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(store_->used(), EnvelopeStore::Use{});
}

TEST_F(EnvelopeStoreTest, NothingIsHandedOverAfterItsTime) {
  const Envelope envelope = sealed();
  const Hash32 id = envelope_id(chain_, envelope);
  ASSERT_TRUE(keep(envelope, TimeMs(100)));
  EXPECT_TRUE(store_->hand_over(receipt(id, "customs", 2), TimeMs(1'099)));
  EXPECT_EQ(store_->hand_over(receipt(id, "customs", 2), TimeMs(1'100)).error().code,
            ErrorCode::kNotFound);
}

TEST_F(EnvelopeStoreTest, OneSenderGetsHalfOfTheRoom) {
  limits_.count = 4;
  open();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(keep(sealed(), TimeMs(1)));
  EXPECT_EQ(keep(sealed(), TimeMs(1)).error().code, ErrorCode::kResourceExhausted);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(keep(sealed("x", "lake-bank"), TimeMs(1)));
  EXPECT_EQ(keep(sealed("x", "third-bank"), TimeMs(1)).error().code, ErrorCode::kResourceExhausted);
  open();  // what is there counts after a restart, too
  EXPECT_EQ(keep(sealed(), TimeMs(1)).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(store_->erase_expired(TimeMs(2'000)), 4U);
  EXPECT_TRUE(keep(sealed(), TimeMs(2'000)));
}

TEST_F(EnvelopeStoreTest, BytesAreBounded) {
  limits_.bytes = 20'000;
  open();
  EXPECT_TRUE(keep(sealed(std::string(9'000, 'x')), TimeMs(1)));
  EXPECT_EQ(keep(sealed(std::string(9'000, 'x')), TimeMs(1)).error().code,
            ErrorCode::kResourceExhausted);
}

// A crash between the two files, or in the middle of one.
TEST_F(EnvelopeStoreTest, TheRestsOfAnInterruptedWriteAreErasedAtTheStart) {
  const Envelope envelope = sealed();
  const std::string id = to_hex(envelope_id(chain_, envelope));
  ASSERT_TRUE(keep(envelope, TimeMs(1)));
  fs::remove(folder_ / "envelopes" / (id + ".record"));
  std::ofstream(folder_ / "envelopes" / (id + ".envelope.new")) << "half";
  open();
  EXPECT_EQ(files(), 0U);
  EXPECT_TRUE(keep(envelope, TimeMs(1)));
}

TEST_F(EnvelopeStoreTest, DamageIsToldAndCostsNothingElse) {
  const Envelope hit = sealed();
  const Envelope whole = sealed();
  ASSERT_TRUE(keep(hit, TimeMs(1)));
  ASSERT_TRUE(keep(whole, TimeMs(1)));
  const fs::path record = folder_ / "envelopes" / (to_hex(envelope_id(chain_, hit)) + ".record");
  fs::resize_file(record, 10);
  open();
  EXPECT_EQ(store_->damaged(), std::vector<fs::path>{record});
  EXPECT_EQ(files(), 4U);
  const Hash32 id = envelope_id(chain_, whole);
  EXPECT_TRUE(store_->hand_over(receipt(id, "customs", 2), TimeMs(2)));
  fs::resize_file(folder_ / "envelopes" / (to_hex(id) + ".envelope"), 10);
  EXPECT_EQ(store_->hand_over(receipt(id, "customs", 2), TimeMs(2)).error().code, ErrorCode::kIo);
}

TEST_F(EnvelopeStoreTest, WithoutASignatureNothingIsKept) {
  const Envelope envelope = sealed();
  const auto refused = store_->keep(envelope_id(chain_, envelope), envelope, TimeMs(1),
                                    [](const Hash32&, TimeMs, TimeMs) -> Result<KeptReceipt> {
                                      return fail(ErrorCode::kUnavailable, "not named");
                                    });
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(files(), 0U);
}

}  // namespace
}  // namespace usance::node
