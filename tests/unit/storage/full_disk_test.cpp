// A disk that fills up at any moment: what is refused, what goes on, and that the store goes on by
// itself once there is room.
#include <atomic>
#include <limits>
#include <thread>

#include <gmock/gmock.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "recovery_fixture.h"
#include "storage/database.h"
#include "tests/fixtures/small_disk.h"

namespace usance::storage {
namespace {

constexpr std::int64_t kPlenty = std::numeric_limits<std::int64_t>::max() / 2;

// A file system with room for so many bytes, and none while there are no bytes left.
class FillingFileSystem : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  static const char* kClassName() { return "FillingFileSystem"; }
  const char* Name() const override { return kClassName(); }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    if (room <= 0) return rocksdb::IOStatus::NoSpace("no room for a file");
    std::unique_ptr<rocksdb::FSWritableFile> file;
    const auto status = target()->NewWritableFile(name, options, &file, debug);
    if (status.ok()) *result = std::make_unique<File>(std::move(file), *this);
    return status;
  }

  std::atomic<std::int64_t> room{kPlenty};  // bytes
  std::atomic<bool> tear{false};            // the first half of a write that fails gets through
  std::atomic<bool> late{false};            // appends succeed, only syncing them fails

 private:
  class File : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile>&& file, FillingFileSystem& system)
        : FSWritableFileOwnerWrapper(std::move(file)), system_(system) {}
    using FSWritableFileOwnerWrapper::Append;
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
      const auto size = static_cast<std::int64_t>(data.size());
      if (!system_.late && system_.room.fetch_sub(size) < size) {
        // As a real disk does: what still fits is written.
        const rocksdb::Slice part(data.data(), system_.tear ? data.size() / 2 : 0);
        if (!part.empty()) FSWritableFileOwnerWrapper::Append(part, options, debug);
        return rocksdb::IOStatus::NoSpace("no room for bytes");
      }
      return FSWritableFileOwnerWrapper::Append(data, options, debug);
    }
    // Nothing here ends the machine: what is written need not reach the disk.
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& /*options*/,
                           rocksdb::IODebugContext* /*debug*/) override {
      if (system_.late) return rocksdb::IOStatus::NoSpace("no room when it came to the disk");
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                            rocksdb::IODebugContext* debug) override {
      return Sync(options, debug);
    }

   private:
    FillingFileSystem& system_;
  };
};

class FullDiskTest : public RecoveryTest {
 protected:
  FullDiskTest() {
    options_.env = env_.get();
    options_.sync = true;
  }
  // The store must not outlive its disk, whichever way a test ends.
  ~FullDiskTest() override { store_.reset(); }

  void expect_refused(Height height) {
    const auto before = store_->executed();
    const auto refused = try_commit(changes_of(height));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted) << refused.error().message;
    EXPECT_EQ(store_->executed(), before);
    EXPECT_TRUE(store_->disk_full());
  }
  // After a restart on a sound disk everything is there, and the state is that of a store that
  // never met a full disk.
  void expect_whole(Height height) {
    store_.reset();
    options_.env = nullptr;
    options_.verify_state = true;
    open();
    EXPECT_EQ(store_->executed(), height);
    EXPECT_EQ(store_->result_header(height)->state_root, reference(height).state_root);
  }

  std::shared_ptr<FillingFileSystem> disk_ =
      std::make_shared<FillingFileSystem>(rocksdb::FileSystem::Default());
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
};

