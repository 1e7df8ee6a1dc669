// What modules compute, and how they trap.
#include "vm_fixture.h"

namespace usance::vm::testing {
namespace {

TEST(Execution, ComputesFactorialByRecursionAndByLoop) {
  Loaded m(R"((module
    (func $rec (export "rec") (param i64) (result i64)
      (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1))
        (else (i64.mul (local.get 0) (call $rec (i64.sub (local.get 0) (i64.const 1)))))))
    (func (export "loop") (param i64) (result i64) (local i64)
      (local.set 1 (i64.const 1))
      (block (loop (br_if 1 (i64.eqz (local.get 0)))
        (local.set 1 (i64.mul (local.get 1) (local.get 0)))
        (local.set 0 (i64.sub (local.get 0) (i64.const 1))) (br 0)))
      (local.get 1))))");
  EXPECT_EQ(m.value("rec", {20}), 2432902008176640000u);
  EXPECT_EQ(m.value("loop", {20}), 2432902008176640000u);
}

TEST(Execution, KeepsTheOldValueOfALocalThatChangesUnderIt) {
  Loaded m(R"((module
    (func (export "swap") (param i32 i32) (result i32)
      local.get 0  local.get 1  local.set 0  local.set 1
      (i32.sub (local.get 0) (local.get 1)))
    (func (export "old") (param i32) (result i32)
      local.get 0  local.get 0
      (local.set 0 (i32.const 7))
      i32.add  local.get 0  i32.mul)
    (func (export "loops") (param i32) (result i32)
      local.get 0
      (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if 0 (local.get 0)))
      local.get 0  i32.add)))");
  EXPECT_EQ(m.value("swap", {3, 10}), 7u);
  EXPECT_EQ(m.value("old", {5}), 70u);
  EXPECT_EQ(m.value("loops", {5}), 5u);
}

TEST(Execution, WrapsAndExtendsBetweenWidths) {
  Loaded m(R"((module
    (func (export "low") (param i64) (result i64)
      (i64.extend_i32_u (i32.wrap_i64 (local.get 0))))
    (func (export "signed") (param i64) (result i64)
      (i64.extend_i32_s (i32.wrap_i64 (local.get 0))))
    (func (export "ret") (param i64) (result i32) (i32.wrap_i64 (local.get 0)))
    (func (export "through") (param i64) (result i64) (local i32)
      (local.set 1 (i32.wrap_i64 (i64.mul (local.get 0) (i64.const 3))))
      (i64.extend_i32_u (local.get 1)))
    (func (export "picked") (param i64) (result i64)
      (i64.extend_i32_u (select (i32.wrap_i64 (local.get 0)) (i32.const 1) (i32.const 1))))
    (func (export "negative") (result i32) (i32.const -1))))");
  EXPECT_EQ(m.value("low", {0x1234567890abcdef}), 0x90abcdefu);
  EXPECT_EQ(m.value("signed", {0x1234567890abcdef}), 0xffffffff90abcdefu);
  EXPECT_EQ(m.value("ret", {0x1234567890abcdef}), 0x90abcdefu);
  EXPECT_EQ(m.value("through", {0x100000001}), 3u);
  EXPECT_EQ(m.value("picked", {0xff00000005}), 5u);
  EXPECT_EQ(m.value("negative"), 0xffffffffu);
}

TEST(Execution, PassesSeveralResultsThroughBlocksCallsAndBranches) {
  Loaded m(R"((module
    (func $two (param i32 i32) (result i32 i32) local.get 1 local.get 0)
    (func (export "call") (param i32 i32) (result i32)
      local.get 0 local.get 1 call $two i32.sub)
    (func (export "block") (param i32) (result i32)
      (block (result i32 i32)
        i32.const 1 i32.const 2
        (br_if 0 (local.get 0))
        i32.add i32.const 100)
      i32.sub)
    (func (export "table") (param i32) (result i32)
      (block (result i32)
        (block (result i32)
          (br_table 0 1 (i32.const 10) (local.get 0)))
        (i32.const 5) i32.add))
    (func (export "countdown") (param i32) (result i32)
      i32.const 0 local.get 0
      (loop (param i32 i32) (result i32)
        (local.set 0) (i32.const 2) i32.add
        (i32.sub (local.get 0) (i32.const 1))
        (br_if 0 (i32.gt_s (local.get 0) (i32.const 1)))
        drop))))");
  EXPECT_EQ(m.value("call", {3, 10}), 7u);
  EXPECT_EQ(m.value("block", {1}), 0xffffffffu);
  EXPECT_EQ(m.value("block", {0}), 0xffffff9fu);
  EXPECT_EQ(m.value("table", {0}), 15u);
  EXPECT_EQ(m.value("table", {1}), 10u);
  EXPECT_EQ(m.value("countdown", {5}), 10u);
}

