// What compile() refuses, and how it says so.
#include "contracts/vm/profile_limits.h"
#include "vm_fixture.h"

namespace usance::vm::testing {
namespace {

TEST(Profile, RefusesFloatingPointWithFunctionOffsetAndHint) {
  const std::string text = R"((module
    (func (export "fine") (result i32) (i32.const 1))
    (func (export "bad") (param i32) (result i32)
      (i32.trunc_f64_s (f64.mul (f64.convert_i32_u (local.get 0)) (f64.const 1.5))))))";
  const std::string error = refusal(text);
  EXPECT_NE(error.find("function 1 at offset "), std::string::npos) << error;
  EXPECT_NE(error.find("f64.convert_i32_u is a floating-point operation"), std::string::npos);
  EXPECT_NE(error.find("use an ordered map"), std::string::npos);
  EXPECT_EQ(refusal(text, Profile::kFull), "(accepted)");
}

TEST(Profile, NamesTheOffsetOfTheRefusedOpcode) {
  const Bytes wasm = wat(R"((module (func (result i32) (drop (i32.const 7)) (drop (f32.const 1))
    (i32.const 1))))");
  const auto compiled = compile(wasm, Profile::kContract);
  ASSERT_FALSE(compiled);
  const std::string& message = compiled.error().message;
  const std::size_t at = message.find("at offset ");
  ASSERT_NE(at, std::string::npos);
  const std::size_t offset = std::stoul(message.substr(at + 10));
  ASSERT_LT(offset, wasm.size());
  EXPECT_EQ(wasm[offset], 0x43);  // f32.const
}

TEST(Profile, RefusesEveryOtherWayToFloatingPoint) {
  for (const char* text : {
           "(module (func (param f32)))",
           "(module (func (result f64) unreachable))",
           "(module (func (local f32)))",
           "(module (global f64 (f64.const 1)))",
           "(module (func (drop (block (result f32) unreachable))))",
           "(module (import \"env\" \"f\" (func (param f64))))",
           "(module (memory 1) (func (param i32) (drop (f32.load (local.get 0)))))",
           "(module (func (drop (i32.trunc_sat_f32_s (unreachable)))))",
       }) {
    EXPECT_NE(refusal(text), "(accepted)") << text;
    EXPECT_EQ(refusal(text, Profile::kFull), "(accepted)") << text;
  }
}

TEST(Profile, AcceptsWhatRecentCompilersEmitForIntegers) {
  EXPECT_EQ(refusal(R"((module
    (import "env" "note" (func (param i32)))
    (memory (export "memory") 2) (data "passive") (data (i32.const 8) "active")
    (global $sp (mut i32) (i32.const 16384)) (export "sp" (global $sp))
    (table 4 funcref) (elem (i32.const 1) $two $two)
    (func $two (result i32 i64) (i32.const 1) (i64.const 2))
    (func (export "invoke") (param i32)
      (local i64)
      (local.set 1 (i64.extend32_s (i64.extend8_s (i64.const 200))))
      (drop (i32.extend16_s (i32.extend8_s (local.get 0))))
      (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 4))
      (data.drop 0)
      (memory.copy (i32.const 0) (i32.const 8) (i32.const 4))
      (memory.fill (i32.const 0) (i32.const 0) (i32.const 4))
      (table.copy (i32.const 0) (i32.const 1) (i32.const 1))
      (drop (ref.is_null (table.get 0 (i32.const 0))))
      (block (result i32 i64) (call_indirect (result i32 i64) (i32.const 1)))
      (drop) (drop)
      (global.set $sp (i32.sub (global.get $sp) (i32.const 16))))))"),
            "(accepted)");
}

// Indices of five bytes, where a linker may write any number later, and lengths of five bytes:
// clang from version 20 on writes call_indirect's table like this, wasm-ld the sizes.
TEST(Profile, AcceptsNumbersPaddedByLinkers) {
  Bytes wasm = {0, 'a', 's', 'm', 1, 0, 0, 0};
  const auto add = [&wasm](const Bytes& bytes) {
    wasm.insert(wasm.end(), bytes.begin(), bytes.end());
  };
  add({1, 0x85, 0x80, 0x80, 0x80, 0, 1, 0x60, 0, 1, 0x7f});  // a type [] -> [i32]
  add({3, 3, 2, 0, 0});                                      // two functions of it
  add({4, 0x84, 0x80, 0x80, 0x80, 0, 1, 0x70, 0, 2});        // a table of two
  add({7, 7, 1, 3, 'r', 'u', 'n', 0, 1});
  add({9, 9, 1, 2, 0, 0x41, 0, 0x0b, 0, 1, 0});  // function 0, the table named
  add({10, 0x9e, 0x80, 0x80, 0x80, 0, 2});
  add({4, 0, 0x41, 7, 0x0b});
  add({0x93, 0x80, 0x80, 0x80, 0});  // i32.const, call_indirect type table
  add({0, 0x41, 0x80, 0x80, 0x80, 0x80, 0});
  add({0x11, 0x80, 0x80, 0x80, 0x80, 0, 0x80, 0x80, 0x80, 0x80, 0, 0x0b});
  Loaded m(wasm);
  ASSERT_NE(m.module, nullptr);
  EXPECT_EQ(m.value("run"), 7u);
}

