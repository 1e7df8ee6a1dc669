// Host functions: arguments, memory, gas, traps, the early end, and nested calls.
#include "contracts/vm/module_cache.h"
#include "vm_fixture.h"

namespace usance::vm::testing {
namespace {

constexpr const char* kCaller = R"((module
  (import "env" "note" (func $note (param i32)))
  (import "env" "answer" (func $answer (param i64) (result i64)))
  (import "env" "add3" (func $add3 (param i32 i64 i32) (result i64)))
  (memory (export "memory") 1)
  (global $seen (mut i32) (i32.const 0))
  (table 1 funcref) (elem (i32.const 0) $answer)
  (type $t (func (param i64) (result i64)))
  (func (export "note") (param i32)
    (global.set $seen (i32.const 1))
    (call $note (local.get 0))
    (global.set $seen (i32.const 2)))
  (func (export "seen") (result i32) (global.get $seen))
  (func (export "answer") (param i64) (result i64)
    (i64.add (i64.const 1) (call $answer (local.get 0))))
  (func (export "indirect") (param i64) (result i64)
    (call_indirect (type $t) (local.get 0) (i32.const 0)))
  (func (export "sum") (param i32) (result i64)
    (call $add3 (local.get 0) (i64.const -2) (i32.const 7)))
  (func (export "loads") (param i32) (result i64)
    (call $note (local.get 0)) (i64.load (i32.const 100)))))";

TEST(Host, SeesArgumentsAndGivesResults) {
  Loaded m(kCaller);
  m.host.on_call = [](std::uint32_t function, HostFrame& frame) {
    if (function == 1) frame.set_i64(frame.i64(0) * 2);
    if (function == 2) frame.set_i64(frame.i32(0) + frame.i64(1) + frame.i32(2));
    return HostResult::proceed();
  };
  EXPECT_EQ(m.value("answer", {21}), 43u);
  EXPECT_EQ(m.value("indirect", {21}), 42u);
  EXPECT_EQ(m.value("sum", {0xffffffff}), 4u);  // -1 + -2 + 7
}

TEST(Host, ReadsAndWritesMemoryInBoundsOnly) {
  Loaded m(kCaller);
  m.host.on_call = [](std::uint32_t, HostFrame& frame) {
    const Bytes text = to_bytes("settled!");
    if (!frame.write(frame.u32(0), text)) return HostResult::fail(TrapCode::kMemoryOutOfBounds);
    const auto back = frame.read(frame.u32(0), 8);
    EXPECT_TRUE(back && std::equal(back->begin(), back->end(), text.begin()));
    EXPECT_FALSE(frame.read(65530, 7));
    EXPECT_FALSE(frame.read(0xffffffff, 0xffffffff));
    EXPECT_TRUE(frame.read(65536, 0));
    return HostResult::proceed();
  };
  EXPECT_EQ(m.value("loads", {100}), 0x2164656c74746573u);
  EXPECT_EQ(m.trap("loads", {65529}), TrapCode::kMemoryOutOfBounds);
  // What the host wrote is restored, too.
  m.instance->reset();
  EXPECT_EQ(m.instance->memory()[100], 0);
}

TEST(Host, TrapsWithItsOwnCode) {
  Loaded m(kCaller);
  m.host.on_call = [](std::uint32_t, HostFrame&) { return HostResult::fail(TrapCode::kReadOnly); };
  EXPECT_EQ(m.trap("note", {1}), TrapCode::kReadOnly);
}

TEST(Host, EndsTheCallEarlyWithoutATrap) {
  Loaded m(kCaller);
  m.host.on_call = [](std::uint32_t, HostFrame&) { return HostResult::end(); };
  const Outcome outcome = m.call("note", {1});
  EXPECT_TRUE(outcome.ended_by_host);
  EXPECT_EQ(outcome.trap, TrapCode::kNone);
  EXPECT_FALSE(outcome.ok());
  const Outcome seen = m.instance->call("seen", {}, kPlenty, m.host);
  EXPECT_EQ(seen.results[0], 1u);
}

