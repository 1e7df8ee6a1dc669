// Modules made to cost a node more than they are worth: whatever the bytes claim, compiling takes
// memory in proportion to the module, and what is accepted stays within the limits.
#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

#include "contracts/vm/module_data.h"
#include "vm_fixture.h"

namespace {

// What this thread holds and has held at most since `hold` was set to 0.
thread_local std::size_t held = 0;
thread_local std::size_t most_held = 0;

void* counted(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  held += malloc_usable_size(memory);
  if (held > most_held) most_held = held;
  return memory;
}
void uncounted(void* memory) {
  if (memory == nullptr) return;
  const std::size_t size = malloc_usable_size(memory);
  held -= size < held ? size : held;
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  uncounted(memory);
}
void operator delete[](void* memory) noexcept {
  uncounted(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  uncounted(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  uncounted(memory);
}

namespace usance::vm::testing {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

void add(Bytes& out, std::initializer_list<int> bytes) {
  for (const int b : bytes) out.push_back(static_cast<std::uint8_t>(b));
}
void add(Bytes& out, const Bytes& bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
Bytes leb(std::uint64_t value) {
  Bytes out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
  return out;
}
void section(Bytes& out, int id, const Bytes& content) {
  add(out, {id});
  add(out, leb(content.size()));
  add(out, content);
}
const Bytes kHeader = {0, 'a', 's', 'm', 1, 0, 0, 0};

// A module of functions [] -> [] with these bodies, each with its local declarations and end.
Bytes functions(const std::vector<Bytes>& bodies) {
  Bytes out = kHeader;
  section(out, 1, {1, 0x60, 0, 0});
  Bytes types = leb(bodies.size());
  types.resize(types.size() + bodies.size(), 0);
  section(out, 3, types);
  Bytes code = leb(bodies.size());
  for (const Bytes& body : bodies) {
    add(code, leb(body.size()));
    add(code, body);
  }
  section(out, 10, code);
  return out;
}

struct Compiled {
  bool accepted = false;
  std::string message;
  std::size_t most_held = 0;
  std::size_t footprint = 0;
};

Compiled try_compile(const Bytes& wasm, Profile profile = Profile::kContract) {
  Compiled result;
  held = most_held = 0;
  const auto module = compile(wasm, profile);
  result.most_held = most_held;
  result.accepted = module.has_value();
  if (module) {
    result.footprint = (*module)->footprint();
  } else {
    result.message = module.error().message;
  }
  return result;
}

TEST(Hostile, CountsThatLieCostNothing) {
  // Every section claims 2^32 - 1 entries.
  for (const int id : {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12}) {
    Bytes wasm = kHeader;
    section(wasm, id, {0xff, 0xff, 0xff, 0xff, 0x0f});
    for (const Profile profile : {Profile::kContract, Profile::kFull}) {
      const Compiled c = try_compile(wasm, profile);
      EXPECT_FALSE(c.accepted) << id;
      EXPECT_LT(c.most_held, kMiB) << id;
    }
  }
  // A section, a name, a body and a data segment that claim to be longer than the module.
  for (const Bytes& tail :
       {Bytes{1, 0xff, 0xff, 0xff, 0xff, 0x0f}, Bytes{0, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 'n'},
        Bytes{10, 6, 1, 0xff, 0xff, 0xff, 0xff, 0x0f},
        Bytes{11, 7, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f}}) {
    Bytes wasm = kHeader;
    add(wasm, tail);
    const Compiled c = try_compile(wasm);
    EXPECT_FALSE(c.accepted);
    EXPECT_LT(c.most_held, kMiB);
  }
}

TEST(Hostile, LocalsAndBranchTablesThatLieCostNothing) {
  const Bytes locals = {1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b};
  const Bytes many_runs = {2,    0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f,
                           0xff, 0xff, 0xff, 0xff, 0x0f, 0x7e, 0x0b};
  const Bytes runs = {0xff, 0xff, 0xff, 0xff, 0x0f, 0x0b};
  const Bytes table = {0, 0x41, 0, 0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0x0b};
  const Bytes select = {0, 0x41, 0, 0x1c, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b};
  for (const Bytes& body : {locals, many_runs, runs, table, select}) {
    for (const Profile profile : {Profile::kContract, Profile::kFull}) {
      const Compiled c = try_compile(functions({body}), profile);
      EXPECT_FALSE(c.accepted);
      EXPECT_LT(c.most_held, kMiB);
    }
  }
}

TEST(Hostile, NestingIsCountedNotRecursed) {
  const auto nested = [](std::size_t depth) {
    Bytes body = {0};
    for (std::size_t i = 0; i < depth; ++i) add(body, {0x02, 0x40});
    body.resize(body.size() + depth + 1, 0x0b);
    return functions({body});
  };
  const Compiled refused = try_compile(nested(40'000));
  EXPECT_FALSE(refused.accepted);
  EXPECT_NE(refused.message.find("nest"), std::string::npos) << refused.message;
  EXPECT_LT(refused.most_held, kMiB);
  // The full engine takes a hundred thousand on the stack of a test.
  EXPECT_TRUE(try_compile(nested(99'000), Profile::kFull).accepted);
  EXPECT_FALSE(try_compile(nested(100'001), Profile::kFull).accepted);
}

TEST(Hostile, BranchTablesTranslateInProportion) {
  // As many of the largest as a body holds: every target is one byte and becomes eight.
  Bytes body = {0};
  while (body.size() + 8'300 < kContractLimits.body_bytes) {
    add(body, {0x02, 0x40, 0x41, 0, 0x0e});
    add(body, leb(kContractLimits.br_table));
    body.resize(body.size() + kContractLimits.br_table + 1, 0);
    add(body, {0x0b});
  }
  add(body, {0x0b});
  const Bytes wasm = functions({body});
  const Compiled c = try_compile(wasm);
  EXPECT_TRUE(c.accepted) << c.message;
  EXPECT_LT(c.footprint, 32 * wasm.size());
  EXPECT_LT(c.most_held, 96 * wasm.size());
}

TEST(Hostile, TinyFunctionsWithManyLocalsAreBounded) {
  const Bytes body = {1, 0x80, 0x10, 0x7e, 0x0b};  // 2,048 locals
  EXPECT_TRUE(try_compile(functions({body})).accepted);
  const Compiled c = try_compile(functions(std::vector<Bytes>(kContractLimits.functions, body)));
  EXPECT_TRUE(c.accepted) << c.message;
  EXPECT_LT(c.most_held, 2 * kMiB);
  EXPECT_FALSE(
      try_compile(functions(std::vector<Bytes>(kContractLimits.functions + 1, body))).accepted);
}

TEST(Hostile, CodeThatExplodesIsRefused) {
  // A branch of two bytes that moves values over others, repeated: it reaches the limit of
  // translated code before it reaches the limit of the module.
  std::string text = "(module (func (result";
  for (std::size_t i = 0; i < kContractLimits.results; ++i) text += " i64";
  text += ") (i32.const 0)";
  for (std::size_t i = 0; i < kContractLimits.results; ++i) {
    text += " (i64.const " + std::to_string(INT64_MAX - static_cast<std::int64_t>(i)) + ")";
  }
  for (int i = 0; i < 30'000; ++i) text += " (br_if 0 (i32.const 1))";
  const Bytes wasm = wat(text + " unreachable))");
  const Compiled c = try_compile(wasm);
  const std::size_t most = kContractLimits.code_units * sizeof(CodeUnit);
  EXPECT_LT(c.most_held, 4 * most);
  if (c.accepted) {
    EXPECT_LT(c.footprint, 2 * most);
  }
}

TEST(Hostile, SparseMemoryImagesAreBoundedBySegments) {
  std::string text = "(module (memory 256)";
  for (std::size_t i = 0; i < kContractLimits.data_segments; ++i) {
    text += " (data (i32.const " + std::to_string(16'384 * i + 4'095) + ") \"ab\")";
  }
  const Compiled c = try_compile(wat(text + ")"));
  EXPECT_TRUE(c.accepted) << c.message;
  // Two blocks of 4 KiB for each segment that lies across a boundary.
  EXPECT_LT(c.footprint, kContractLimits.data_segments * 3 * 4'096);
  EXPECT_NE(refusal(text + " (data (i32.const 1) \"x\"))"), "(accepted)");
}

TEST(Hostile, TablesAndMemoriesEndAtTheirLimits) {
  Loaded m(R"((module (memory 1) (table $t 8192 funcref) (table $u 1 funcref)
    (func (export "grow-full") (result i32) (table.grow $t (ref.null func) (i32.const 1)))
    (func (export "grow-all") (result i32) (table.grow $u (ref.null func) (i32.const -1)))
    (func (export "grow-to-limit") (result i32) (table.grow $u (ref.null func) (i32.const 8191)))
    (func (export "memory-all") (result i32) (memory.grow (i32.const -1)))
    (func (export "memory-limit") (result i32)
      (drop (memory.grow (i32.const 255))) (memory.grow (i32.const 1)))))");
  EXPECT_EQ(m.value("grow-full"), 0xffffffffu);
  EXPECT_EQ(m.value("grow-all"), 0xffffffffu);
  EXPECT_EQ(m.value("grow-to-limit"), 1u);
  EXPECT_EQ(m.value("memory-all"), 0xffffffffu);
  EXPECT_EQ(m.value("memory-limit"), 0xffffffffu);
}

}  // namespace
}  // namespace usance::vm::testing
