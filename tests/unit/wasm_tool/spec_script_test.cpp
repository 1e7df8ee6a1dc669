// The forms that converters give test scripts: wabt's, and those of newer tools.
#include "tools/usance-wasm/spec_script.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace usance::tools {
namespace {

namespace fs = std::filesystem;

class SpecScript : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("usance-script-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    module("m", R"((module
      (global (export "g") i64 (i64.const -1))
      (global $calls (mut i32) (i32.const 0))
      (func (export "same") (param i32) (result i32) local.get 0)
      (func (export "wide") (param i64) (result i64) local.get 0)
      (func (export "float") (param f32) (result f32) local.get 0)
      (func (export "nan") (result f64) (f64.div (f64.const 0) (f64.const 0)))
      (func (export "null") (param externref) (result i32) (ref.is_null (local.get 0)))
      (func (export "back") (param externref) (result externref) local.get 0)
      (func $f (export "func") (result funcref) (ref.func $f))
      (func (export "no-func") (result funcref) (ref.null func))
      (func (export "count") (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls))
      (func (export "trap") unreachable)))");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void module(const std::string& name, const std::string& text) {
    const fs::path in = folder_ / (name + ".wat");
    std::ofstream(in) << text;
    const std::string command =
        "wat2wasm " + in.string() + " -o " + (folder_ / (name + ".wasm")).string();
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  // Runs these commands behind one that makes the module.
  SpecCounts run(const std::string& commands, vm::Profile profile = vm::Profile::kFull) {
    return run_all(R"({"type":"module","line":1,"filename":"m.wasm"},)" + commands, profile);
  }
  SpecCounts run_all(const std::string& commands, vm::Profile profile = vm::Profile::kFull) {
    const fs::path path = folder_ / "script.json";
    std::ofstream(path) << R"({"source_filename":"script.wast","commands":[)" << commands << "]}";
    SpecCounts counts;
    const auto ran = run_spec_script(path, profile, vm::Dispatch::kDefault, counts);
    EXPECT_TRUE(ran) << ran.error().message;
    for (const std::string& failure : counts.failures) failures_ += failure + "\n";
    return counts;
  }
  static std::string returns(const std::string& function, const std::string& args,
                             const std::string& expected) {
    return R"({"type":"assert_return","line":2,"action":{"type":"invoke","field":")" + function +
           R"(","args":[)" + args + R"(]},"expected":[)" + expected + "]}";
  }
  void expect_pass(const std::string& commands, std::size_t passed) {
    const SpecCounts counts = run(commands);
    EXPECT_EQ(counts.failed, 0u) << failures_;
    EXPECT_EQ(counts.skipped, 0u);
    EXPECT_EQ(counts.passed, passed + 1);
  }
  void expect_failure(const std::string& commands) {
    EXPECT_EQ(run(commands).failed, 1u) << commands;
  }
  fs::path folder_;
  std::string failures_;
};

TEST_F(SpecScript, NumbersMayBeTextOrNotAndMayHaveASign) {
  expect_pass(returns("same", R"({"type":"i32","value":"4294967295"})",
                      R"({"type":"i32","value":"4294967295"})"),
              1);
  expect_pass(
      returns("same", R"({"type":"i32","value":"-1"})", R"({"type":"i32","value":4294967295})"), 1);
  expect_pass(returns("wide", R"({"type":"i64","value":-2})",
                      R"({"type":"i64","value":"18446744073709551614"})"),
              1);
  expect_pass(returns("float", R"({"type":"f32","value":"2143289344"})",
                      R"({"type":"f32","value":"nan:canonical"})"),
              1);
  expect_failure(
      returns("same", R"({"type":"i32","value":"1"})", R"({"type":"i32","value":"-1"})"));
  expect_failure(returns("same", R"({"type":"i32","value":"1"})", R"({"type":"i32","value":"x"})"));
}

TEST_F(SpecScript, NansAreClasses) {
  expect_pass(returns("nan", "", R"({"type":"f64","value":"nan:arithmetic"})"), 1);
  expect_pass(returns("float", R"({"type":"f32","value":"2145386496"})",
                      R"({"type":"f32","value":"nan:arithmetic"})"),
              1);
  expect_failure(returns("float", R"({"type":"f32","value":"2145386496"})",
                         R"({"type":"f32","value":"nan:canonical"})"));
}