TEST_F(FullDiskTest, RefusesWithATypedErrorServesReadsAndHeals) {
  open();
  for (int i = 0; i < 5; ++i) commit(changes_of(next_height()));
  const Hash32 root = store_->result_header(Height(4))->state_root;
  for (int round = 0; round < 3; ++round) {
    const Height height = next_height();
    disk_->tear = round == 1;
    disk_->late = round == 2;
    disk_->room = 0;
    for (int attempt = 0; attempt < 2; ++attempt) expect_refused(height);
    const TestBlock next = make_block(chain_, height, parent_);
    EXPECT_EQ(store_->store_blocks(std::vector{next.block}, {}, Durability::kSynced).error().code,
              ErrorCode::kResourceExhausted);
    EXPECT_EQ(get(Height(4), key("deposit", "account 28", "balance")), "4");
    const auto proof = store_->state_proof(Height(4), key("deposit", "account 28", "balance"));
    EXPECT_TRUE(verify_state_proof(root, key("deposit", "account 28", "balance"), *proof));
    EXPECT_EQ(store_->receipts(height).error().code, ErrorCode::kNotFound);

    disk_->late = false;
    disk_->room = kPlenty;
    const auto healed = try_commit(changes_of(height));
    ASSERT_TRUE(healed) << healed.error().message;
    EXPECT_EQ(store_->executed(), height);
    EXPECT_FALSE(store_->disk_full());
  }
  expect_whole(Height(7));
}

TEST_F(FullDiskTest, ReadsGoOnWhereItFillsUpAgainWhileHealing) {
  open();
  for (int i = 0; i < 5; ++i) commit(changes_of(next_height()));
  disk_->room = 0;
  expect_refused(Height(5));
  // The probe fits, what opening wants to write does not.
  disk_->room = 80'000;
  expect_refused(Height(5));
  EXPECT_EQ(get(Height(4), key("deposit", "account 28", "balance")), "4");
  EXPECT_EQ(store_->events(Height(4))->size(), 2U);
  disk_->room = 0;
  expect_refused(Height(5));
  EXPECT_EQ(get(Height(4), key("deposit", "account 28", "balance")), "4");
  disk_->room = kPlenty;
  ASSERT_TRUE(store_->resume());
  ASSERT_TRUE(try_commit(changes_of(Height(5))));
  expect_whole(Height(5));
}

