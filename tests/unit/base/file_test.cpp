#include "base/file.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace usance {
namespace {

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "usance-file-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~FileTest() override { std::filesystem::remove_all(folder); }
  std::filesystem::path with(const std::string& content) {
    std::ofstream(folder / "it", std::ios::binary) << content;
    return folder / "it";
  }
  static ErrorCode code_of(const Result<std::string>& read) {
    return read ? ErrorCode::kInternal : read.error().code;
  }
  std::filesystem::path folder;
};

TEST_F(FileTest, IsReadWhole) {
  const std::string content("a\0b\xff\n", 5);
  EXPECT_EQ(read_file(with(content), 5).value(), content);
  EXPECT_EQ(read_file(with(""), 0).value(), "");
  const std::string large(200'000, 'x');
  EXPECT_EQ(read_file(with(large), large.size()).value(), large);
}

TEST_F(FileTest, OneByteTooManyIsRefused) {
  const auto read = read_file(with("123456"), 5);
  EXPECT_EQ(code_of(read), ErrorCode::kInvalidArgument);
  EXPECT_NE(read.error().message.find("it: larger than the 5 bytes"), std::string::npos);
}

// A sparse file of a terabyte: its size alone refuses it.
TEST_F(FileTest, TheSizeIsCheckedBeforeReading) {
  const auto path = with("");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  EXPECT_EQ(code_of(read_file(path, 1 << 20)), ErrorCode::kInvalidArgument);
}

TEST_F(FileTest, FilesThatHideTheirSizeAreBoundedToo) {
  EXPECT_FALSE(read_file("/proc/self/status", 1 << 20).value().empty());
  EXPECT_EQ(code_of(read_file("/proc/self/status", 10)), ErrorCode::kInvalidArgument);
}

TEST_F(FileTest, WhatIsNoFileHasItsOwnErrors) {
  EXPECT_EQ(code_of(read_file(folder, 10)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of(read_file(folder / "none", 10)), ErrorCode::kNotFound);
  EXPECT_EQ(code_of(read_file(with("") / "below", 10)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of(read_file("/dev/zero", 10)), ErrorCode::kInvalidArgument);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of(read_file(folder / "pipe", 10)), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace usance
