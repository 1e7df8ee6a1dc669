// Numeric instructions.
#include <array>

#include "contracts/vm/translator.h"

namespace usance::vm {

namespace {

// Whether the constant can be an operation's 32-bit immediate, which extends with its sign.
bool is_immediate(ValueType type, Slot value) {
  if (type == ValueType::kI32) return true;
  const auto low = static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<Slot>(static_cast<std::int64_t>(low)) == value;
}

bool is_minus_one(ValueType type, Slot value) {
  return value == (type == ValueType::kI32 ? Slot{0xffffffff} : ~Slot{0});
}

}  // namespace

void Translator::binary(ValueType in, ValueType out, Ir rr, Ir ri, bool commutative) {
  Operand b = pop(in);
  Operand a = pop(in);
  if (!reader_.ok()) return;
  if (reachable_) {
    if (commutative && a.entry.kind == Kind::kConstant && b.entry.kind != Kind::kConstant) {
      std::swap(a, b);
    }
    if (ri != rr && b.entry.kind == Kind::kConstant && is_immediate(in, b.entry.constant)) {
      auto immediate = static_cast<std::uint32_t>(b.entry.constant);
      // Subtracting a constant is adding its negative, but for the least 64-bit immediate.
      if (ri == Ir::kI32SubRI || (ri == Ir::kI64SubRI && immediate != 0x80000000u)) {
        ri = ri == Ir::kI32SubRI ? Ir::kI32AddRI : Ir::kI64AddRI;
        immediate = 0u - immediate;
      }
      if (!fuse_immediate(ri, a, immediate)) {
        const std::uint16_t x = slot(a);
        begin(ri, next_home());
        unit(x);
        imm32(immediate);
      }
    } else if (rr == Ir::kI64AndRR && b.entry.kind == Kind::kConstant &&
               b.entry.constant == 0xffffffffu) {
      move(next_home(), slot(a), true);
    } else if (!fuse_operands(rr, a, b)) {
      const std::uint16_t x = slot(a);
      const std::uint16_t y = slot(b);
      begin(rr, next_home());
      unit(x);
      unit(y);
    }
  }
  push(out);
}

void Translator::division(ValueType type, Ir rr, Ir ri, bool is_signed) {
  const bool constant = !stack_.empty() && stack_.back().kind == Kind::kConstant;
  const Slot divisor = constant ? stack_.back().constant : 0;
  const bool safe = divisor != 0 && !(is_signed && is_minus_one(type, divisor));
  binary(type, type, rr, safe ? ri : rr, false);
}

void Translator::compare(ValueType type, unsigned which) {
  const bool narrow = type == ValueType::kI32;
  if (reachable_ && stack_.size() >= 2 && stack_[stack_.size() - 2].kind == Kind::kConstant &&
      stack_.back().kind != Kind::kConstant) {
    // A constant on the left: compare the other way round. Types are checked before the swap.
    const Operand b = pop(type);
    const Operand a = pop(type);
    if (!reader_.ok()) return;
    which = swapped_comparison(which);
    if (is_immediate(type, a.entry.constant)) {
      const std::uint16_t y = slot(b);
      begin(offset(narrow ? Ir::kI32EqRI : Ir::kI64EqRI, which), next_home());
      unit(y);
      imm32(static_cast<std::uint32_t>(a.entry.constant));
    } else {
      const std::uint16_t x = slot(a);
      const std::uint16_t y = slot(b);
      begin(offset(Ir::kI64EqRR, which), next_home());
      unit(y);
      unit(x);
    }
    return push(ValueType::kI32);
  }
  binary(type, ValueType::kI32, offset(narrow ? Ir::kI32EqRR : Ir::kI64EqRR, which),
         offset(narrow ? Ir::kI32EqRI : Ir::kI64EqRI, which), false);
}

void Translator::equal_zero(ValueType type) {
  const Operand a = pop(type);
  if (!reader_.ok()) return;
  if (reachable_) {
    // The negation of a comparison is a comparison.
    static constexpr std::array<Ir, 4> kLists = {Ir::kI32EqRR, Ir::kI32EqRI, Ir::kI64EqRR,
                                                 Ir::kI64EqRI};
    if (type == ValueType::kI32 && made_by_last(a)) {
      for (const Ir list : kLists) {
        const unsigned which = distance(list, last_op());
        if (which >= kComparisons) continue;
        code()[last_.at] = static_cast<CodeUnit>(offset(list, inverted_comparison(which)));
        return push(ValueType::kI32);
      }
    }
    const std::uint16_t x = slot(a);
    begin(type == ValueType::kI32 ? Ir::kI32EqRI : Ir::kI64EqRI, next_home());
    unit(x);
    imm32(0);
  }
  push(ValueType::kI32);
}

void Translator::unary(ValueType in, ValueType out, Ir op) {
  const Operand a = pop(in);
  if (!reader_.ok()) return;
  if (reachable_) {
    const std::uint16_t x = slot(a);
    begin(op, next_home());
    unit(x);
  }
  push(out);
}

// The same bits under another type: nothing to do at run time.
void Translator::retype(ValueType in, ValueType out) {
  const Operand a = pop(in);
  if (!reader_.ok()) return;
  if (!reachable_) return push(out);
  Entry e = a.entry;
  e.type = out;
  push(e);
  if (e.kind == Kind::kLocal) local_top_[e.local] = static_cast<std::int16_t>(a.depth);
}

// i32.wrap_i64: 32-bit operations look at the lower half only, so the slot stays as it is and the
// entry remembers that the upper half is not zero.
void Translator::wrap() {
  const std::size_t before = stack_.size();
  retype(ValueType::kI64, ValueType::kI32);
  if (!reader_.ok() || !reachable_ || stack_.size() != before) return;
  Entry& e = stack_.back();
  if (e.kind == Kind::kConstant) {
    e.constant = static_cast<std::uint32_t>(e.constant);
  } else {
    e.wide = true;
  }
}

// i64.extend_i32_u: 32-bit operations leave the upper half zero.
void Translator::extend_unsigned() {
  if (reachable_ && !stack_.empty() && stack_.back().wide) {
    return unary(ValueType::kI32, ValueType::kI64, Ir::kMov32);
  }
  retype(ValueType::kI32, ValueType::kI64);
}

void Translator::numeric(std::uint8_t op) {
  using enum ValueType;
  const auto in_range = [op](unsigned first, unsigned last) { return op >= first && op <= last; };
  static constexpr std::array<bool, 15> kCommutative = {true,  false, true,  false, false,
                                                        false, false, true,  true,  true,
                                                        false, false, false, false, false};
  if (op == 0x45) return equal_zero(kI32);
  if (in_range(0x46, 0x4f)) return compare(kI32, op - 0x46u);
  if (op == 0x50) return equal_zero(kI64);
  if (in_range(0x51, 0x5a)) return compare(kI64, op - 0x51u);
  if (in_range(0x5b, 0x60)) {
    const Ir ir = offset(Ir::kF32Eq, op - 0x5bu);
    return binary(kF32, kI32, ir, ir, false);
  }
  if (in_range(0x61, 0x66)) {
    const Ir ir = offset(Ir::kF64Eq, op - 0x61u);
    return binary(kF64, kI32, ir, ir, false);
  }
  if (in_range(0x67, 0x69)) return unary(kI32, kI32, offset(Ir::kI32Clz, op - 0x67u));
  if (in_range(0x79, 0x7b)) return unary(kI64, kI64, offset(Ir::kI64Clz, op - 0x79u));
  if (in_range(0x6a, 0x78) || in_range(0x7c, 0x8a)) {
    const bool narrow = op <= 0x78;
    const ValueType type = narrow ? kI32 : kI64;
    const unsigned which = op - (narrow ? 0x6au : 0x7cu);
    if (which >= 3 && which <= 6) {
      return division(type, offset(narrow ? Ir::kI32DivSRR : Ir::kI64DivSRR, which - 3),
                      offset(narrow ? Ir::kI32DivSRI : Ir::kI64DivSRI, which - 3),
                      which == 3 || which == 5);
    }
    const unsigned position = which < 3 ? which : which - 4;  // the lists leave division out
    return binary(type, type, offset(narrow ? Ir::kI32AddRR : Ir::kI64AddRR, position),
                  offset(narrow ? Ir::kI32AddRI : Ir::kI64AddRI, position), kCommutative[which]);
  }
  if (in_range(0x8b, 0xa6)) {
    const bool narrow = op <= 0x98;
    const ValueType type = narrow ? kF32 : kF64;
    const unsigned which = op - (narrow ? 0x8bu : 0x99u);
    if (which < 2) return unary(type, type, offset(narrow ? Ir::kF32Abs : Ir::kF64Abs, which));
    if (which < 7) {
      return unary(type, type, offset(narrow ? Ir::kF32Ceil : Ir::kF64Ceil, which - 2));
    }
    const Ir ir = which == 13 ? (narrow ? Ir::kF32Copysign : Ir::kF64Copysign)
                              : offset(narrow ? Ir::kF32Add : Ir::kF64Add, which - 7);
    return binary(type, type, ir, ir, false);
  }
  if (op == 0xa7) return wrap();
  if (in_range(0xa8, 0xab)) {
    return unary(op < 0xaa ? kF32 : kF64, kI32, offset(Ir::kI32TruncF32S, op - 0xa8u));
  }
  if (op == 0xac) return unary(kI32, kI64, Ir::kI64ExtendI32S);
  if (op == 0xad) return extend_unsigned();
  if (in_range(0xae, 0xb1)) {
    return unary(op < 0xb0 ? kF32 : kF64, kI64, offset(Ir::kI64TruncF32S, op - 0xaeu));
  }
  if (in_range(0xb2, 0xb5)) {
    return unary(op < 0xb4 ? kI32 : kI64, kF32, offset(Ir::kF32ConvertI32S, op - 0xb2u));
  }
  if (op == 0xb6) return unary(kF64, kF32, Ir::kF32DemoteF64);
  if (in_range(0xb7, 0xba)) {
    return unary(op < 0xb9 ? kI32 : kI64, kF64, offset(Ir::kF64ConvertI32S, op - 0xb7u));
  }
  if (op == 0xbb) return unary(kF32, kF64, Ir::kF64PromoteF32);
  if (op == 0xbc) return retype(kF32, kI32);
  if (op == 0xbd) return retype(kF64, kI64);
  if (op == 0xbe) return retype(kI32, kF32);
  if (op == 0xbf) return retype(kI64, kF64);
  if (op == 0xc0 || op == 0xc1) return unary(kI32, kI32, offset(Ir::kI32Extend8S, op - 0xc0u));
  return unary(kI64, kI64, offset(Ir::kI64Extend8S, op - 0xc2u));
}

void Translator::saturating(std::uint32_t opcode) {
  using enum ValueType;
  const ValueType in = (opcode & 2) == 0 ? kF32 : kF64;
  unary(in, opcode < 4 ? kI32 : kI64, offset(Ir::kI32TruncF32SSat, opcode));
}

}  // namespace usance::vm