TEST_F(FullDiskTest, AValueThatWasReadOutlivesTheHealing) {
  const auto database = Database::open(directory_.path, options_).value();
  Batch batch(*database);
  const std::string text(100'000, 'x');
  batch.put(Family::kBlocks, "key", text);
  ASSERT_TRUE(database->write(batch, true));
  disk_->room = 0;
  Batch next(*database);
  next.put(Family::kBlocks, "other", "value");
  ASSERT_EQ(database->write(next, true).error().code, ErrorCode::kResourceExhausted);
  disk_->room = kPlenty;
  ASSERT_TRUE(database->resume());  // from now on the value lies in a table
  const auto pinned = database->get(Family::kBlocks, "key").value();
  disk_->room = 0;
  ASSERT_EQ(database->write(next, true).error().code, ErrorCode::kResourceExhausted);
  disk_->room = kPlenty;
  ASSERT_TRUE(database->write(next, true)) << "a batch made before the healing serves after it";
  EXPECT_EQ(pinned->ToString(), text);
  EXPECT_EQ(database->get(Family::kBlocks, "other").value()->ToString(), "value");
}

// Small memtables: the disk fills up in the log, in a flush, in a compaction, in the manifest, in
// a new log's file, wherever so many bytes end.
TEST_F(FullDiskTest, AtAnyByteNothingIsLost) {
  options_.memtable_bytes = 256u << 10;
  open();
  for (int i = 0; i < 3; ++i) commit(changes_of(next_height()));
  for (int round = 0; round < 16; ++round) {
    disk_->tear = round % 2 == 1;
    disk_->room = 1'000 + round * 15'919;
    auto committed = try_commit(changes_of(next_height()));
    while (committed) committed = try_commit(changes_of(next_height()));
    ASSERT_EQ(committed.error().code, ErrorCode::kResourceExhausted) << committed.error().message;
    EXPECT_EQ(get(Height(2), key("deposit", "account 14", "balance")), "2");
    disk_->room = kPlenty;
    committed = try_commit(changes_of(next_height()));
    ASSERT_TRUE(committed) << committed.error().message;
  }
  expect_whole(Height(next_height().value - 1));
}

// What a killed process left is opened with room for so many bytes only.
TEST_F(FullDiskTest, OpeningSaysSoAndLosesNothing) {
  options_.memtable_bytes = 256u << 10;
  open();
  for (int i = 0; i < 8; ++i) commit(changes_of(next_height()));
  const TemporaryDirectory kept;
  std::filesystem::copy(directory_.path, kept.path / "store");
  store_.reset();
  int refused = 0;
  for (std::int64_t room = 0; room < 150'000; room += 200 + room / 8) {
    const TemporaryDirectory left;
    std::filesystem::copy(kept.path / "store", left.path / "store");
    disk_->tear = room % 2 == 1;
    disk_->room = room;
    auto opened = LedgerStore::open(left.path / "store", chain_, options_);
    if (!opened) {
      ++refused;
      EXPECT_EQ(opened.error().code, ErrorCode::kResourceExhausted) << opened.error().message;
    }
    opened = fail(ErrorCode::kNotFound, "closed");
    disk_->room = kPlenty;
    opened = LedgerStore::open(left.path / "store", chain_, options_);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ((*opened)->executed(), Height(7));
  }
  EXPECT_GT(refused, 10);
}

// The real thing: a tmpfs, and RocksDB's own files of every kind on it.
TEST_F(FullDiskTest, ARealDiskThatIsFull) {
  test::SmallDisk disk(directory_.path, 32u << 20);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  options_.env = nullptr;
  open();
  for (int round = 0; round < 3; ++round) {
    commit(changes_of(next_height()));
    ASSERT_TRUE(disk.fill());
    auto committed = try_commit(changes_of(next_height()));
    for (int i = 0; i < 1'000 && committed; ++i) committed = try_commit(changes_of(next_height()));
    ASSERT_FALSE(committed);
    ASSERT_EQ(committed.error().code, ErrorCode::kResourceExhausted) << committed.error().message;
    expect_refused(next_height());
    const std::optional<Height> executed = store_->executed();
    if (round == 1) {
      store_.reset();
      ASSERT_TRUE(disk.fill());  // what closing gave back
      const auto opened = LedgerStore::open(directory_.path, chain_, options_);
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().code, ErrorCode::kResourceExhausted) << opened.error().message;
    }
    disk.make_room();
    if (round == 1) open();
    EXPECT_EQ(store_->executed(), executed);
    commit(changes_of(next_height()));
  }
  expect_whole(Height(next_height().value - 1));
  store_.reset();
}

TEST_F(FullDiskTest, OtherThreadsReadAndWriteMeanwhile) {
  open();
  for (int i = 0; i < 5; ++i) commit(changes_of(next_height()));
  std::atomic<bool> done{false};
  std::vector<std::thread> others;
  for (int i = 0; i < 2; ++i)
    others.emplace_back([&] {
      while (!done) {
        EXPECT_EQ(get(Height(4), key("deposit", "account 28", "balance")), "4");
        EXPECT_EQ(store_->events(Height(4))->size(), 2U);
        EXPECT_TRUE(store_->scopes("deposit", {}, {}, Height(4), 100));
      }
    });
  others.emplace_back([&] {
    for (std::uint64_t n = 0; !done; ++n) {
      const std::vector block{make_block(chain_, Height(1'000 + n % 8), filled(9)).block};
      const auto stored = store_->store_blocks(block, {}, Durability::kSynced);
      if (stored) continue;
      EXPECT_EQ(stored.error().code, ErrorCode::kResourceExhausted) << stored.error().message;
    }
  });
  for (int round = 0; round < 10; ++round) {
    commit(changes_of(next_height()));
    disk_->room = 0;
    expect_refused(next_height());
    disk_->room = kPlenty;
    // Only readers that stay may make it wait longer.
    Result<void> healed = store_->resume();
    for (int wait = 0; !healed && wait < 10; ++wait) healed = store_->resume();
    EXPECT_TRUE(healed) << healed.error().message;
  }
  done = true;
  for (std::thread& other : others) other.join();
  commit(changes_of(next_height()));
  expect_whole(Height(15));
}

}  // namespace
}  // namespace usance::storage
