// Histories of real contracts, recorded to the byte with the modules they deployed: receipts, gas,
// events and writes are the same as when they were recorded, in every build, with cold and warm
// caches. A difference here is a change of the protocol. docs/testing-vm.md says how to record
// another history and how to accept a change that was meant.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "contracts/testchain/recording.h"

namespace usance::testchain {
namespace {

const std::filesystem::path kFolder = USANCE_SOURCE_DIR "/tests/golden/histories";

Bytes read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::vector<std::string> recorded() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".blocks") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Histories : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto decoded = decode_recording(read(kFolder / (GetParam() + ".blocks")));
    ASSERT_TRUE(decoded) << decoded.error().message;
    recording_ = *std::move(decoded);
    ASSERT_GT(recording_.blocks.size(), 4u);
  }
  std::string outcomes(const std::function<Executor&(Height)>& executor_at) const {
    std::string text;
    const auto done =
        replay(recording_, executor_at,
               [&](const StateView&, const BlockInput& input, const BlockOutcome& outcome) {
                 text += describe(input, outcome);
               });
    EXPECT_TRUE(done) << done.error().message;
    return text;
  }
  Recording recording_;
};

TEST_P(Histories, ComeToWhatTheyCameTo) {
  Executor executor(recording_.chain);
  const std::string now = outcomes([&](Height) -> Executor& { return executor; });
  const std::filesystem::path path = kFolder / (GetParam() + ".outcomes");
  if (std::getenv("USANCE_ACCEPT_OUTCOMES") != nullptr) {
    std::ofstream(path) << now;
    return;
  }
  const Bytes before = read(path);
  EXPECT_EQ(now, std::string(before.begin(), before.end()));
}

TEST_P(Histories, ComeToTheSameWithColdCaches) {
  Executor executor(recording_.chain);
  const std::string warm = outcomes([&](Height) -> Executor& { return executor; });
  std::unique_ptr<Executor> cold;
  EXPECT_EQ(warm, outcomes([&](Height) -> Executor& {
              cold = std::make_unique<Executor>(recording_.chain);
              return *cold;
            }));
}

// A simulation says exactly what the block then does and charges.
TEST_P(Histories, AreForetoldBySimulation) {
  Executor executor(recording_.chain);
  Executor forecaster(recording_.chain);
  std::size_t compared = 0;
  const auto done = replay(
      recording_, [&](Height) -> Executor& { return executor; },
      [&](const StateView& state, const BlockInput& input, const BlockOutcome& outcome) {
        // Alone in its block: nothing comes between the forecast and the call.
        if (outcome.receipts.size() != 1 || input.bundles.size() != 1) return;
        const SimulationPoint here{input.header.height, input.header.time};
        const Simulation foretold =
            forecaster.simulate(state, here, input.bundles[0]->transactions()[0]);
        EXPECT_EQ(foretold.receipt, outcome.receipts[0]);
        EXPECT_EQ(foretold.changes, outcome.changes);
        EXPECT_EQ(foretold.events.size(), outcome.events.size());
        ++compared;
      });
  EXPECT_TRUE(done);
  EXPECT_GT(compared, 4u);
}

INSTANTIATE_TEST_SUITE_P(Recorded, Histories, ::testing::ValuesIn(recorded()),
                         [](const auto& info) { return info.param; });

TEST(Recording, IsRefusedWhenItIsCutOff) {
  Bytes bytes = read(kFolder / (recorded().front() + ".blocks"));
  bytes.resize(bytes.size() - 1);
  EXPECT_FALSE(decode_recording(bytes));
}

}  // namespace
}  // namespace usance::testchain
