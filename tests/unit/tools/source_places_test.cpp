// A trap's place in the sources, of a contract that really traps.
#include "tools/usance/source_places.h"

#include <fstream>

#include <gtest/gtest.h>

#include "contracts/vm/places.h"
#include "tests/unit/executor/test_chain.h"
#include "tools/usance/call_trace.h"

namespace usance::cli {
namespace {

const std::string kBuild = USANCE_BINARY_DIR "/wasm/puppet";

// The line of the puppet's source that holds the text.
std::uint64_t line_of(const std::string& text) {
  std::ifstream source(USANCE_SOURCE_DIR "/tests/unit/executor/puppet/puppet.cpp");
  std::uint64_t number = 0;
  for (std::string line; std::getline(source, line);) {
    ++number;
    if (line.find(text) != std::string::npos) return number;
  }
  return 0;
}

// Where in the module the method trapped.
std::optional<std::uint32_t> trap_offset(const std::string& method, const Bytes& module) {
  test::TestChain chain;
  chain.deploy("puppet", "puppet");
  test::Call call;
  call.contract = "puppet";
  call.method = method;
  TraceRecorder recorder;
  static_cast<void>(chain.executor.simulate(chain.state, {chain.height.next(), chain.time},
                                            chain.transaction(call), &recorder));
  const auto traced = recorder.take();
  const auto places = vm::find_places(module, vm::Profile::kContract);
  if (traced == nullptr || traced->trap == TrapCode::kNone || !places) return std::nullopt;
  return vm::offset_of(*places, traced->trap_code);
}

TEST(SourcePlaces, ATrapIsInTheLineThatCausedIt) {
  const Bytes module = test::read_module("puppet");
  const auto offset = trap_offset("ReadOutOfBounds", module);
  ASSERT_TRUE(offset);
  const auto place =
      source_of_optimised({kBuild + ".linked.wasm", kBuild + ".optimiser"}, module, *offset);
  ASSERT_TRUE(place);
  EXPECT_TRUE(place->file.ends_with("puppet/puppet.cpp")) << place->file;
  EXPECT_EQ(place->line, line_of("Bytes{*beyond}"));
}

TEST(SourcePlaces, AnotherModulesCodeHasNoPlace) {
  Bytes module = test::read_module("puppet");
  const auto code = code_section_at(module);
  ASSERT_TRUE(code);
  const BuildFiles build{kBuild + ".linked.wasm", kBuild + ".optimiser"};
  EXPECT_TRUE(source_of_optimised(build, module, code->begin + code->size / 2));
  module[code->begin + code->size / 2] ^= 1;
  EXPECT_FALSE(source_of_optimised(build, module, code->begin + code->size / 2));
  EXPECT_FALSE(source_of_optimised({"/nonexistent", "/nonexistent"}, module, code->begin));
}

}  // namespace
}  // namespace usance::cli
