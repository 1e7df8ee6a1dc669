#include "tools/usance/reading_counter.h"

#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace usance::cli {
namespace {

class ReadingCounter : public testing::Test {
 protected:
  ReadingCounter() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "usance-counter-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    file = folder / "RF-1.counter";
  }
  ~ReadingCounter() override { std::filesystem::remove_all(folder); }

  [[nodiscard]] std::uint64_t take(std::optional<std::uint64_t> wanted = {}) const {
    return take_counter(file, wanted).value_or(0);
  }

  Path folder;
  Path file;
};

TEST_F(ReadingCounter, CountsFromOneAndRemembers) {
  EXPECT_EQ(take(), 1U);
  EXPECT_EQ(take(), 2U);
  EXPECT_EQ(take(40), 40U);
  EXPECT_EQ(take(), 41U);
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(ReadingCounter, GivesNoNumberTwice) {
  ASSERT_EQ(take(40), 40U);
  for (const std::uint64_t used : {40U, 39U, 1U}) {
    const Result<std::uint64_t> again = take_counter(file, used);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(again.error().message.find("has counted to 40"), std::string::npos);
  }
  EXPECT_EQ(take(), 41U);
  ASSERT_EQ(take(UINT64_MAX), UINT64_MAX);
  EXPECT_FALSE(take_counter(file, std::nullopt));
}

TEST_F(ReadingCounter, TakesNoOtherFileForACounter) {
  for (const char* content : {"41\n", "no number at all, not one\n", "00000000000000000041 ",
                              "000000000000000000041\n", "99999999999999999999\n"}) {
    ASSERT_TRUE(write_file(file, content));
    EXPECT_FALSE(take_counter(file, std::nullopt)) << content;
    EXPECT_EQ(read_file(file).value_or(""), content);
  }
  EXPECT_FALSE(take_counter(folder, std::nullopt));
  EXPECT_FALSE(take_counter("/dev/zero", std::nullopt));
  EXPECT_FALSE(take_counter(folder / "none" / "counter", std::nullopt));
}

TEST_F(ReadingCounter, SharersTakeTurns) {
  std::set<std::uint64_t> first;
  std::set<std::uint64_t> second;
  const auto count = [&](std::set<std::uint64_t>& out) {
    for (int i = 0; i < 50; ++i) out.insert(take());
  };
  std::thread other([&] { count(second); });
  count(first);
  other.join();
  first.merge(second);
  EXPECT_EQ(first.size(), 100U);
  EXPECT_TRUE(second.empty());
  EXPECT_EQ(take(), 101U);
}

}  // namespace
}  // namespace usance::cli
