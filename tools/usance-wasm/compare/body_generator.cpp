#include "tools/usance-wasm/compare/body_generator.h"

#include <array>

namespace usance::tools {

namespace {

constexpr std::array<std::int64_t, 24> kInteresting = {0,
                                                       1,
                                                       -1,
                                                       2,
                                                       7,
                                                       8,
                                                       31,
                                                       32,
                                                       33,
                                                       63,
                                                       64,
                                                       127,
                                                       128,
                                                       255,
                                                       256,
                                                       0x7fff,
                                                       0xffff,
                                                       0x7fffffff,
                                                       -0x80000000LL,
                                                       0xffffffffLL,
                                                       0x100000000LL,
                                                       INT64_MAX,
                                                       INT64_MIN,
                                                       0x0123456789abcdefLL};

}  // namespace

BodyGenerator::BodyGenerator(Choices& choices, const ModulePlan& plan, const vm::FunctionType& type)
    : choices_(choices), plan_(plan), type_(type), locals_(type.params) {}

BodyWriter BodyGenerator::body(std::uint32_t instructions) {
  BodyWriter whole;
  const std::uint32_t more = choices_.below(7);
  whole.unsigned_number(more);
  for (std::uint32_t i = 0; i < more; ++i) {
    const std::uint32_t kind = choices_.below(10);
    const Type type = kind == 0 ? Type::kFuncRef : kind == 1 ? Type::kExternRef : number();
    locals_.push_back(type);
    whole.op({1, static_cast<int>(type)});
  }
  Control function;
  function.results = type_.results;
  controls_.push_back(function);
  for (std::uint32_t i = 0; i < instructions; ++i) instruction();
  while (!controls_.empty()) close();
  return whole.append(out_);
}

bool BodyGenerator::on_top(std::span<const Type> types) const {
  if (above() < types.size()) return false;
  return std::equal(types.begin(), types.end(), stack_.end() - static_cast<long>(types.size()));
}

void BodyGenerator::take(const Types& types) {
  if (types.empty()) return;
  const Control& c = controls_.back();
  if (c.dead && above() == 0 && choices_.chance(50)) return;
  std::size_t there = choices_.chance(85) ? types.size() : 0;
  while (there > 0 && !on_top(std::span(types).first(there))) --there;
  for (std::size_t i = there; i < types.size(); ++i) produce(types[i]);
  pop(types.size());
}

void BodyGenerator::become_dead() {
  stack_.resize(controls_.back().height);
  controls_.back().dead = true;
}

std::vector<std::uint32_t> BodyGenerator::locals_of(Type type) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < locals_.size(); ++i) {
    if (locals_[i] == type) found.push_back(i);
  }
  return found;
}

// A local of the type; the number of locals when there is none.
std::uint32_t BodyGenerator::some_local(Type type) {
  const auto candidates = locals_of(type);
  return candidates.empty() ? static_cast<std::uint32_t>(locals_.size()) : choices_.of(candidates);
}

