// Generated modules: the same in every way of running them, and the same as ever.
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/hash.h"
#include "contracts/vm/module.h"
#include "tools/usance-wasm/compare/comparison.h"

namespace usance::tools {
namespace {

GeneratedModule generate(std::uint64_t seed) {
  Choices choices(seed);
  return generate_module(choices);
}

TEST(Generator, GivesTheSameModuleForTheSameSeedAndAnotherForAnother) {
  EXPECT_EQ(generate(7).bytes, generate(7).bytes);
  std::set<Bytes> different;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) different.insert(generate(seed).bytes);
  EXPECT_EQ(different.size(), 20u);
}

TEST(Generator, MakesAModuleOfAnyBytes) {
  for (const std::size_t size : {0u, 1u, 2u, 40u, 3'000u}) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 37);
    Choices choices{ByteView(bytes)};
    const GeneratedModule made = generate_module(choices);
    const auto compiled = vm::compile(made.bytes, vm::Profile::kContract);
    EXPECT_TRUE(compiled) << size << ": " << compiled.error().message;
  }
}

// Results, traps and gas of two hundred modules. They are part of the protocol: whoever changes
// them changes what every block of the past comes to.
TEST(Comparison, GivesWhatItAlwaysGave) {
  std::string all;
  std::size_t traps = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto transcript = compare_module(generate(seed));
    ASSERT_TRUE(transcript) << "seed " << seed << ": " << transcript.error().message;
    all += transcript->digest();
    for (const std::string& line : transcript->lines) {
      traps += line.find("error:") != std::string::npos ? 1 : 0;
    }
  }
  EXPECT_GT(traps, 50u);
  EXPECT_EQ(to_hex(sha256(to_bytes(all))),
            "5e7d6a10f22e2a8b0e29f54bb63d9c5ae5b658c5d2a1cf9dae49497eb7632b8c");
}

// Programs that pretend to be wabt's interpreter.
class Peer : public ::testing::Test {
 protected:
  void SetUp() override {
    module_ = generate(3);
    auto transcript = compare_module(module_);
    ASSERT_TRUE(transcript);
    transcript_ = *transcript;
  }
  Result<void> compare_with(const std::string& output, int status = 0) {
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("usance-peer-" + std::to_string(getpid()));
    std::ofstream(path) << "#!/bin/sh\ncat <<'END'\n" << output << "END\nexit " << status << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    auto verdict = compare_with_peer(module_, transcript_, path.string());
    std::filesystem::remove(path);
    return verdict;
  }
  std::string faithful() const {
    std::string all;
    for (const std::string& line : transcript_.lines) all += line + "\n";
    return all;
  }
  GeneratedModule module_;
  Transcript transcript_;
};

TEST_F(Peer, AgreesWhenItSaysTheSame) {
  const auto verdict = compare_with(faithful());
  EXPECT_TRUE(verdict) << verdict.error().message;
}

TEST_F(Peer, IsHeardWhenItSaysSomethingElseLessOrMore) {
  std::string other = faithful();
  other[other.find("=>") + 7] ^= 1;
  EXPECT_FALSE(compare_with(other));
  EXPECT_FALSE(compare_with(faithful() + "run_9() => i32:1\n"));
  EXPECT_FALSE(compare_with(faithful().substr(0, faithful().rfind("digest"))));
  EXPECT_FALSE(compare_with(faithful(), 1));
}

}  // namespace
}  // namespace usance::tools
