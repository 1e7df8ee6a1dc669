// What a crash and a flipped byte leave of a store.
#include <cstdlib>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include "recovery_fixture.h"
#include "storage/database.h"
#include "storage/keys.h"

namespace usance::storage {
namespace {

using testing::HasSubstr;

// Runs only as the child of the test below: commits for ever, one byte to the pipe per height.
TEST_F(RecoveryTest, DISABLED_CommitForever) {
  const char* directory = std::getenv("USANCE_TEST_CRASH_DIRECTORY");
  ASSERT_NE(directory, nullptr);
  directory_.path = directory;
  options_.sync = true;
  open();
  for (;;) {
    ASSERT_TRUE(try_commit(changes_of(next_height())));
    const char done = '.';
    ASSERT_EQ(::write(STDOUT_FILENO, &done, 1), 1);
  }
}

TEST_F(RecoveryTest, AKilledWriterLosesNothingThatItReported) {
  std::uint64_t reported = 0;  // heights, over all lives
  for (int life = 0; life < 5; ++life) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::setenv("USANCE_TEST_CRASH_DIRECTORY", directory_.path.c_str(), 1);
      ::execl("/proc/self/exe", "unit_storage", "--gtest_also_run_disabled_tests",
              "--gtest_brief=1", "--gtest_filter=RecoveryTest.DISABLED_CommitForever", nullptr);
      ::_exit(127);
    }
    ASSERT_GT(child, 0);
    ::close(ends[1]);
    char byte = 0;
    for (int seen = 0; seen < 4 + 9 * life && ::read(ends[0], &byte, 1) == 1;)
      if (byte == '.') {
        ++seen;
        ++reported;
      }
    ::kill(child, SIGKILL);
    // Heights that were committed between the last look and the kill.
    while (::read(ends[0], &byte, 1) == 1)
      if (byte == '.') ++reported;
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";

    options_.verify_state = true;
    open();
    ASSERT_TRUE(store_->executed());
    const std::uint64_t found = store_->executed()->value + 1;
    EXPECT_GE(found, reported);
    EXPECT_LE(found, reported + 1) << "at most the height whose report was cut off";
    reported = found;
    const ResultHeader expected = reference(*store_->executed());
    EXPECT_EQ(store_->result_header(*store_->executed()).value(), expected);
    store_.reset();
  }
}

class CorruptionTest : public RecoveryTest {
 protected:
  static std::pair<std::string, std::string> first(const Database& database, Family family,
                                                   const std::string& from) {
    const Cursor at = database.cursor(family);
    at->Seek(from);
    EXPECT_TRUE(at->Valid());
    if (!at->Valid()) return {};
    return {at->key().ToString(), at->value().ToString()};
  }
  // Changes what lies under the first key that is not below `from`.
  template <class Change>
  void tamper(Family family, const std::string& from, const Change& change) {
    store_.reset();
    auto database = Database::open(directory_.path, options_).value();
    auto [key, value] = first(*database, family, from);
    change(value);
    Batch batch(*database);
    batch.put(family, key, value);
    ASSERT_TRUE(database->write(batch, true));
  }
  void tamper(Family family, const std::string& from = {}) {
    tamper(family, from,
           [](std::string& value) { value.back() = static_cast<char>(~value.back()); });
  }
  void remove(Family family, const std::string& from = {}) {
    store_.reset();
    auto database = Database::open(directory_.path, options_).value();
    Batch batch(*database);
    batch.erase(family, first(*database, family, from).first);
    ASSERT_TRUE(database->write(batch, true));
  }
  std::string refusal() {
    const auto opened = LedgerStore::open(directory_.path, chain_, options_);
    if (opened) return "opened";
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt) << opened.error().message;
    return opened.error().message;
  }
  void SetUp() override {
    open();
    for (int i = 0; i < 4; ++i) commit(changes_of(next_height()));
  }
};

TEST_F(CorruptionTest, AnUntouchedStoreOpens) {
  store_.reset();
  options_.verify_state = true;
  EXPECT_EQ(refusal(), "opened");
}

TEST_F(CorruptionTest, NamesTheObjectWhoseValueDiffers) {
  options_.verify_state = true;
  tamper(Family::kObjects, keys::address({3, 0}));
  EXPECT_THAT(refusal(), HasSubstr("of height 3"));
}

TEST_F(CorruptionTest, NamesTheItemOfALargeObjectThatDiffers) {
  options_.verify_state = true;
  const std::string newest =
      keys::item(scope_path("registry", to_bytes("index")), to_bytes("entry 25"), Height(99));
  tamper(Family::kItems, newest);
  EXPECT_THAT(refusal(), HasSubstr("item " + to_hex(to_bytes("entry 25"))));
}

TEST_F(CorruptionTest, NamesThePageThatDiffersWhenItIsRead) {
  // The root page is the last that the newest height wrote: a start reads it.
  store_.reset();
  std::string last;
  {
    auto database = Database::open(directory_.path, options_).value();
    const Cursor it = database->cursor(Family::kPages);
    it->SeekToLast();
    last = it->key().ToString();
  }
  tamper(Family::kPages, last,
         [](std::string& value) { value[20] = static_cast<char>(value[20] ^ 1); });
  EXPECT_THAT(refusal(), HasSubstr("tree of scopes"));
}

TEST_F(CorruptionTest, RefusesResultsBlocksAndTreesThatDisagree) {
  tamper(Family::kLedger, keys::ledger_node(0, 2));
  EXPECT_THAT(refusal(), HasSubstr("ledger tree"));
}

TEST_F(CorruptionTest, RefusesAMissingBlock) {
  remove(Family::kBlocks, keys::height(Height(2)));
  EXPECT_THAT(refusal(), HasSubstr("block header of height 2"));
}

TEST_F(CorruptionTest, RefusesAnotherBody) {
  const Hash32 hash = store_->result_header(Height(3))->block;
  tamper(Family::kBlocks, keys::block(Height(3), hash, keys::BlockPart::kBody));
  EXPECT_THAT(refusal(), HasSubstr("block body of height 3"));
}

TEST_F(CorruptionTest, RefusesACertificateOfAnotherResult) {
  ASSERT_TRUE(store_->store_blocks(
      {}, std::vector{certificate(VoteKind::kExec, Height(3), filled(4))}, Durability::kSynced));
  store_.reset();
  EXPECT_THAT(refusal(), HasSubstr("result certificate of height 3"));
}

TEST_F(CorruptionTest, RefusesAForeignDatabase) {
  store_.reset();
  TemporaryDirectory other;
  {
    auto database = Database::open(other.path, options_).value();
    Batch batch(*database);
    batch.put(Family::kMeta, "somebody", "else");
    ASSERT_TRUE(database->write(batch, true));
  }
  const auto opened = LedgerStore::open(other.path, chain_, options_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace usance::storage
