#include "node/access_log.h"

#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace usance::node {
namespace {

class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "usance-access-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~AccessLogTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<AccessLog> open(std::uint64_t bytes = 1 << 20, std::uint64_t files = 3) {
    return AccessLog::open(folder_ / "access.log", bytes, files).value();
  }
  static AccessRecord record(std::uint64_t time, const std::string& org = "bank") {
    return {TimeMs(time), OrgId(org), "auditor", "amina", "GetState", "scope: \"x\"", "OK", 17};
  }
  std::filesystem::path folder_;
};

TEST_F(AccessLogTest, GivesBackWhatWasWrittenTheNewestFirst) {
  const auto log = open();
  log->write(record(1));
  log->write(record(2));
  const auto found = log->read({});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].time, TimeMs(2));
  EXPECT_EQ(found[1].org, OrgId("bank"));
  EXPECT_EQ(found[1].role, "auditor");
  EXPECT_EQ(found[1].name, "amina");
  EXPECT_EQ(found[1].method, "GetState");
  EXPECT_EQ(found[1].what, "scope: \"x\"");
  EXPECT_EQ(found[1].result, "OK");
  EXPECT_EQ(found[1].duration_us, 17u);
}

TEST_F(AccessLogTest, SelectsByTimeAndOrganisation) {
  const auto log = open();
  for (std::uint64_t i = 1; i <= 10; ++i) log->write(record(i, i % 2 == 0 ? "bank" : "carrier"));
  EXPECT_EQ(log->read({TimeMs(3), TimeMs(6), std::nullopt, 100}).size(), 4u);
  EXPECT_EQ(log->read({TimeMs(3), TimeMs(6), OrgId("bank"), 100}).size(), 2u);
  EXPECT_EQ(log->read({TimeMs(0), TimeMs(99), std::nullopt, 7}).size(), 7u);
}

TEST_F(AccessLogTest, IsBoundedAndKeepsTheNewest) {
  const auto log = open(1'000, 3);
  for (std::uint64_t i = 1; i <= 500; ++i) log->write(record(i));
  std::uint64_t bytes = 0, files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    EXPECT_LE(entry.file_size(), 1'000u);
    bytes += entry.file_size();
    ++files;
  }
  EXPECT_EQ(files, 3u);
  EXPECT_LE(bytes, 3'000u);
  const auto found = log->read({TimeMs(0), TimeMs(999), std::nullopt, 1'000});
  ASSERT_FALSE(found.empty());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].time, TimeMs(500 - i));
}

// The older file is a pipe: who reads it waits until the test closes it. A log that is locked
// meanwhile would keep the test waiting for ever.
TEST_F(AccessLogTest, IsWrittenWhileSomebodyReadsIt) {
  const auto log = open();
  log->write(record(1));
  const auto pipe_file = folder_ / "access.log.1";
  ASSERT_EQ(::mkfifo(pipe_file.c_str(), 0600), 0);
  const int pipe = ::open(pipe_file.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(pipe, 0);
  ASSERT_EQ(::write(pipe, "{}", 2), 2);
  std::vector<AccessRecord> found;
  std::thread reader([&] { found = log->read({TimeMs(1), TimeMs(9), std::nullopt, 100}); });
  for (int waiting = 2; waiting > 0; std::this_thread::yield())
    ASSERT_EQ(::ioctl(pipe, FIONREAD, &waiting), 0);
  log->write(record(2));
  ::close(pipe);
  reader.join();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].time, TimeMs(1));
  EXPECT_EQ(log->read({TimeMs(1), TimeMs(9), std::nullopt, 1}).front().time, TimeMs(2));
}

TEST_F(AccessLogTest, NoFileIsReadTwiceOrLeftOutWhileTheyMove) {
  const auto log = open(1'000, 4);
  std::thread writer([&] {
    for (std::uint64_t i = 1; i <= 3'000; ++i) log->write(record(i));
  });
  for (std::uint64_t newest = 0; newest < 3'000;) {
    const auto found = log->read({TimeMs(0), TimeMs(9'999), std::nullopt, 1'000});
    for (std::size_t i = 1; i < found.size(); ++i)
      EXPECT_EQ(found[i].time.value, found[i - 1].time.value - 1);
    if (!found.empty()) newest = found.front().time.value;
    if (HasFailure()) break;
  }
  writer.join();
}

TEST_F(AccessLogTest, GoesOnAfterARestartAndATornLine) {
  open()->write(record(1));
  std::ofstream(folder_ / "access.log", std::ios::app) << "{\"time_ms\": 2, \"or\n";
  const auto log = open();
  log->write(record(3));
  EXPECT_EQ(log->read({}).size(), 2u);
  EXPECT_EQ(log->lost(), 0u);
}

TEST_F(AccessLogTest, StrangersBytesStayOnOneShortLine) {
  const auto log = open();
  AccessRecord evil = record(1);
  evil.what = std::string("\xff\n{\"org\":\"other\"}") + std::string(10'000, 'x');
  evil.name = "a\nb";
  log->write(evil);
  const auto found = log->read({});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].name, "a\nb");
  EXPECT_LE(found[0].what.size(), AccessRecord::kMostWhat + 2);
}

TEST_F(AccessLogTest, WithoutFilesNothingIsKept) {
  const auto log = open(1'000, 0);
  EXPECT_FALSE(log->keeps());
  log->write(record(1));
  EXPECT_TRUE(log->read({}).empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(AccessLogTest, AFolderThatDoesNotExistIsAnError) {
  const auto log = AccessLog::open(folder_ / "none" / "access.log", 1'000, 3);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::kIo);
}

TEST_F(AccessLogTest, WhatCannotBeWrittenIsCountedAndNotTheCallersTrouble) {
  const auto log = open(200, 2);
  log->write(record(1));
  std::filesystem::remove_all(folder_);  // the next record opens a file anew
  log->write(record(2));
  EXPECT_EQ(log->lost(), 1u);
}

}  // namespace
}  // namespace usance::node