// Features that a compiler lists are no use of them; what it then uses is looked at by itself.
TEST(Profile, IgnoresTheListOfFeatures) {
  Bytes wasm = wat("(module (func (export \"run\") (result i32) (i32.const 1)))");
  const std::string features =
      "\x0ftarget_features\x02+\x0d"
      "extended-const+\x07simd128";
  wasm.push_back(0);
  wasm.push_back(static_cast<std::uint8_t>(features.size()));
  wasm.insert(wasm.end(), features.begin(), features.end());
  Loaded m(wasm);
  EXPECT_EQ(m.value("run"), 1u);
}

// Not in core 2.0, and no linker needs them for a module at fixed addresses.
TEST(Profile, RefusesComputedConstantExpressions) {
  for (const Profile profile : {Profile::kContract, Profile::kFull}) {
    EXPECT_NE(refusal("(module (global i32 (i32.add (i32.const 1) (i32.const 2))))", profile)
                  .find("constant expression"),
              std::string::npos);
  }
}

TEST(Profile, RefusesStartFunctionsAndImportsThatAreNoFunctions) {
  for (const char* text : {
           "(module (func $s) (start $s))",
           "(module (import \"env\" \"memory\" (memory 1)))",
           "(module (import \"env\" \"table\" (table 1 funcref)))",
           "(module (import \"env\" \"g\" (global i32)))",
       }) {
    EXPECT_NE(refusal(text), "(accepted)") << text;
    EXPECT_EQ(refusal(text, Profile::kFull), "(accepted)") << text;
  }
}

TEST(Profile, RefusesSegmentsThatDoNotFitInsteadOfTrappingLater) {
  EXPECT_NE(refusal("(module (memory 1) (data (i32.const 65530) \"1234567\"))"), "(accepted)");
  EXPECT_EQ(refusal("(module (memory 1) (data (i32.const 65530) \"123456\"))"), "(accepted)");
  EXPECT_NE(refusal("(module (table 1 funcref) (elem (i32.const 1) $f) (func $f))"), "(accepted)");
}

TEST(Limits, HoldForMemoryTablesLocalsAndCode) {
  EXPECT_EQ(refusal("(module (memory 256))"), "(accepted)");
  EXPECT_NE(refusal("(module (memory 257))"), "(accepted)");
  EXPECT_EQ(refusal("(module (memory 1 65536))"), "(accepted)");  // grows to the limit only
  EXPECT_EQ(refusal("(module (table 8192 funcref))"), "(accepted)");
  EXPECT_NE(refusal("(module (table 8193 funcref))"), "(accepted)");
  const auto with_locals = [](std::size_t n) {
    std::string text = "(module (func (local";
    for (std::size_t i = 0; i < n; ++i) text += " i32";
    return text + ")))";
  };
  EXPECT_EQ(refusal(with_locals(kContractLimits.locals)), "(accepted)");
  EXPECT_NE(refusal(with_locals(kContractLimits.locals + 1)), "(accepted)");

  Bytes padded = wat("(module)");
  // A custom section that brings the module to exactly the limit, then one byte more.
  const std::size_t content = limits::kMaxCodeBytes - padded.size() - 4;
  padded.insert(padded.end(), {0, static_cast<std::uint8_t>(0x80 | (content & 0x7f)),
                               static_cast<std::uint8_t>(0x80 | ((content >> 7) & 0x7f)),
                               static_cast<std::uint8_t>(content >> 14)});
  padded.resize(limits::kMaxCodeBytes, 0);
  EXPECT_TRUE(compile(padded, Profile::kContract));
  padded.push_back(0);
  EXPECT_FALSE(compile(padded, Profile::kContract));
}

