// Files of a store that are damaged, gone, or another program's: each is refused with a typed
// error that names it, or opens with everything that it ever acknowledged; the process lives.
#include <fstream>

#include <gmock/gmock.h>

#include "recovery_fixture.h"
#include "storage/database.h"

namespace usance::storage {
namespace {

using testing::HasSubstr;

constexpr Height kNewest(9);

class DamagedFilesTest : public RecoveryTest {
 protected:
  // A store whose older heights are in tables and whose newest are in the write-ahead log.
  void SetUp() override {
    for (int life = 0; life < 2; ++life) {
      reopen();
      for (int i = 0; i < 5; ++i) commit(changes_of(next_height()));
    }
    root_ = store_->result_header(kNewest)->state_root;
    store_.reset();
    std::filesystem::copy(directory_.path, copy_.path / "store");
  }
  // Names of a copy's files of one kind: the first and the last.
  static std::vector<std::string> files(const std::filesystem::path& copy, std::string_view kind) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(copy)) {
      const std::string name = entry.path().filename().string();
      if (name != "rocksdb.log" && entry.file_size() > 0 &&
          (name.starts_with(kind) || name.ends_with(kind)))
        out.push_back(name);
    }
    std::sort(out.begin(), out.end());
    EXPECT_FALSE(out.empty()) << kind;
    if (out.size() > 2) out.erase(out.begin() + 1, out.end() - 1);
    return out;
  }
  // The store as it was before the damage.
  void restore() {
    std::filesystem::remove_all(directory_.path);
    std::filesystem::copy(copy_.path / "store", directory_.path);
  }
  Error refusal() {
    const auto opened = LedgerStore::open(directory_.path, chain_, options_);
    if (opened) return {ErrorCode::kNotFound, "opened"};
    return opened.error();
  }
  // Opened, it is the store that it was, or an earlier one of its own: a log's end that is damaged
  // is taken for a write that was never acknowledged.
  void expect_refused_or_sound(const std::string& what) {
    options_.verify_state = true;
    auto opened = LedgerStore::open(directory_.path, chain_, options_);
    if (!opened) {
      EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt) << what << ": " << opened.error().message;
      return;
    }
    store_ = *std::move(opened);
    const auto executed = store_->executed();
    const bool whole = executed == kNewest;
    EXPECT_TRUE(!whole || store_->result_header(kNewest)->state_root == root_) << what;
    store_.reset();
  }
  static std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }

  TemporaryDirectory copy_;
  Hash32 root_;
};

TEST_F(DamagedFilesTest, AnyFileWithAFlippedByteOrACutEnd) {
  for (const char* kind : {"CURRENT", "IDENTITY", "MANIFEST-", "OPTIONS-", ".log", ".sst"}) {
    for (const std::string& name : files(copy_.path / "store", kind)) {
      const std::string good = read(copy_.path / "store" / name);
      for (const std::size_t at : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x20);
        restore();
        write(directory_.path / name, bad);
        expect_refused_or_sound(name + " flipped at " + std::to_string(at));
      }
      restore();
      write(directory_.path / name, good.substr(0, good.size() / 2));
      expect_refused_or_sound(name + " cut");
    }
  }
}

TEST_F(DamagedFilesTest, AFileThatIsGoneIsNamed) {
  for (const char* kind : {"CURRENT", "MANIFEST-", ".sst"}) {
    const std::string name = files(copy_.path / "store", kind).front();
    restore();
    std::filesystem::remove(directory_.path / name);
    const Error error = refusal();
    EXPECT_EQ(error.code, ErrorCode::kCorrupt) << error.message;
    EXPECT_THAT(error.message, HasSubstr(std::filesystem::path(name).stem().string()));
    EXPECT_EQ(refusal().code, ErrorCode::kCorrupt) << "a second try makes nothing of it either";
  }
}

TEST_F(DamagedFilesTest, ANewerFormatIsRefusedByItsNumber) {
  {
    const auto database = Database::open(directory_.path, options_).value();
    Batch batch(*database);
    batch.put(Family::kMeta, "format", std::string("\0\0\0\7", 4));
    ASSERT_TRUE(database->write(batch, true));
  }
  const Error error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(error.message, HasSubstr("format 7"));
  EXPECT_THAT(error.message, HasSubstr("version of the program that wrote it"));
}

TEST_F(DamagedFilesTest, FamiliesThatThisProgramDoesNotKnowAreRefused) {
  {
    const auto cache = rocksdb::NewLRUCache(1 << 20);
    const auto rocks = Rocks::open(directory_.path, options_, cache, Rocks::Access::kWrite).value();
    rocksdb::ColumnFamilyHandle* later = nullptr;
    ASSERT_TRUE(rocks->db().CreateColumnFamily({}, "of a later version", &later).ok());
    rocks->db().DestroyColumnFamilyHandle(later);
  }
  const Error error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kFailedPrecondition) << error.message;
  EXPECT_THAT(error.message, HasSubstr("of a later version"));
}

TEST_F(DamagedFilesTest, AnotherNetworksIsRefusedByName) {
  const ChainId own = std::exchange(chain_, filled(0x22));
  const Error error = refusal();
  EXPECT_EQ(error.code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(error.message, HasSubstr(to_hex(own)));
  EXPECT_THAT(error.message, HasSubstr("another directory"));
}

}  // namespace
}  // namespace usance::storage