TEST_F(SpecScript, ReferencesAreNullOrNot) {
  const std::string one = R"({"type":"i32","value":"1"})";
  for (const std::string null :
       {R"({"type":"externref","value":"null"})", R"({"type":"externref","value":null})",
        R"({"type":"refnull"})", R"({"type":"nullexternref"})"}) {
    expect_pass(returns("null", null, one), 1);
  }
  expect_pass(
      returns("back", R"({"type":"externref","value":"0"})", R"({"type":"externref","value":"0"})"),
      1);
  expect_pass(returns("back", R"({"type":"externref","value":"5"})", R"({"type":"externref"})"), 1);
  expect_failure(returns("back", R"({"type":"externref","value":"5"})",
                         R"({"type":"externref","value":"6"})"));
  expect_pass(returns("func", "", R"({"type":"funcref"})"), 1);
  expect_pass(returns("func", "", R"({"type":"funcref","value":"0"})"), 1);
  expect_pass(returns("no-func", "", R"({"type":"funcref","value":"null"})"), 1);
  expect_failure(returns("no-func", "", R"({"type":"funcref"})"));
  expect_failure(returns("func", "", R"({"type":"refnull"})"));
}

TEST_F(SpecScript, OneOfSeveralAnswersIsEnough) {
  const std::string seven = R"({"type":"i32","value":"7"})";
  const std::string values = R"([{"type":"i32","value":"6"},{"type":"i32","value":"7"}])";
  expect_pass(returns("same", seven, R"({"type":"either","values":)" + values + "}"), 1);
  const std::string action =
      R"({"type":"assert_return","line":3,"action":{"type":"invoke","field":"same","args":[)" +
      seven + "]},";
  expect_pass(action + R"("either":)" + values + "}", 1);
  expect_failure(action + R"("either":[{"type":"i32","value":"6"}]})");
}

TEST_F(SpecScript, ModulesAreNamedDefinedAndInstantiated) {
  const std::string call = R"({"type":"invoke","module":"$i","field":"count","args":[]})";
  const std::string one = R"("expected":[{"type":"i32","value":"1"}]})";
  const SpecCounts counts = run_all(
      R"({"type":"module_definition","line":1,"name":"$d","filename":"m.wasm","module_type":"binary"},
         {"type":"module_instance","line":2,"instance":"$i","module":"$d"},
         {"type":"assert_return","line":3,"action":)" +
      call + "," + one + R"(,
         {"type":"module_instance","line":4,"instance":"$i","module":null},
         {"type":"assert_return","line":5,"action":)" +
      call + "," + one + R"(,
         {"type":"register","line":6,"name":"$i","as":"other"},
         {"type":"assert_return","line":7,"action":{"type":"get","module":null,"field":"g"},
          "expected":[{"type":"i64","value":"18446744073709551615"}]})");
  EXPECT_EQ(counts.failed, 0u) << failures_;
  EXPECT_EQ(counts.passed, 7u);
  EXPECT_EQ(run_all(R"({"type":"module_instance","line":2,"instance":"$i","module":"$x"})").failed,
            1u);
}

TEST_F(SpecScript, TextIsSkippedUnlessItsBinaryFormIsThere) {
  const SpecCounts text = run_all(
      R"({"type":"module","line":1,"filename":"m.wat","module_type":"text"},
         {"type":"assert_malformed","line":2,"filename":"m.wat","text":"?","module_type":"text"},)" +
      returns("count", "", R"({"type":"i32","value":"1"})"));
  EXPECT_EQ(text.failed, 0u) << failures_;
  EXPECT_EQ(text.skipped, 3u);
  EXPECT_EQ(text.skip_reasons.at("modules in text form"), 2u);
  const SpecCounts both = run_all(
      R"({"type":"module","line":1,"filename":"m.wat","module_type":"text","binary_filename":"m.wasm"},)" +
      returns("count", "", R"({"type":"i32","value":"1"})"));
  EXPECT_EQ(both.passed, 2u) << failures_;
}

