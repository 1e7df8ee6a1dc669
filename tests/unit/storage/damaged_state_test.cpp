// Damaged bytes of the state that somebody reads: an error of that read, never of the process.
#include <gmock/gmock.h>

#include "recovery_fixture.h"
#include "storage/database.h"
#include "storage/keys.h"

namespace usance::storage {
namespace {

using testing::HasSubstr;

constexpr Height kOld(1), kNew(3);

class DamagedStateTest : public RecoveryTest {
 protected:
  void SetUp() override {
    open();
    for (Height height; height <= kNew; height = height.next())
      commit({put("deposit", "alice", "balance", std::to_string(height.value))});
  }
  // Flips a bit in the last byte of every record that a height wrote.
  void damage_records_of(Height height) {
    store_.reset();
    auto database = Database::open(directory_.path, options_).value();
    Batch batch(*database);
    int damaged = 0;
    {
      const Cursor at = database->cursor(Family::kObjects);
      for (at->Seek(keys::address({height.value, 0}));
           at->Valid() && at->key().starts_with(keys::height(height)); at->Next(), ++damaged) {
        std::string value = at->value().ToString();
        value.back() = static_cast<char>(value.back() ^ 1);
        batch.put(Family::kObjects, at->key().ToString(), value);
      }
    }
    ASSERT_GT(damaged, 0);
    ASSERT_TRUE(database->write(batch, true));
    database.reset();
    open();
  }
  // What a query of the balance ends with.
  Result<std::optional<Bytes>> balance(const StateView& view) {
    return unless_unreadable([&]() -> Result<std::optional<Bytes>> {
      return view.get(key("deposit", "alice", "balance"));
    });
  }
  Result<std::size_t> listed(const StateView& view) {
    return unless_unreadable([&]() -> Result<std::size_t> {
      return view.list("deposit", to_bytes("alice"), {}, {}, 10).size();
    });
  }
};

TEST_F(DamagedStateTest, AQueryOfAnOldHeightNamesTheDamageAndOthersGoOn) {
  damage_records_of(kOld);
  const auto view = store_->view(kOld).value();
  for (int again = 0; again < 2; ++again) {
    const auto read = balance(*view);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(read.error().message, HasSubstr("the state of height 1 cannot be read"));
    EXPECT_THAT(read.error().message, HasSubstr("record 0 of height 1"));
  }
  EXPECT_EQ(listed(*view).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(balance(*store_->view(kNew).value()).value(), to_bytes("3"));
  commit({put("deposit", "alice", "balance", "4")});
  EXPECT_EQ(get(kNew.next(), key("deposit", "alice", "balance")), "4");
}

TEST_F(DamagedStateTest, TheNewestStateIsNotExecutedOn) {
  damage_records_of(kNew);
  EXPECT_EQ(balance(store_->latest_view()).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(try_commit({put("deposit", "alice", "balance", "4")}).error().code,
            ErrorCode::kCorrupt);
  EXPECT_EQ(store_->executed(), kNew);
}

}  // namespace
}  // namespace usance::storage