TEST(Execution, TrapsWithTheCauseOfTheTrap) {
  Loaded m(R"((module
    (memory (export "memory") 1 1)
    (table 3 funcref)
    (elem (i32.const 0) $f $g)
    (type $v (func))
    (func $f) (func $g (param i32))
    (func $deep (export "deep") call $deep)
    (func (export "unreachable") unreachable)
    (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "rem64") (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1)))
    (func (export "load") (param i32) (result i32) (i32.load offset=4 (local.get 0)))
    (func (export "store") (param i32) (i32.store8 (local.get 0) (i32.const 1)))
    (func (export "copy") (param i32 i32 i32)
      (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "fill") (param i32 i32)
      (memory.fill (local.get 0) (i32.const 1) (local.get 1)))
    (func (export "icall") (param i32) (call_indirect (type $v) (local.get 0)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))))");
  EXPECT_EQ(m.trap("unreachable"), TrapCode::kUnreachable);
  EXPECT_EQ(m.trap("div", {1, 0}), TrapCode::kIntegerDivideByZero);
  EXPECT_EQ(m.trap("div", {0x80000000, 0xffffffff}), TrapCode::kIntegerOverflow);
  EXPECT_EQ(m.trap("rem64", {1, 0}), TrapCode::kIntegerDivideByZero);
  EXPECT_EQ(m.trap("load", {65528}), TrapCode::kNone);
  EXPECT_EQ(m.trap("load", {65529}), TrapCode::kMemoryOutOfBounds);
  EXPECT_EQ(m.trap("load", {0xffffffff}), TrapCode::kMemoryOutOfBounds);
  EXPECT_EQ(m.trap("store", {65535}), TrapCode::kNone);
  EXPECT_EQ(m.trap("store", {65536}), TrapCode::kMemoryOutOfBounds);
  EXPECT_EQ(m.trap("copy", {0, 65000, 536}), TrapCode::kNone);
  EXPECT_EQ(m.trap("copy", {0, 65000, 537}), TrapCode::kMemoryOutOfBounds);
  EXPECT_EQ(m.trap("fill", {65536, 0}), TrapCode::kNone);
  EXPECT_EQ(m.trap("fill", {65537, 0}), TrapCode::kMemoryOutOfBounds);
  EXPECT_EQ(m.trap("icall", {0}), TrapCode::kNone);
  EXPECT_EQ(m.trap("icall", {1}), TrapCode::kIndirectCallType);
  EXPECT_EQ(m.trap("icall", {2}), TrapCode::kUninitializedElement);
  EXPECT_EQ(m.trap("icall", {3}), TrapCode::kTableOutOfBounds);
  EXPECT_EQ(m.trap("deep"), TrapCode::kCallDepth);
  EXPECT_EQ(m.value("grow", {0}), 1u);
  EXPECT_EQ(m.value("grow", {1}), 0xffffffffu);
}

TEST(Execution, AllowsExactlyTheDepthOfTheProtocol) {
  Loaded m(R"((module (func $down (export "down") (param i32)
    (if (i32.gt_u (local.get 0) (i32.const 1))
      (then (call $down (i32.sub (local.get 0) (i32.const 1))))))))");
  EXPECT_EQ(m.trap("down", {limits::kMaxCallDepth}), TrapCode::kNone);
  EXPECT_EQ(m.trap("down", {limits::kMaxCallDepth + 1}), TrapCode::kCallDepth);
}

TEST(Execution, TrapsWhenFramesFillTheStack) {
  std::string text = "(module (func $f (export \"f\") (param i32) (local";
  for (int i = 0; i < 2000; ++i) text += " i64";
  Loaded m(text + ") (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))))))");
  EXPECT_EQ(m.trap("f", {20}), TrapCode::kNone);
  EXPECT_EQ(m.trap("f", {60}), TrapCode::kStackOverflow);
}

TEST(Execution, GrowsMemoryToTheLimitAndNoFurther) {
  Loaded m(R"((module (memory 1)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "touch") (param i32) (result i32)
      (drop (memory.grow (local.get 0)))
      (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (i32.const 9))
      (i32.load (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4))))))");
  EXPECT_EQ(m.value("grow", {255}), 1u);
  EXPECT_EQ(m.value("grow", {256}), 0xffffffffu);
  EXPECT_EQ(m.value("grow", {0xffffffff}), 0xffffffffu);
  EXPECT_EQ(m.value("touch", {255}), 9u);
}

TEST(Execution, RestoresMemoryGlobalsAndTables) {
  Loaded m(R"((module
    (memory (export "memory") 1) (data (i32.const 4090) "0123456789")
    (global $g (mut i32) (i32.const 5))
    (table 2 funcref) (elem (i32.const 0) $f) (elem func $f)
    (func $f)
    (func (export "spoil") (param i32)
      (global.set $g (i32.const 6))
      (i64.store (i32.const 4092) (i64.const -1))
      (i64.store (i32.const 65528) (i64.const -1))
      (drop (memory.grow (i32.const 3)))
      (i64.store (i32.const 150000) (i64.const -1))
      (table.set 0 (i32.const 0) (ref.null func))
      (elem.drop 1))
    (func (export "look") (result i64)
      (if (i32.ne (global.get $g) (i32.const 5)) (then unreachable))
      (if (i32.ne (memory.size) (i32.const 1)) (then unreachable))
      (if (ref.is_null (table.get 0 (i32.const 0))) (then unreachable))
      (table.init 0 1 (i32.const 1) (i32.const 0) (i32.const 1))
      (i64.add (i64.load (i32.const 4092)) (i64.load (i32.const 65528))))
    (func (export "far") (result i64)
      (drop (memory.grow (i32.const 3))) (i64.load (i32.const 150000)))))");
  ASSERT_TRUE(m.instance->call("spoil", std::vector<Slot>{1}, kPlenty, m.host).ok());
  m.instance->reset();
  Outcome o = m.instance->call("look", {}, kPlenty, m.host);
  ASSERT_TRUE(o.ok()) << to_string(o.trap);
  EXPECT_EQ(o.results[0], 0x3938373635343332u);
  ASSERT_TRUE(m.instance->call("spoil", std::vector<Slot>{1}, kPlenty, m.host).ok());
  m.instance->reset();
  o = m.instance->call("far", {}, kPlenty, m.host);
  ASSERT_TRUE(o.ok());
  EXPECT_EQ(o.results[0], 0u);
}

}  // namespace
}  // namespace usance::vm::testing