TEST(Limits, HoldForNestingOperandsAndBranchTables) {
  const auto nested = [](std::size_t depth) {
    std::string text = "(module (func ";
    for (std::size_t i = 0; i < depth; ++i) text += "block ";
    for (std::size_t i = 0; i < depth; ++i) text += "end ";
    return text + "))";
  };
  // The function itself is the outermost block.
  EXPECT_EQ(refusal(nested(kContractLimits.nesting - 1)), "(accepted)");
  EXPECT_NE(refusal(nested(kContractLimits.nesting)), "(accepted)");
  const auto pushed = [](std::size_t n) {
    std::string text = "(module (func ";
    for (std::size_t i = 0; i < n; ++i) text += "i32.const 1 ";
    for (std::size_t i = 0; i < n; ++i) text += "drop ";
    return text + "))";
  };
  EXPECT_EQ(refusal(pushed(kContractLimits.operands)), "(accepted)");
  EXPECT_NE(refusal(pushed(kContractLimits.operands + 1)), "(accepted)");
  const auto table = [](std::size_t n) {
    std::string text = "(module (func (br_table ";
    for (std::size_t i = 0; i <= n; ++i) text += "0 ";
    return text + "(i32.const 0))))";
  };
  EXPECT_EQ(refusal(table(kContractLimits.br_table)), "(accepted)");
  EXPECT_NE(refusal(table(kContractLimits.br_table + 1)), "(accepted)");
}

TEST(Limits, BoundWhatATinyModuleCanTranslateTo) {
  // A branch of two bytes that moves sixteen values, as often as a body can hold it.
  std::string text = "(module (func ";
  std::string types;
  for (int i = 0; i < 16; ++i) types += " i32";
  text += "(param" + types + ") (result" + types + ") ";
  text += "(block (result" + types + ") ";
  for (int i = 0; i < 16; ++i) text += "(local.get " + std::to_string(i) + ") ";
  for (int i = 0; i < 20'000; ++i) text += "(br_if 0 (local.get 0)) ";
  const Bytes wasm = wat(text + ")))");
  const auto compiled = compile(wasm, Profile::kContract);
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_LT((*compiled)->footprint(), 64 * wasm.size());
}

TEST(Malformed, AnswersWithAPlaceNotACrash) {
  EXPECT_EQ(compile({}, Profile::kContract).error().message, "not a WebAssembly module (no magic)");
  const Bytes whole = wat(R"((module (memory 1) (table 2 funcref) (elem (i32.const 0) $f $f)
    (global (mut i64) (i64.const 5)) (data (i32.const 3) "abc") (export "f" (func $f))
    (func $f (param i32) (result i32)
      (block (loop (br_if 1 (i32.eqz (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br 0)))
      (call $f (i32.load (local.get 0))))))");
  ASSERT_TRUE(compile(whole, Profile::kContract));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    const auto compiled = compile(cut, Profile::kContract);
    // Cutting between sections can leave a valid module; cutting within one cannot.
    if (!compiled) {
      EXPECT_EQ(compiled.error().code, ErrorCode::kMalformed);
    }
  }
  // Every byte changed to every value: whatever compiles must also run without harm.
  TestHost host;
  for (std::size_t i = 8; i < whole.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      Bytes changed = whole;
      changed[i] = static_cast<std::uint8_t>(value);
      const auto compiled = compile(changed, Profile::kContract);
      if (!compiled || !(*compiled)->find_function("f")) continue;
      auto instance = Instance::create(*compiled, {});
      if (!instance) continue;
      const std::vector<Slot> args((*compiled)->function_type(0).params.size(), 3);
      const Outcome outcome = (*instance)->call("f", args, 30'000, host);
      EXPECT_LE(outcome.gas_used, 30'000u);
    }
  }
}

TEST(CustomSections, AreFoundByName) {
  Bytes wasm = wat("(module)");
  const std::string name = "usance.interface";
  wasm.push_back(0);
  wasm.push_back(static_cast<std::uint8_t>(1 + name.size() + 3));
  wasm.push_back(static_cast<std::uint8_t>(name.size()));
  wasm.insert(wasm.end(), name.begin(), name.end());
  wasm.insert(wasm.end(), {7, 8, 9});
  const auto compiled = compile(wasm, Profile::kContract);
  ASSERT_TRUE(compiled);
  const auto section = (*compiled)->custom_section(name);
  ASSERT_TRUE(section);
  EXPECT_EQ(Bytes(section->begin(), section->end()), (Bytes{7, 8, 9}));
  EXPECT_FALSE((*compiled)->custom_section("usance.other"));
}

}  // namespace
}  // namespace usance::vm::testing
