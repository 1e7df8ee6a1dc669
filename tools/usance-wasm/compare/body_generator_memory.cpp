// Memory and tables in generated bodies.
#include <array>

#include "tools/usance-wasm/compare/body_generator.h"

namespace usance::tools {

// An i32 that mostly lies in the first page, on the real stack; not on the view of it.
void BodyGenerator::address() {
  take({Type::kI32});
  if (choices_.chance(97)) {
    out_.i32(choices_.chance(50) ? 0xfff : choices_.chance(50) ? 0x38 : 0xf7ff).op({0x71});
  } else if (choices_.chance(50)) {
    constant(Type::kI32);
    out_.op({0x6a});
  }
}

void BodyGenerator::memory_offset(std::uint32_t most_align) {
  out_.unsigned_number(choices_.below(most_align + 1));
  const std::uint32_t kind = choices_.below(20);
  out_.unsigned_number(kind == 0   ? 0xffff'fff0u + choices_.below(16)
                       : kind == 1 ? 65'520 + choices_.below(32)
                       : kind < 8  ? choices_.below(1'000)
                                   : 0);
}

namespace {

struct Access {
  int op;
  vm::ValueType type;
  std::uint32_t align;  // the natural one, as a power of two
};

}  // namespace

void BodyGenerator::load() {
  using enum vm::ValueType;
  static constexpr std::array<Access, 12> kLoads = {{{0x28, kI32, 2},
                                                     {0x29, kI64, 3},
                                                     {0x2c, kI32, 0},
                                                     {0x2d, kI32, 0},
                                                     {0x2e, kI32, 1},
                                                     {0x2f, kI32, 1},
                                                     {0x30, kI64, 0},
                                                     {0x31, kI64, 0},
                                                     {0x32, kI64, 1},
                                                     {0x33, kI64, 1},
                                                     {0x34, kI64, 2},
                                                     {0x35, kI64, 2}}};
  const Access& access = choices_.of(kLoads);
  if (choices_.chance(30)) {
    // base + index, or base + constant: an addition that becomes a part of the load.
    take({kI32});
    out_.i32(0xff8).op({0x71});
    if (choices_.chance(50)) {
      out_.i32(static_cast<std::int32_t>(choices_.below(300))).op({0x6a});
    } else {
      push(kI32);
      produce(kI32);
      pop(2);
      out_.i32(0xff8).op({0x71, 0x6a});
    }
  } else {
    address();
  }
  out_.op({access.op});
  memory_offset(access.align);
  push(access.type);
}

void BodyGenerator::store() {
  using enum vm::ValueType;
  static constexpr std::array<Access, 7> kStores = {{{0x36, kI32, 2},
                                                     {0x37, kI64, 3},
                                                     {0x3a, kI32, 0},
                                                     {0x3b, kI32, 1},
                                                     {0x3c, kI64, 0},
                                                     {0x3d, kI64, 1},
                                                     {0x3e, kI64, 2}}};
  const Access& access = choices_.of(kStores);
  address();
  push(kI32);
  if (choices_.chance(20)) {
    produce(kI32);
    pop(1);
    out_.i32(0x7f8).op({0x71, 0x6a});
  } else if (choices_.chance(30)) {
    out_.i32(static_cast<std::int32_t>(choices_.below(300))).op({0x6a});
  }
  choices_.chance(30) ? (constant(access.type), push(access.type)) : produce(access.type);
  out_.op({access.op});
  memory_offset(access.align);
  pop(2);
}

// A small count, mostly.
void BodyGenerator::length() {
  produce(Type::kI32);
  pop(1);
  if (choices_.chance(95)) out_.i32(choices_.chance(50) ? 3 : 0x3f).op({0x71});
}

void BodyGenerator::bulk_memory() {
  const auto segment = choices_.below(plan_.data_sizes.size());
  switch (choices_.below(6)) {
    case 0: out_.op({0x3f, 0}); return push(Type::kI32);
    case 1:
      produce(Type::kI32);
      out_.i32(choices_.chance(80) ? 1 : 0xffff).op({0x71, 0x40, 0});
      return;
    case 2:
      address();
      push(Type::kI32);
      length();
      push(Type::kI32);
      length();
      out_.op({0xfc, 8}).unsigned_number(segment).op({0});
      return pop(2);
    case 3: out_.op({0xfc, 9}).unsigned_number(segment); return;
    case 4:
      address();
      push(Type::kI32);
      produce(Type::kI32);
      out_.i32(0xfff).op({0x71});
      length();
      out_.op({0xfc, 10, 0, 0});
      return pop(2);
    default:
      address();
      push(Type::kI32);
      produce(Type::kI32);
      length();
      out_.op({0xfc, 11, 0});
      return pop(2);
  }
}

void BodyGenerator::table() {
  const auto table = choices_.below(plan_.table_sizes.size());
  const auto other = choices_.below(plan_.table_sizes.size());
  const auto segment = choices_.below(plan_.elements.size());
  const auto index = [&] {
    produce(Type::kI32);
    if (choices_.chance(95)) out_.i32(choices_.chance(90) ? 3 : 15).op({0x71});
  };
  switch (choices_.below(9)) {
    case 0:
      index();
      out_.index(0x25, table);
      pop(1);
      return push(Type::kFuncRef);
    case 1:
      index();
      produce(Type::kFuncRef);
      out_.index(0x26, table);
      return pop(2);
    case 2: out_.op({0xfc, 16}).unsigned_number(table); return push(Type::kI32);
    case 3:
      produce(Type::kFuncRef);
      length();
      out_.op({0xfc, 15}).unsigned_number(table);
      pop(1);
      return push(Type::kI32);
    case 4:
      index();
      produce(Type::kFuncRef);
      length();
      out_.op({0xfc, 17}).unsigned_number(table);
      return pop(2);
    case 5:
      index();
      index();
      length();
      out_.op({0xfc, 14}).unsigned_number(table).unsigned_number(other);
      return pop(2);
    case 6:
      index();
      index();
      length();
      out_.op({0xfc, 12}).unsigned_number(segment).unsigned_number(table);
      return pop(2);
    case 7: out_.op({0xfc, 13}).unsigned_number(segment); return;
    default:
      take({Type::kFuncRef});
      out_.op({0xd1});
      return push(Type::kI32);
  }
}

}  // namespace usance::tools
