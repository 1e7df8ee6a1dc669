// Votes leave only once their record is durable, also when the disk has no room for a while.
#include "node/log_loop.h"

#include <gtest/gtest.h>

#include "node/disk_room.h"
#include "storage/ledger_store.h"

namespace usance::node {
namespace {

// Refuses so many appends before it takes one.
class FullLog final : public VoteLog {
 public:
  FullLog(std::atomic<int>& refusals, ErrorCode code) : refusals_(refusals), code_(code) {}
  std::optional<StoredVoteRecord> newest() const override { return newest_; }
  Result<void> append(std::uint64_t sequence, ByteView record) override {
    if (refusals_-- > 0) return usance::fail(code_, "refused");
    newest_ = StoredVoteRecord{sequence, Bytes(record.begin(), record.end())};
    return {};
  }
  Result<void> hand_over(const PublicKey&) override { return {}; }

 private:
  std::atomic<int>& refusals_;
  const ErrorCode code_;
  std::optional<StoredVoteRecord> newest_;
};

class LogLoopTest : public testing::Test {
 protected:
  LogLoopTest() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("usance-log-loop-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    store_ = storage::LedgerStore::open(folder_, ChainId{}).value();
    room_ = std::make_unique<DiskRoom>(*store_);
  }
  ~LogLoopTest() override {
    loop_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void start(ErrorCode code) {
    loop_ = std::make_unique<LogLoop>(
        std::make_unique<FullLog>(refusals_, code), *store_, *room_,
        [this](consensus::Token token) {
          EXPECT_LE(refusals_, 0) << "a vote was free to go before its record was durable";
          durable_ = token;
        },
        [this](const Error& error) { failed_ = error.code; });
    loop_->start();
  }
  static consensus::Persist vote(consensus::Token token) {
    consensus::Persist persist;
    persist.token = token;
    persist.record = to_bytes("a vote");
    return persist;
  }
  static void wait_for(const std::function<bool()>& condition) {
    for (int i = 0; i < 2'000 && !condition(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_TRUE(condition());
  }

  std::filesystem::path folder_;
  std::unique_ptr<storage::LedgerStore> store_;
  std::unique_ptr<DiskRoom> room_;
  std::unique_ptr<LogLoop> loop_;
  std::atomic<int> refusals_{0};
  std::atomic<consensus::Token> durable_{0};
  std::atomic<ErrorCode> failed_{ErrorCode::kNotFound};  // never one of the log's
};

TEST_F(LogLoopTest, WaitsForRoomAndThenGoesOn) {
  refusals_ = 1'000'000;
  start(ErrorCode::kResourceExhausted);
  loop_->persist(vote(1));
  wait_for([this] { return room_->full(); });
  EXPECT_EQ(durable_, 0u);
  refusals_ = 0;
  wait_for([this] { return durable_ == 1; });
  EXPECT_FALSE(room_->full());
  loop_->persist(vote(2));
  wait_for([this] { return durable_ == 2; });
  EXPECT_EQ(failed_, ErrorCode::kNotFound);
}

TEST_F(LogLoopTest, StopsWithoutRoomAndFreesNoVote) {
  refusals_ = 1'000'000;
  start(ErrorCode::kResourceExhausted);
  loop_->persist(vote(1));
  wait_for([this] { return room_->full(); });
  loop_->stop();
  EXPECT_EQ(durable_, 0u);
  EXPECT_EQ(failed_, ErrorCode::kNotFound) << "stopping on a full disk is no failure";
}

TEST_F(LogLoopTest, FailsOnceOnADiskThatIsBroken) {
  refusals_ = 1'000'000;
  start(ErrorCode::kIo);
  loop_->persist(vote(1));
  wait_for([this] { return failed_ == ErrorCode::kIo; });
  EXPECT_EQ(durable_, 0u);
}

}  // namespace
}  // namespace usance::node
