// Gas: what is charged, when, and that it is exact.
#include "contracts/vm/gas.h"

#include "vm_fixture.h"

namespace usance::vm::testing {
namespace {

// Gas of the call itself, without what a fresh instance pays.
std::uint64_t gas_of(Loaded& m, std::string_view function, std::vector<Slot> args = {}) {
  const Outcome outcome = m.call(function, std::move(args));
  return outcome.gas_used - m.module->instantiation_gas();
}

TEST(Gas, CountsWasmInstructionsOnThePathTaken) {
  Loaded m(R"((module
    (func (export "three") (result i32) (i32.add (i32.const 1) (i32.const 2)))
    (func (export "branch") (param i32) (result i32)
      (if (result i32) (local.get 0)
        (then (i32.const 1))
        (else (i32.mul (i32.const 2) (i32.mul (i32.const 3) (i32.const 4)))))))
    )");
  EXPECT_EQ(gas_of(m, "three"), 3u);
  // local.get, if, const; or local.get, if, three constants, two multiplications.
  EXPECT_EQ(gas_of(m, "branch", {1}), 3u);
  EXPECT_EQ(gas_of(m, "branch", {0}), 7u);
}

TEST(Gas, IsLinearInIterations) {
  Loaded m(R"((module (func (export "spin") (param i32)
    (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (br_if 0 (local.get 0))))))");
  const std::uint64_t one = gas_of(m, "spin", {1});
  const std::uint64_t two = gas_of(m, "spin", {2});
  EXPECT_EQ(one, 6u);
  EXPECT_EQ(gas_of(m, "spin", {1000}), one + 999 * (two - one));
}

TEST(Gas, DoesNotDependOnWhatTheTranslatorFuses) {
  // The same instructions, with a value kept in a local between them or not.
  Loaded fused(R"((module (func (export "f") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 5)) (then (i32.const 1))
      (else (i32.const 2))))))");
  Loaded apart(R"((module (func (export "f") (param i32) (result i32) (local i32)
    (local.set 1 (i32.lt_u (local.get 0) (i32.const 5)))
    (if (result i32) (local.get 1) (then (i32.const 1)) (else (i32.const 2))))))");
  EXPECT_EQ(gas_of(fused, "f", {3}) + 2, gas_of(apart, "f", {3}));
}

TEST(Gas, RunsOutExactlyAtTheLimit) {
  Loaded m(R"((module
    (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "sum") (param i32) (result i32) (local i32)
      (loop (local.set 1 (call $add (local.get 0) (local.get 1)))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (local.get 1))))");
  const std::uint64_t needed = m.call("sum", {100}).gas_used;
  const Outcome enough = m.call("sum", {100}, needed);
  EXPECT_TRUE(enough.ok());
  EXPECT_EQ(enough.results[0], 5050u);
  EXPECT_EQ(enough.gas_used, needed);
  for (const std::uint64_t less : {needed - 1, needed / 2, std::uint64_t{1}, std::uint64_t{0}}) {
    const Outcome outcome = m.call("sum", {100}, less);
    EXPECT_EQ(outcome.trap, TrapCode::kOutOfGas);
    EXPECT_EQ(outcome.gas_used, less);
    EXPECT_TRUE(outcome.results.empty());
  }
}

TEST(Gas, EndsEndlessLoopsAndRecursion) {
  Loaded m(R"((module (memory 1)
    (func (export "spin") (loop (br 0)))
    (func (export "nothing") (loop (nop) (block (br 1))))
    (func (export "grow") (loop (drop (memory.grow (i32.const 1)))
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0)))))");
  EXPECT_EQ(m.call("spin", {}, 1'000'000).trap, TrapCode::kOutOfGas);
  EXPECT_EQ(m.call("nothing", {}, 1'000'000).trap, TrapCode::kOutOfGas);
  EXPECT_EQ(m.call("grow", {}, 10'000'000).trap, TrapCode::kOutOfGas);
}

TEST(Gas, ChargesBulkOperationsBeforeTheyTouchMemory) {
  Loaded m(R"((module (memory (export "memory") 2)
    (func (export "fill") (param i32)
      (memory.fill (i32.const 0) (i32.const 7) (local.get 0)))))");
  const std::uint64_t nothing = m.call("fill", {0}).gas_used;
  const std::uint64_t much = m.call("fill", {80'000}).gas_used;
  EXPECT_EQ(much - nothing, gas::bulk_bytes(80'000));
  m.instance->reset();
  const std::vector<Slot> args = {80'000};
  const Outcome outcome = m.instance->call("fill", args, much - 1, m.host);
  EXPECT_EQ(outcome.trap, TrapCode::kOutOfGas);
  EXPECT_EQ(m.instance->memory()[0], 0);
}

TEST(Gas, ChargesPagesOfGrowthAndOfInstantiation) {
  Loaded one(R"((module (memory 1) (func (export "grow") (param i32) (result i32)
    (memory.grow (local.get 0)))))");
  Loaded three(R"((module (memory 3) (data (i32.const 0) "12345678") (func (export "f"))))");
  EXPECT_EQ(three.module->instantiation_gas() - one.module->instantiation_gas(),
            2 * gas::kMemoryPage + gas::bulk_bytes(8));
  EXPECT_EQ(gas_of(one, "grow", {5}) - gas_of(one, "grow", {0}), 5 * gas::kMemoryPage);
  // What fails costs no pages.
  EXPECT_EQ(gas_of(one, "grow", {1000}), gas_of(one, "grow", {0}));
}

TEST(Gas, TheFirstCallOfAnInstancePaysForItWhateverIsCached) {
  Loaded m(R"((module (memory 1) (func (export "f"))))");
  m.instance->reset();
  const Outcome first = m.instance->call("f", {}, kPlenty, m.host);
  const Outcome second = m.instance->call("f", {}, kPlenty, m.host);
  EXPECT_EQ(first.gas_used - second.gas_used, m.module->instantiation_gas());
  m.instance->reset();
  EXPECT_EQ(m.instance->call("f", {}, kPlenty, m.host).gas_used, first.gas_used);
  m.instance->reset();
  EXPECT_EQ(m.instance->call("f", {}, m.module->instantiation_gas() - 1, m.host).trap,
            TrapCode::kOutOfGas);
}

TEST(Gas, TrapsKeepWhatWasCharged) {
  Loaded m(R"((module (func (export "f") (param i32) (result i32)
    (i32.div_u (i32.const 1) (local.get 0)))))");
  EXPECT_EQ(m.call("f", {0}).trap, TrapCode::kIntegerDivideByZero);
  EXPECT_EQ(m.call("f", {0}).gas_used, m.call("f", {1}).gas_used);
}

}  // namespace
}  // namespace usance::vm::testing
