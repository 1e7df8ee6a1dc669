// What tools are told of a call: the same outcome, gas by function, and where a trap was.
#include "contracts/vm/call_profile.h"

#include <numeric>

#include <gtest/gtest.h>

#include "contracts/vm/places.h"
#include "vm_fixture.h"

namespace usance::vm::testing {
namespace {

constexpr const char* kModule = R"((module
  (func $leaf (param i32) (result i32)
    local.get 0 i32.const 3 i32.mul i32.const 1 i32.add)
  (func $twice (param i32) (result i32)
    local.get 0 call $leaf call $leaf)
  (func (export "work") (param i32) (result i32) (local $sum i32)
    (loop $again
      local.get $sum local.get 0 call $twice i32.add local.set $sum
      local.get 0 i32.const 1 i32.sub local.tee 0 br_if $again)
    local.get $sum)
  (func $fails (param i32) (result i32)
    i32.const 7 local.get 0 i32.div_u)
  (func (export "divide") (param i32) (result i32)
    local.get 0 call $fails)))";

std::uint64_t gas_of(const CallProfile& profile) {
  return std::accumulate(
      profile.functions().begin(), profile.functions().end(), std::uint64_t{0},
      [](std::uint64_t sum, const CallProfile::Function& one) { return sum + one.gas; });
}

TEST(CallProfileTest, EveryUnitOfGasBelongsToAFunction) {
  Loaded loaded(kModule);
  const Outcome plain = loaded.call("work", {10});
  loaded.instance->reset();
  CallProfile profile;
  const std::vector<Slot> args = {10};
  const Outcome seen = loaded.instance->call_observed("work", args, kPlenty, loaded.host, profile);
  EXPECT_EQ(seen.results, plain.results);
  EXPECT_EQ(seen.gas_used, plain.gas_used);
  EXPECT_EQ(gas_of(profile), plain.gas_used - loaded.module->instantiation_gas());
  EXPECT_EQ(profile.functions().at(0).calls, 20U);  // leaf
  EXPECT_EQ(profile.functions().at(1).calls, 10U);  // twice
  EXPECT_EQ(profile.functions().at(2).calls, 1U);   // work
  EXPECT_EQ(profile.functions().at(3).calls, 0U);
  // leaf: local.get, const, mul, const, add; twice: local.get and two calls of 6.
  EXPECT_EQ(profile.functions().at(0).gas, 20U * 5);
  EXPECT_EQ(profile.functions().at(1).gas, 10U * 13);
}

TEST(CallProfileTest, ATrapHasAFunctionItsCallersAndAnOffset) {
  const Bytes wasm = wat(kModule);
  Loaded loaded(wasm);
  CallProfile profile;
  const std::vector<Slot> args = {0};
  const Outcome seen =
      loaded.instance->call_observed("divide", args, kPlenty, loaded.host, profile);
  EXPECT_EQ(seen.trap, TrapCode::kIntegerDivideByZero);
  EXPECT_EQ(profile.stack(), (std::vector<std::uint32_t>{4, 3}));
  const auto places = find_places(wasm, Profile::kContract);
  ASSERT_TRUE(places) << places.error().message;
  const auto offset = offset_of(*places, profile.code());
  ASSERT_TRUE(offset);
  EXPECT_EQ(wasm.at(*offset), 0x6e);  // i32.div_u
}

TEST(CallProfileTest, TheEndOfGasIsSeenToo) {
  Loaded loaded(kModule);
  const std::uint64_t limit = loaded.module->instantiation_gas() + 100;
  CallProfile profile;
  const std::vector<Slot> args = {1000};
  const Outcome seen = loaded.instance->call_observed("work", args, limit, loaded.host, profile);
  EXPECT_EQ(seen.trap, TrapCode::kOutOfGas);
  EXPECT_EQ(seen.gas_used, limit);
  EXPECT_EQ(profile.stack().front(), 2U);
}

}  // namespace
}  // namespace usance::vm::testing