void BodyGenerator::constant(Type type) {
  if (is_reference(type)) {
    out_.op({0xd0, static_cast<int>(type)});
    return;
  }
  const std::int64_t value = choices_.chance(60)
                                 ? choices_.of(kInteresting)
                                 : static_cast<std::int64_t>(choices_.word() % 65'536) - 300;
  type == Type::kI32 ? out_.i32(static_cast<std::int32_t>(value)) : out_.i64(value);
}

void BodyGenerator::produce(Type type) {
  const std::uint32_t local = some_local(type);
  if (local < locals_.size() && choices_.chance(60)) {
    out_.get(local);
  } else if (type == Type::kFuncRef && choices_.chance(50)) {
    out_.index(0xd2, choices_.of(plan_.elements.front()));
  } else if (!is_reference(type) && choices_.chance(15)) {
    std::vector<std::uint32_t> globals;
    for (std::uint32_t i = 0; i < plan_.globals.size(); ++i) {
      if (plan_.globals[i].type == type) globals.push_back(i);
    }
    globals.empty() ? constant(type) : void(out_.index(0x23, choices_.of(globals)));
  } else {
    constant(type);
  }
  push(type);
}

BodyGenerator::Type BodyGenerator::of_top() {
  return above() > 0 && choices_.chance(85) ? stack_.back() : number();
}

void BodyGenerator::instruction() {
  const std::uint32_t kind = choices_.below(100);
  if (kind < 22) return numeric();
  if (kind < 28) return produce(number());
  if (kind < 38) return local();
  if (kind < 42) return global();
  if (kind < 46) return parametric();
  if (kind < 53) return load();
  if (kind < 59) return store();
  if (kind < 68) return fusible();
  if (kind < 76) return open();
  if (kind < 82) return controls_.size() > 1 ? close() : numeric();
  if (kind < 86) return branch();
  if (kind < 90) return fused_branch();
  if (kind < 91) return branch_table();
  if (kind < 95) return call();
  if (kind < 97) return bulk_memory();
  return table();
}

void BodyGenerator::numeric() {
  using enum vm::ValueType;
  struct Range {
    int first;
    int last;
    Types operands;
    Type result;
  };
  static const std::array<Range, 13> kRanges = {{{0x45, 0x45, {kI32}, kI32},
                                                 {0x46, 0x4f, {kI32, kI32}, kI32},
                                                 {0x50, 0x50, {kI64}, kI32},
                                                 {0x51, 0x5a, {kI64, kI64}, kI32},
                                                 {0x67, 0x69, {kI32}, kI32},
                                                 {0x6a, 0x78, {kI32, kI32}, kI32},
                                                 {0x6a, 0x78, {kI32, kI32}, kI32},
                                                 {0x79, 0x7b, {kI64}, kI64},
                                                 {0x7c, 0x8a, {kI64, kI64}, kI64},
                                                 {0xa7, 0xa7, {kI64}, kI32},
                                                 {0xac, 0xad, {kI32}, kI64},
                                                 {0xc0, 0xc1, {kI32}, kI32},
                                                 {0xc2, 0xc4, {kI64}, kI64}}};
  const Range& range = choices_.of(kRanges);
  const int op = range.first + static_cast<int>(choices_.below(range.last - range.first + 1));
  const bool divides = (op >= 0x6d && op <= 0x70) || (op >= 0x7f && op <= 0x82);
  if (range.operands.size() == 2 && choices_.chance(30)) {
    take({range.operands[0]});
    if (divides && choices_.chance(80)) {
      const auto divisor = static_cast<std::int32_t>(choices_.below(200)) + 1;
      op < 0x7f ? out_.i32(divisor) : out_.i64(divisor);
    } else {
      constant(range.operands[1]);
    }
  } else {
    take(range.operands);
    // Most divisors are odd, so that programs get somewhere.
    if (divides && choices_.chance(95)) {
      op < 0x7f ? out_.i32(1).op({0x72}) : out_.i64(1).op({0x84});
    }
  }
  out_.op({op});
  push(range.result);
}

void BodyGenerator::local() {
  if (locals_.empty()) return produce(number());
  const std::uint32_t local = choices_.below(locals_.size());
  switch (choices_.below(3)) {
    case 0: out_.get(local); return push(locals_[local]);
    case 1:
      take({locals_[local]});
      out_.set(local);
      return;
    default:
      take({locals_[local]});
      out_.tee(local);
      return push(locals_[local]);
  }
}

void BodyGenerator::global() {
  const std::uint32_t global = choices_.below(plan_.globals.size());
  const vm::GlobalType& type = plan_.globals[global];
  const bool bounds_work = global <= ModulePlan::kDepth;
  if (type.is_mutable && !bounds_work && choices_.chance(60)) {
    take({type.type});
    out_.index(0x24, global);
  } else {
    out_.index(0x23, global);
    push(type.type);
  }
}

void BodyGenerator::parametric() {
  const Type type = of_top();
  if (choices_.chance(25)) {
    take({type});
    out_.op({0x1a});
    return;
  }
  take({type, type, Type::kI32});
  if (is_reference(type) || choices_.chance(30)) {
    out_.op({0x1c, 1, static_cast<int>(type)});
  } else {
    out_.op({0x1b});
  }
  push(type);
}

void BodyGenerator::call() {
  if (choices_.chance(60)) {
    const std::uint32_t function = choices_.below(plan_.callable());
    take(plan_.type_of(function).params);
    out_.index(0x10, function);
    return push(plan_.type_of(function).results);
  }
  // Mostly the type of a function that is in the table.
  const std::uint32_t wanted = choices_.of(plan_.elements.front());
  const vm::FunctionType& type = plan_.type_of(wanted);
  Types operands = type.params;
  take(operands);
  const std::uint32_t table = choices_.below(plan_.table_sizes.size());
  const std::uint32_t mask = choices_.chance(90) ? 7 : 31;
  produce(Type::kI32);
  pop(1);
  out_.i32(static_cast<std::int32_t>(mask)).op({0x71});
  out_.index(0x11, plan_.functions[wanted]).unsigned_number(table);
  push(type.results);
}

// Neighbours that a translator makes one operation of.
void BodyGenerator::fusible() {
  const Type type = number();
  const bool wide = type == Type::kI64;
  const auto op = [&](int narrow) { out_.op({wide ? narrow + 0x12 : narrow}); };
  const std::uint32_t local = some_local(type);
  switch (choices_.below(7)) {
    case 0: {  // a shifted operand combined
      static constexpr std::array<int, 3> kShifts = {0x74, 0x76, 0x77};
      static constexpr std::array<int, 3> kCombined = {0x6a, 0x72, 0x73};
      take({type, type});
      constant(type);
      op(choices_.of(kShifts));
      op(choices_.of(kCombined));
      return push(type);
    }
    case 1:  // sums of three, products added
      take({type, type, type});
      op(choices_.chance(50) ? 0x6a : 0x6c);
      op(0x6a);
      return push(type);
    case 2:  // sums and masks with constants
      take({type, type});
      op(0x6a);
      constant(type);
      op(choices_.chance(50) ? 0x6a : 0x71);
      return push(type);
    case 3: {  // a comparison that selects
      const Type chosen = number();
      take({chosen, chosen, type, type});
      out_.op({(wide ? 0x51 : 0x46) + static_cast<int>(choices_.below(10)), 0x1b});
      return push(chosen);
    }
    case 4:  // local plus constant, into the local
      if (local >= locals_.size()) return produce(type);
      out_.get(local);
      constant(type);
      op(0x6a);
      if (choices_.chance(50)) {
        out_.set(local);
        return;
      }
      out_.tee(local);
      return push(type);
    case 5:  // the old value of a local below its new one
      if (local >= locals_.size()) return produce(type);
      out_.get(local).get(local);
      constant(type);
      op(0x6a);
      out_.set(local);
      return push(type);
    default: {  // a global as a stack pointer
      for (std::uint32_t g = ModulePlan::kDepth + 1; g < plan_.globals.size(); ++g) {
        if (plan_.globals[g].type != Type::kI32 || !plan_.globals[g].is_mutable) continue;
        out_.index(0x23, g);
        constant(Type::kI32);
        out_.op({0x6b});
        const std::uint32_t frame = some_local(Type::kI32);
        if (frame < locals_.size()) out_.tee(frame);
        out_.index(0x24, g);
        return;
      }
      return produce(type);
    }
  }
}

}  // namespace usance::tools