TEST(Host, ChargesGasAndSeesWhatIsLeft) {
  Loaded m(kCaller);
  std::uint64_t left = 0;
  m.host.on_call = [&](std::uint32_t, HostFrame& frame) {
    left = frame.gas_left();
    return frame.charge(5'000) ? HostResult::proceed() : HostResult::fail(TrapCode::kOutOfGas);
  };
  const std::uint64_t needed = m.call("note", {1}).gas_used;
  EXPECT_EQ(kPlenty - left + 5'000, needed);
  EXPECT_TRUE(m.call("note", {1}, needed).ok());
  const Outcome short_by_one = m.call("note", {1}, needed - 1);
  EXPECT_EQ(short_by_one.trap, TrapCode::kOutOfGas);
  EXPECT_EQ(short_by_one.gas_used, needed - 1);
}

TEST(Host, PaysTheFixedPriceOfADefinition) {
  Loaded m(kCaller);
  m.host.on_call = [](std::uint32_t, HostFrame& frame) {
    frame.set_i64(0);
    return HostResult::proceed();
  };
  // "indirect" has one constant and one local, as "answer" has, but no addition.
  const std::uint64_t direct = m.call("answer", {1}).gas_used;
  m.host.on_call = nullptr;
  EXPECT_EQ(m.call("answer", {1}).gas_used, direct);
  EXPECT_GT(direct, m.module->instantiation_gas() + 20);
}

TEST(Host, RunsOtherInstancesAndTheSameOneInside) {
  Loaded outer(kCaller);
  Loaded inner(R"((module (memory 1)
    (func (export "square") (param i64) (result i64)
      (i64.store (i32.const 0) (local.get 0))
      (i64.mul (i64.load (i32.const 0)) (local.get 0)))))");
  int depth = 0;
  outer.host.on_call = [&](std::uint32_t, HostFrame& frame) {
    const Slot argument[] = {frame.u64(0)};
    if (++depth == 1) {
      // Into the very instance that is calling, one level deeper.
      const Outcome again = outer.instance->call("answer", argument, frame.gas_left(), outer.host);
      EXPECT_TRUE(again.ok());
      EXPECT_TRUE(frame.charge(again.gas_used));
      frame.set_i64(static_cast<std::int64_t>(again.results[0]) + 1000);
    } else {
      inner.instance->reset();
      const Outcome nested = inner.instance->call("square", argument, frame.gas_left(), inner.host);
      EXPECT_TRUE(nested.ok());
      EXPECT_TRUE(frame.charge(nested.gas_used));
      frame.set_i64(static_cast<std::int64_t>(nested.results[0]));
    }
    return HostResult::proceed();
  };
  const std::vector<Slot> args = {9};
  outer.instance->reset();
  const Outcome outcome = outer.instance->call("answer", args, kPlenty, outer.host);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.results[0], 81u + 1 + 1000 + 1);
}

TEST(Host, RefusesImportsThatAreMissingOrOfAnotherType) {
  const auto error = [](const std::string& text) {
    const auto module = compile(wat(text), Profile::kContract);
    EXPECT_TRUE(module);
    const auto checked = check_imports(**module, TestHost::definitions());
    return checked ? std::string() : checked.error().message;
  };
  EXPECT_EQ(error(R"((module (import "env" "note" (func (param i32)))))"), "");
  EXPECT_EQ(error(R"((module (import "env" "clock" (func (result i64)))))"),
            "there is no host function env.clock");
  EXPECT_EQ(error(R"((module (import "env" "note" (func (param i64)))))"),
            "host function env.note is [i32] -> [], the module wants [i64] -> []");
}

TEST(Host, AnswersWrongCallsWithATrap) {
  Loaded m(kCaller);
  EXPECT_EQ(m.trap("nowhere"), TrapCode::kHostArgument);
  EXPECT_EQ(m.trap("note"), TrapCode::kHostArgument);
  EXPECT_EQ(m.instance->call(std::uint32_t{0}, {}, kPlenty, m.host).trap, TrapCode::kHostArgument);
  EXPECT_EQ(m.instance->call(std::uint32_t{999}, {}, kPlenty, m.host).trap,
            TrapCode::kHostArgument);
}

TEST(ModuleCache, CompilesOnceAndReusesInstances) {
  const Bytes code = wat(R"((module (memory 1)
    (func (export "bump") (result i32)
      (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
      (i32.load (i32.const 8)))))");
  const Hash32 hash = sha256(code);
  ModuleCache cache(TestHost::definitions(), 1 << 20);
  EXPECT_EQ(cache.find(hash), nullptr);
  const auto module = cache.insert(hash, code);
  ASSERT_TRUE(module);
  EXPECT_EQ(cache.find(hash), *module);
  TestHost host;
  const Instance* first = nullptr;
  for (int i = 0; i < 3; ++i) {
    auto lease = cache.instance(hash, *module);
    ASSERT_TRUE(lease);
    if (i == 0) first = &**lease;
    EXPECT_EQ(&**lease, first);
    const Outcome outcome = (*lease)->call("bump", {}, kPlenty, host);
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome.results[0], 1u);
  }
  // Two at once are two instances.
  auto a = cache.instance(hash, *module);
  auto b = cache.instance(hash, *module);
  EXPECT_NE(&**a, &**b);
}

TEST(ModuleCache, ForgetsTheLeastRecentlyUsedWhenFull) {
  std::vector<Bytes> codes;
  for (int i = 0; i < 3; ++i) {
    codes.push_back(
        wat("(module (func (export \"f\") (result i32) (i32.const " + std::to_string(i) + ")))"));
  }
  const auto one = compile(codes[0], Profile::kContract);
  ModuleCache cache(TestHost::definitions(), 2 * (*one)->footprint());
  ASSERT_TRUE(cache.insert(sha256(codes[0]), codes[0]));
  ASSERT_TRUE(cache.insert(sha256(codes[1]), codes[1]));
  EXPECT_NE(cache.find(sha256(codes[0])), nullptr);
  ASSERT_TRUE(cache.insert(sha256(codes[2]), codes[2]));
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(cache.find(sha256(codes[1])), nullptr);
  EXPECT_NE(cache.find(sha256(codes[0])), nullptr);
  EXPECT_LE(cache.bytes(), 2 * (*one)->footprint());
}

}  // namespace
}  // namespace usance::vm::testing
