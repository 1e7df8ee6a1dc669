#include "node/files.h"

#include <filesystem>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "node/misbehaviour.h"

// Every file that is synced while somebody watches, by inode; and whether a rename came in between.
static std::vector<ino_t>* synced = nullptr;
extern "C" int fsync(int descriptor) {
  struct stat what{};
  if (synced != nullptr && ::fstat(descriptor, &what) == 0) synced->push_back(what.st_ino);
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace usance::node {
namespace {

ino_t inode(const std::filesystem::path& path) {
  struct stat what{};
  return ::stat(path.c_str(), &what) == 0 ? what.st_ino : 0;
}

class FilesTest : public testing::Test {
 protected:
  FilesTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("files-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    synced = &synced_;
  }
  ~FilesTest() override {
    synced = nullptr;
    std::filesystem::remove_all(folder_);
  }
  const std::filesystem::path folder_;
  std::vector<ino_t> synced_;
};

TEST_F(FilesTest, AReplacedFileAndItsNameAreOnTheDisk) {
  const auto file = folder_ / "a.txt";
  ASSERT_TRUE(replace_text(file, "old"));
  synced_.clear();
  ASSERT_TRUE(replace_text(file, "new"));
  EXPECT_EQ(read_file(file).value(), "new");
  EXPECT_EQ(synced_, (std::vector<ino_t>{inode(file), inode(folder_)}));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.txt.new"));
}

TEST_F(FilesTest, WhatCannotBeWrittenLeavesTheOldText) {
  const auto file = folder_ / "a.txt";
  ASSERT_TRUE(replace_text(file, "old"));
  std::filesystem::create_directory(folder_ / "a.txt.new");
  const auto refused = replace_text(file, "new");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kIo);
  EXPECT_EQ(read_file(file).value(), "old");
}

TEST_F(FilesTest, AFoundContradictionSurvivesACrash) {
  consensus::EvidenceFound found;
  found.evidence.votes.resize(2);
  ASSERT_TRUE(keep_contradiction(folder_, found));
  const auto kept = std::filesystem::directory_iterator(folder_ / "misbehaviour")->path();
  const std::set<ino_t> all(synced_.begin(), synced_.end());
  EXPECT_TRUE(all.contains(inode(kept)));
  EXPECT_TRUE(all.contains(inode(folder_ / "misbehaviour")));
  EXPECT_TRUE(all.contains(inode(folder_)));  // that the folder has its name
}

}  // namespace
}  // namespace usance::node
