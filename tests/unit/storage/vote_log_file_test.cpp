#include "storage/vote_log_file.h"

#include <cerrno>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/hash.h"
#include "store_fixture.h"
#include "tests/fixtures/small_disk.h"

// The C library's, but for the one call that shall find the disk full.
static bool next_sync_lacks_room = false;
extern "C" int fdatasync(int descriptor) {
  if (std::exchange(next_sync_lacks_room, false)) {
    errno = ENOSPC;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

namespace usance::storage {
namespace {

using testing::HasSubstr;

class VoteLogTest : public testing::Test {
 protected:
  VoteLogTest() {
    options_.sync = false;
    options_.ring_bytes = 512 * 1024;
  }
  Result<std::unique_ptr<VoteLogFile>> try_open() {
    log_.reset();
    return VoteLogFile::open(file(), chain_, key_, options_);
  }
  void open() {
    auto opened = try_open();
    ASSERT_TRUE(opened) << opened.error().message;
    log_ = *std::move(opened);
  }
  static Bytes record(std::uint64_t sequence, std::size_t size = 700) {
    Bytes out(size, static_cast<std::uint8_t>(sequence));
    if (!out.empty()) out[0] = static_cast<std::uint8_t>(sequence >> 8);
    return out;
  }
  void append_up_to(std::uint64_t last, std::size_t size = 700) {
    for (std::uint64_t s = log_->newest() ? log_->newest()->sequence + 1 : 1; s <= last; ++s)
      ASSERT_TRUE(log_->append(s, record(s, size)));
  }
  std::filesystem::path file() const { return directory_.path / "votes.log"; }
  Bytes raw() const {
    std::ifstream in(file(), std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(in), {});
  }
  void overwrite(const Bytes& bytes) const {
    std::ofstream out(file(), std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
  }

  TemporaryDirectory directory_;
  ChainId chain_ = filled(1);
  PublicKey key_{};
  VoteLogOptions options_;
  std::unique_ptr<VoteLogFile> log_;
};

TEST_F(VoteLogTest, ANewLogHasNoRecordAndSaysItIsNew) {
  open();
  EXPECT_TRUE(log_->created());
  EXPECT_FALSE(log_->newest());
  open();
  EXPECT_FALSE(log_->created());
  EXPECT_FALSE(log_->newest());
}

TEST_F(VoteLogTest, KeepsTheNewestRecordOverRestartsAndWraps) {
  open();
  const std::size_t size = std::filesystem::file_size(file());
  for (std::uint64_t last = 1; last < 2'000; last += 97) {
    append_up_to(last);
    open();
    ASSERT_TRUE(log_->newest());
    EXPECT_EQ(log_->newest()->sequence, last);
    EXPECT_EQ(log_->newest()->record, record(last));
  }
  append_up_to(2'010, kMaxVoteRecordBytes);
  open();
  EXPECT_EQ(log_->newest()->sequence, 2'010u);
  EXPECT_EQ(log_->newest()->record, record(2'010, kMaxVoteRecordBytes));
  append_up_to(2'011, 0);
  open();
  EXPECT_EQ(log_->newest()->record, Bytes());
  EXPECT_EQ(std::filesystem::file_size(file()), size) << "the file never grows";
}

TEST_F(VoteLogTest, RefusesAWrongSequenceAndAnOversizedRecord) {
  open();
  EXPECT_EQ(log_->append(0, record(0)).error().code, ErrorCode::kInvalidArgument);
  append_up_to(3);
  EXPECT_EQ(log_->append(3, record(3)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(log_->append(2, record(2)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(log_->append(4, Bytes(kMaxVoteRecordBytes + 1)).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(log_->append(4, record(4)));
  // A log that was lost goes on above what is known of it elsewhere.
  EXPECT_TRUE(log_->append(90, record(90)));
  open();
  EXPECT_EQ(log_->newest()->sequence, 90u);
}

TEST_F(VoteLogTest, IsHandedOverToTheKeyThatReplacesItsOwn) {
  open();
  append_up_to(3);
  PublicKey next;
  next.bytes.fill(77);
  ASSERT_TRUE(log_->hand_over(next));
  ASSERT_TRUE(log_->append(4, record(4)));
  log_.reset();
  EXPECT_EQ(try_open().error().code, ErrorCode::kFailedPrecondition);
  const PublicKey both[] = {key_, next};
  const auto log = VoteLogFile::open(file(), chain_, both, options_);
  ASSERT_TRUE(log) << log.error().message;
  EXPECT_EQ((*log)->newest()->sequence, 4u);
}

TEST_F(VoteLogTest, ForWantOfRoomItIsHandedOverAgain) {
  options_.sync = true;
  open();
  append_up_to(3);
  PublicKey next;
  next.bytes.fill(77);
  next_sync_lacks_room = true;
  EXPECT_EQ(log_->hand_over(next).error().code, ErrorCode::kResourceExhausted);
  ASSERT_TRUE(log_->hand_over(next));
  ASSERT_TRUE(log_->append(4, record(4)));
}

// Whatever part of the last record reached the disk, the one before it counts.
TEST_F(VoteLogTest, ATornTailLeavesTheRecordBefore) {
  open();
  append_up_to(5);
  log_.reset();
  const Bytes before = raw();
  open();
  append_up_to(6);
  log_.reset();
  const Bytes after = raw();
  std::size_t first = 0;
  while (before[first] == after[first]) ++first;
  std::size_t last = after.size() - 1;
  while (before[last] == after[last]) --last;
  for (std::size_t cut = first + 1; cut <= last; cut += 61) {
    Bytes torn = before;
    std::copy(after.begin() + static_cast<std::ptrdiff_t>(first),
              after.begin() + static_cast<std::ptrdiff_t>(cut),
              torn.begin() + static_cast<std::ptrdiff_t>(first));
    overwrite(torn);
    open();
    EXPECT_EQ(log_->newest()->sequence, 5u) << cut;
    ASSERT_TRUE(log_->append(6, record(6)));
    open();
    EXPECT_EQ(log_->newest()->sequence, 6u);
    log_.reset();
  }
}

TEST_F(VoteLogTest, AFlippedBitNeverYieldsAnotherRecord) {
  open();
  append_up_to(4);
  log_.reset();
  const Bytes good = raw();
  for (std::size_t at = 0; at < 512 + 4 * 1'024; at += 7) {
    Bytes bad = good;
    bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x10);
    overwrite(bad);
    auto opened = try_open();
    if (!opened) {
      EXPECT_LT(at, 512u) << "only the head makes the log unreadable";
      continue;
    }
    const auto newest = (*opened)->newest();
    ASSERT_TRUE(newest);
    EXPECT_GE(newest->sequence, 3u);
    EXPECT_EQ(newest->record, record(newest->sequence));
  }
}

// On a real full disk: the log's own space is taken from it, as a file system that copies on
// writing does.
TEST_F(VoteLogTest, WithoutRoomARecordIsRefusedWholeAndTakenLater) {
  test::SmallDisk disk(directory_.path, 2u << 20);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  options_.sync = true;
  open();
  append_up_to(3);
  const int descriptor = ::open(file().c_str(), O_RDWR | O_CLOEXEC);
  constexpr off_t kUsed = 8'192;  // the head and three records, and the tail of a page
  ASSERT_EQ(::fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, kUsed,
                        static_cast<off_t>(options_.ring_bytes) - kUsed),
            0);
  ::close(descriptor);
  ASSERT_TRUE(disk.fill());
  // Its beginning fits into the last page there is, its end does not.
  const Bytes large = record(4, 30'000);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto refused = log_->append(4, large);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted) << refused.error().message;
    EXPECT_EQ(log_->newest()->sequence, 3u);
  }
  open();  // what a process that ended now leaves
  ASSERT_TRUE(log_->newest());
  EXPECT_EQ(log_->newest()->sequence, 3u);
  EXPECT_EQ(log_->newest()->record, record(3));
  ASSERT_FALSE(log_->append(4, large));
  disk.make_room();
  ASSERT_TRUE(log_->append(4, large));
  append_up_to(6);
  open();
  EXPECT_EQ(log_->newest()->sequence, 6u);
  EXPECT_EQ(log_->newest()->record, record(6));
  log_.reset();
}

TEST_F(VoteLogTest, IsNotMadeByHalvesOnAFullDisk) {
  test::SmallDisk disk(directory_.path, 256u << 10);  // less than the ring
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  const auto refused = try_open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted) << refused.error().message;
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path)) << "nothing is left lying about";
}

TEST_F(VoteLogTest, RefusesAnothersLog) {
  open();
  append_up_to(1);
  chain_ = filled(2);
  auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(opened.error().message, HasSubstr("another network"));
  chain_ = filled(1);
  key_.bytes.fill(9);
  opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(opened.error().message, HasSubstr("another validator"));
}

TEST_F(VoteLogTest, RefusesALogThatIsInUseOrIsNone) {
  open();
  const auto second = VoteLogFile::open(file(), chain_, key_, options_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kFailedPrecondition);
  log_.reset();
  overwrite(Bytes(2'048, 0x20));
  EXPECT_EQ(try_open().error().code, ErrorCode::kCorrupt);
  overwrite(Bytes());
  EXPECT_EQ(try_open().error().code, ErrorCode::kCorrupt);
}

// What the head says is not memory's to reserve before the file was seen to be so long.
TEST_F(VoteLogTest, RefusesAHeadThatSaysMoreThanTheFileHolds) {
  open();
  append_up_to(2);
  log_.reset();
  Bytes bytes = raw();
  constexpr std::size_t kRing = 3 + Hash32::kSize + PublicKey::kSize;  // after tag and version
  constexpr std::size_t kCheck = kRing + 8 + Nonce::kSize;
  bytes[kRing + 6] = 1;  // 256 TiB more
  std::fill_n(bytes.begin() + kCheck, Hash32::kSize, std::uint8_t{0});
  const Hash32 check = sha256(ByteView(bytes).first(kCheck + Hash32::kSize));
  std::copy(check.bytes.begin(), check.bytes.end(), bytes.begin() + kCheck);
  overwrite(bytes);
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(opened.error().message, HasSubstr("shorter than its head says"));
}

}  // namespace
}  // namespace usance::storage
