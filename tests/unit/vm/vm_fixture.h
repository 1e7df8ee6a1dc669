// Modules in text form for the VM's tests, and a host that the tests script.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "contracts/vm/instance.h"

namespace usance::vm::testing {

// The module that wabt's wat2wasm makes of the text. Text that wabt itself refuses to validate can
// be converted with `check` off.
inline Bytes wat(const std::string& text, bool check = true) {
  namespace fs = std::filesystem;
  static int serial = 0;
  const fs::path stem = fs::temp_directory_path() /
                        ("usance-vm-" + std::to_string(getpid()) + "-" + std::to_string(serial++));
  const std::string in = stem.string() + ".wat";
  const std::string out = stem.string() + ".wasm";
  std::ofstream(in) << text;
  const std::string command =
      "wat2wasm " + std::string(check ? "" : "--no-check ") + in + " -o " + out;
  EXPECT_EQ(std::system(command.c_str()), 0) << text;
  std::ifstream file(out, std::ios::binary);
  Bytes bytes((std::istreambuf_iterator<char>(file)), {});
  fs::remove(in);
  fs::remove(out);
  return bytes;
}

// A host of three functions: env.note(i32), env.answer(i64) -> i64 and env.add3(i32 i64 i32) ->
// i64, all of which call `on_call` with the function's id.
class TestHost : public HostInterface {
 public:
  static const std::vector<HostDefinition>& definitions() {
    using enum ValueType;
    static const std::vector<HostDefinition> kDefinitions = {
        {"env", "note", {kI32}, {}, 0, 10},
        {"env", "answer", {kI64}, {kI64}, 1, 20},
        {"env", "add3", {kI32, kI64, kI32}, {kI64}, 2, 0},
    };
    return kDefinitions;
  }
  HostResult call(std::uint32_t function, HostFrame& frame) override {
    return on_call ? on_call(function, frame) : HostResult::proceed();
  }
  std::function<HostResult(std::uint32_t, HostFrame&)> on_call;
};

inline constexpr std::uint64_t kPlenty = 1'000'000'000;

// Compiles, instantiates and keeps one module.
class Loaded {
 public:
  explicit Loaded(const std::string& text, Profile profile = Profile::kContract)
      : Loaded(wat(text), profile) {}
  explicit Loaded(const Bytes& wasm, Profile profile = Profile::kContract) {
    auto compiled = compile(wasm, profile);
    EXPECT_TRUE(compiled) << compiled.error().message;
    if (!compiled) return;
    module = *compiled;
    auto made = Instance::create(module, TestHost::definitions());
    EXPECT_TRUE(made) << made.error().message;
    if (made) instance = std::move(*made);
  }

  // Runs on both interpreters, the second time on a reset instance, and expects the same of both.
  Outcome call(std::string_view function, std::vector<Slot> args = {},
               std::uint64_t gas = kPlenty) {
    instance->reset();
    const Outcome with_goto = instance->call(function, args, gas, host, Dispatch::kGoto);
    const ByteView seen = instance->memory();
    const Bytes memory(seen.begin(), seen.end());
    instance->reset();
    const Outcome with_switch = instance->call(function, args, gas, host, Dispatch::kSwitch);
    EXPECT_EQ(with_goto.trap, with_switch.trap);
    EXPECT_EQ(with_goto.ended_by_host, with_switch.ended_by_host);
    EXPECT_EQ(with_goto.gas_used, with_switch.gas_used);
    EXPECT_EQ(with_goto.results, with_switch.results);
    const ByteView now = instance->memory();
    EXPECT_TRUE(std::equal(memory.begin(), memory.end(), now.begin(), now.end()));
    return with_goto;
  }
  // The result of a call that must succeed.
  Slot value(std::string_view function, std::vector<Slot> args = {}) {
    const Outcome outcome = call(function, std::move(args));
    EXPECT_EQ(outcome.trap, TrapCode::kNone) << to_string(outcome.trap);
    EXPECT_EQ(outcome.results.size(), 1u);
    return outcome.results.empty() ? 0 : outcome.results[0];
  }
  TrapCode trap(std::string_view function, std::vector<Slot> args = {}) {
    return call(function, std::move(args)).trap;
  }

  std::shared_ptr<const Module> module;
  std::unique_ptr<Instance> instance;
  TestHost host;
};

// The error of compiling the text.
inline std::string refusal(const std::string& text, Profile profile = Profile::kContract) {
  const auto compiled = compile(wat(text, false), profile);
  return compiled ? "(accepted)" : compiled.error().message;
}

}  // namespace usance::vm::testing
