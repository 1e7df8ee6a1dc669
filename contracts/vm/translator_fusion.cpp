// Which neighbouring operations become one. What decides an interpreter's speed is the number of
// operations it executes; gas does not see any of this.
//
// A fusion that takes an operand's producer away relies on homes being written once and read once:
// the home of a popped entry is dead.
#include <array>

#include "contracts/vm/translator.h"

namespace usance::vm {

namespace {

// Position of `op` in the list, or its size.
template <std::size_t N>
constexpr std::size_t find(const std::array<Ir, N>& list, Ir op) {
  for (std::size_t i = 0; i < N; ++i) {
    if (list[i] == op) return i;
  }
  return N;
}

struct Width {
  std::array<Ir, 3> shifts;    // in the order of the list of shifted operations
  std::array<Ir, 3> combined;  // with what
  Ir shifted;                  // the first of that list
  CodeUnit mask;
};
constexpr std::array<Width, 2> kWidths = {{{{Ir::kI32ShlRI, Ir::kI32ShrURI, Ir::kI32RotlRI},
                                            {Ir::kI32AddRR, Ir::kI32OrRR, Ir::kI32XorRR},
                                            Ir::kI32ShlAdd,
                                            31},
                                           {{Ir::kI64ShlRI, Ir::kI64ShrURI, Ir::kI64RotlRI},
                                            {Ir::kI64AddRR, Ir::kI64OrRR, Ir::kI64XorRR},
                                            Ir::kI64ShlAdd,
                                            63}}};

struct Sum {
  Ir add;
  Ir inner;
  Ir fused;
};
constexpr std::array<Sum, 4> kSums = {{{Ir::kI32AddRR, Ir::kI32AddRR, Ir::kI32Add3},
                                       {Ir::kI32AddRR, Ir::kI32MulRR, Ir::kI32MulAdd},
                                       {Ir::kI64AddRR, Ir::kI64AddRR, Ir::kI64Add3},
                                       {Ir::kI64AddRR, Ir::kI64MulRR, Ir::kI64MulAdd}}};

}  // namespace

// a (rr) b where one of them was made by the last operation: shifted operands and three operands.
// The destination is the next home.
bool Translator::fuse_operands(Ir rr, const Operand& a, const Operand& b) {
  const bool first = made_by_last(a);
  if (!first && !made_by_last(b)) return false;
  const Operand& other = first ? b : a;
  if (other.entry.kind == Kind::kConstant) return false;
  const Ir inner = last_op();
  const CodeUnit x = code()[last_.at + 2];
  const CodeUnit y = code()[last_.at + 3];
  for (const Width& w : kWidths) {
    const std::size_t shift = find(w.shifts, inner);
    const std::size_t with = find(w.combined, rr);
    if (shift == 3 || with == 3) continue;
    remove_last();
    begin(offset(w.shifted, static_cast<unsigned>(3 * shift + with)), next_home());
    unit(slot(other));
    unit(x);
    unit(y & w.mask);  // the low unit of the immediate
    return true;
  }
  for (const Sum& s : kSums) {
    if (s.add != rr || s.inner != inner) continue;
    remove_last();
    begin(s.fused, next_home());
    unit(x);
    unit(y);
    unit(slot(other));
    return true;
  }
  return false;
}

// a (ri) immediate where a was made by the last operation.
bool Translator::fuse_immediate(Ir ri, const Operand& a, std::uint32_t immediate) {
  if (!made_by_last(a)) return false;
  const Ir inner = last_op();
  const CodeUnit x = code()[last_.at + 2];
  const CodeUnit y = code()[last_.at + 3];
  if ((ri == Ir::kI32AddRI && inner == Ir::kI32AddRR) ||
      (ri == Ir::kI64AddRI && inner == Ir::kI64AddRR)) {
    remove_last();
    begin(ri == Ir::kI32AddRI ? Ir::kI32AddRRI : Ir::kI64AddRRI, next_home());
    unit(x);
    unit(y);
    imm32(immediate);
    return true;
  }
  if (ri == Ir::kI32AndRI && inner == Ir::kI32AddRI) {
    const std::uint32_t added = get32(last_.at + 3);
    remove_last();
    begin(Ir::kI32AddAndRI, next_home());
    unit(x);
    imm32(added);
    imm32(immediate);
    return true;
  }
  return false;
}

// Takes the comparison that made the condition away, if the last operation was one.
bool Translator::take_comparison(const Operand& condition, Comparison& taken) {
  if (!made_by_last(condition)) return false;
  static constexpr std::array<Ir, 4> kLists = {Ir::kI32EqRR, Ir::kI32EqRI, Ir::kI64EqRR,
                                               Ir::kI64EqRI};
  for (std::size_t i = 0; i < kLists.size(); ++i) {
    const unsigned which = distance(kLists[i], last_op());
    if (which >= kComparisons) continue;
    taken.wide = i >= 2;
    taken.immediate = i % 2 == 1;
    taken.which = which;
    taken.a = code()[last_.at + 2];
    if (taken.immediate) {
      taken.b = get32(last_.at + 3);
    } else {
      taken.b = code()[last_.at + 3];
    }
    remove_last();
    return true;
  }
  return false;
}

// Emits a conditional branch but for its offset and costs. The operation before may be a part of
// it: an addition whose result is compared (loops), or a mask whose bits are tested.
void Translator::branch_on(Comparison c) {
  const bool zero_test = c.immediate && c.b == 0 && c.which < 2;
  if (zero_test && last_.at != kNone && last_.destination == c.a && c.a >= locals_.size() &&
      last_op() == (c.wide ? Ir::kI64AndRI : Ir::kI32AndRI)) {
    const CodeUnit value = code()[last_.at + 2];
    const std::uint32_t mask = get32(last_.at + 3);
    remove_last();
    const Ir nonzero = c.wide ? Ir::kBrI64AndNz : Ir::kBrI32AndNz;
    begin(offset(nonzero, c.which == 1 ? 0 : 1));
    unit(value);
    return imm32(mask);
  }
  if (!c.wide && last_.at != kNone && last_op() == Ir::kI32AddRI) {
    const auto sum = static_cast<CodeUnit>(last_.destination);
    if (!c.immediate && c.b == sum && c.a != sum) {
      c.b = c.a;
      c.a = sum;
      c.which = swapped_comparison(c.which);
    }
    if (c.a == sum) {
      const CodeUnit value = code()[last_.at + 2];
      const std::uint32_t added = get32(last_.at + 3);
      remove_last();
      begin(offset(c.immediate ? Ir::kAddBrI32EqRI : Ir::kAddBrI32EqRR, c.which));
      unit(sum);
      unit(value);
      imm32(added);
      return c.immediate ? imm32(c.b) : unit(static_cast<CodeUnit>(c.b));
    }
  }
  const Ir rr = c.wide ? Ir::kBrI64EqRR : Ir::kBrI32EqRR;
  const Ir ri = c.wide ? Ir::kBrI64EqRI : Ir::kBrI32EqRI;
  begin(offset(c.immediate ? ri : rr, c.which));
  unit(c.a);
  c.immediate ? imm32(c.b) : unit(static_cast<CodeUnit>(c.b));
}

// global.get g, constant, add, local.tee l, global.set g: what opens a stack frame; and
// local + constant to a global, what closes it.
bool Translator::fuse_global_sum(const Operand& value, std::uint16_t global) {
  if (last_.at == kNone || last_op() != Ir::kI32AddRI) return false;
  const CodeUnit addend = code()[last_.at + 2];
  const std::uint32_t immediate = get32(last_.at + 3);
  if (made_by_last(value)) {
    remove_last();
    begin(Ir::kGlobalSetSum);
    unit(addend);
    unit(global);
    imm32(immediate);
    return true;
  }
  const bool kept = value.entry.kind == Kind::kLocal && !value.entry.wide &&
                    last_.destination == value.entry.local;
  if (!kept || previous_.at == kNone || previous_.destination != addend ||
      addend < locals_.size() || code()[previous_.at] != static_cast<CodeUnit>(Ir::kGlobalGet) ||
      code()[previous_.at + 2] != global) {
    return false;
  }
  const std::int32_t destination = last_.destination;
  remove_last();
  remove_last();
  begin(Ir::kGlobalAdd, destination);
  unit(global);
  imm32(immediate);
  return true;
}

void Translator::pair_two() {
  const Ir first = static_cast<Ir>(code()[previous_.at]);
  const Ir second = last_op();
  Ir pair = Ir::kCount;
  if (second == Ir::kMov && distance(Ir::kMov, first) < 3) pair = offset(first, 1);
  if (second == Ir::kI32AddRI && first == Ir::kI32AddRI) pair = Ir::kI32Add2RI;
  if (pair == Ir::kCount) return;
  code()[previous_.at] = static_cast<CodeUnit>(pair);
  last_ = Emitted{previous_.at, -1};
  previous_ = {};
}

}  // namespace usance::vm