TEST_F(SpecScript, TrapsAreComparedByWhatTheirTextsShare) {
  const auto traps = [](const std::string& text) {
    return R"({"type":"assert_trap","line":3,"action":{"type":"invoke","field":"trap","args":[]},)"
           R"("text":")" +
           text + "\"}";
  };
  expect_pass(traps("unreachable"), 1);
  expect_pass(traps("unreachable executed"), 1);
  expect_failure(traps("integer overflow"));
  expect_failure(traps(""));
  expect_failure(returns("trap", "", ""));
}

TEST_F(SpecScript, WhatIsNotOfThisVersionIsSkippedAndCounted) {
  const SpecCounts counts = run(R"({"type":"assert_exception","line":9,"action":{}},)" +
                                returns("same", R"({"type":"anyref","value":"1"})", ""));
  EXPECT_EQ(counts.failed, 0u);
  EXPECT_EQ(counts.skip_reasons.at("commands of later proposals"), 2u);
  EXPECT_EQ(counts.skips.front(), "script:9: commands of later proposals");
}

TEST_F(SpecScript, AModuleThatIsMissingOrRefusedIsAFailureNotASkip) {
  EXPECT_EQ(run_all(R"({"type":"module","line":1,"filename":"nowhere.wasm"})").failed, 1u);
  std::ofstream(folder_ / "bad.wasm") << "no module";
  EXPECT_EQ(run_all(R"({"type":"module","line":1,"filename":"bad.wasm"})").failed, 1u);
  const std::string refused =
      R"({"type":"assert_malformed","line":2,"filename":"FILE","text":"?","module_type":"binary"})";
  expect_pass(std::string(refused).replace(refused.find("FILE"), 4, "bad.wasm"), 1);
  expect_failure(std::string(refused).replace(refused.find("FILE"), 4, "m.wasm"));
  // A file that is not there is no refusal.
  expect_failure(std::string(refused).replace(refused.find("FILE"), 4, "nowhere.wasm"));
}

TEST_F(SpecScript, TheContractProfileSkipsWhatItRefuses) {
  const SpecCounts counts =
      run(returns("count", "", R"({"type":"i32","value":"1"})"), vm::Profile::kContract);
  EXPECT_EQ(counts.failed, 0u) << failures_;
  EXPECT_EQ(counts.skipped, 2u);
}

TEST_F(SpecScript, SimdIsSkippedWithItsReason) {
  const std::string command = R"({"line":1,"filename":"simd.wasm","type":")";
  for (const std::string text :
       {"(module (func (export \"f\") (param v128)))", "(module (func (local v128)))",
        "(module (func (block (result v128) unreachable) drop))",
        "(module (func unreachable (select (result v128)) drop))",
        "(module (global (import \"spectest\" \"g\") v128))",
        "(module (func (drop (i32x4.splat (i32.const 1)))))"}) {
    module("simd", text);
    const SpecCounts counts =
        run_all(command + R"(module"},{"type":"assert_return","line":2,"action":{"type":"invoke",
          "field":"f","args":[{"type":"v128","lane_type":"i32","value":["1","2","3","4"]}]},
          "expected":[]},)" +
                command + R"(assert_invalid","text":"type mismatch"},)" + command +
                R"(assert_unlinkable","text":"unknown import"})");
    EXPECT_EQ(counts.passed, 0u) << text;
    EXPECT_EQ(counts.failed, 0u) << text << "\n" << failures_;
    EXPECT_EQ(counts.skip_reasons.at("modules with SIMD"), 3u) << text;
  }
}

TEST_F(SpecScript, AFileThatIsNoScriptIsAnError) {
  std::ofstream(folder_ / "script.json") << R"({"commands":[{"line":1}]})";
  SpecCounts counts;
  EXPECT_FALSE(
      run_spec_script(folder_ / "script.json", vm::Profile::kFull, vm::Dispatch::kDefault, counts));
  EXPECT_FALSE(run_spec_script(folder_ / "nowhere.json", vm::Profile::kFull, vm::Dispatch::kDefault,
                               counts));
}

}  // namespace
}  // namespace usance::tools
