#include "base/file.h"

#include <fstream>

#include <fcntl.h>
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

TEST_F(FileTest, ASecretIsForItsOwnerAlone) {
  const auto path = with("secret");
  for (const mode_t mode : {0600, 0400}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_EQ(read_secret_file(path, 6).value(), "secret");
  }
  EXPECT_EQ(code_of(read_secret_file(path, 5)), ErrorCode::kInvalidArgument);
  for (const mode_t mode : {0640, 0604, 0620}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    const auto read = read_secret_file(path);
    EXPECT_EQ(code_of(read), ErrorCode::kPermissionDenied) << mode;
    EXPECT_NE(read.error().message.find("chmod 600"), std::string::npos);
  }
  EXPECT_EQ(code_of(read_secret_file(folder / "none")), ErrorCode::kNotFound);
  EXPECT_EQ(code_of(read_secret_file(folder)), ErrorCode::kInvalidArgument);
}

TEST_F(FileTest, IsWrittenWhole) {
  const std::string large(200'000, 'x');
  {
    const Descriptor file(::open((folder / "new").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_TRUE(write_synced(file, large));
    ASSERT_TRUE(write_synced(file, ""));
  }
  EXPECT_EQ(read_file(folder / "new").value(), large);
  EXPECT_TRUE(sync_directory(folder));
  EXPECT_EQ(sync_directory(folder / "none").error().code, ErrorCode::kIo);
}

TEST_F(FileTest, AFullDiskHasItsOwnError) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_FALSE(write_synced(full, "x"));
  const Error error = system_error("writing it").value();
  EXPECT_EQ(error.code, ErrorCode::kResourceExhausted);
  EXPECT_TRUE(error.message.starts_with("writing it: "));
}

}  // namespace
}  // namespace usance
