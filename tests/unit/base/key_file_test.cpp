#include "base/key_file.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace usance {
namespace {

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "usance-key-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~KeyFile() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return folder_ + "/a.key"; }

  std::string folder_;
};

TEST_F(KeyFile, IsReadBackAndNeverOverwritten) {
  const SecretSeed seed = generate_seed();
  ASSERT_TRUE(create_key_file(path(), seed, "a test's key"));
  EXPECT_EQ(read_key_file(path()).value(), seed);
  const Result<void> again = create_key_file(path(), generate_seed(), "another");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(read_key_file(path()).value(), seed);
}

TEST_F(KeyFile, RefusesAFileThatOthersCanRead) {
  ASSERT_TRUE(create_key_file(path(), generate_seed(), "a test's key"));
  ASSERT_EQ(::chmod(path().c_str(), 0644), 0);
  const Result<SecretSeed> read = read_key_file(path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kPermissionDenied);
  EXPECT_NE(read.error().message.find("chmod 600"), std::string::npos);
}

// Whoever holds the members' token key could otherwise sign with it, and the reverse.
TEST_F(KeyFile, AKeyOfAnotherKindIsRefused) {
  ASSERT_TRUE(create_key_file(path(), generate_seed(), "a token key", kTokenKeyFormat));
  EXPECT_TRUE(read_key_file(path(), kTokenKeyFormat));
  const Result<SecretSeed> as_signer = read_key_file(path());
  ASSERT_FALSE(as_signer);
  EXPECT_EQ(as_signer.error().code, ErrorCode::kMalformed);
  EXPECT_FALSE(parse_key_text(write_key_text(generate_seed(), "signs"), kTokenKeyFormat));
}

TEST_F(KeyFile, WhatIsNoKeyFileAtAllIsMalformed) {
  const auto code_of = [](const std::string& file) { return read_key_file(file).error().code; };
  EXPECT_EQ(code_of(folder_), ErrorCode::kMalformed);
  ASSERT_TRUE(create_key_file(path(), generate_seed(), std::string(5'000, 'x')));
  EXPECT_EQ(code_of(path()), ErrorCode::kMalformed);
}

TEST_F(KeyFile, NamesAMissingFile) {
  const Result<SecretSeed> read = read_key_file(path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kNotFound);
  EXPECT_NE(read.error().message.find("a.key"), std::string::npos);
}

TEST(KeyText, RefusesEveryChangedCharacterOfItsNumbers) {
  SecretSeed seed;
  seed.bytes[0] = 7;
  const std::string text = write_key_text(seed, "fixed");
  ASSERT_TRUE(parse_key_text(text));
  for (std::size_t i = text.find("usance-key/1"); i + 1 < text.size(); ++i) {
    if (text[i] == ' ' || text[i] == '\n') continue;
    std::string changed = text;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_FALSE(parse_key_text(changed)) << "at " << i;
  }
}

TEST(KeyText, RefusesWhatIsMissingOrTwice) {
  EXPECT_FALSE(parse_key_text(""));
  EXPECT_FALSE(parse_key_text("usance-key/1\n"));
  const std::string text = write_key_text(SecretSeed{}, "c");
  EXPECT_FALSE(parse_key_text(text + "seed " + to_hex(SecretSeed{}) + "\n"));
  EXPECT_FALSE(parse_key_text(text + "more words here\n"));
}

}  // namespace
}  // namespace usance
