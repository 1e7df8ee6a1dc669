// The operand stack during translation, and the emission of register code.
#include <algorithm>

#include "contracts/vm/translator.h"

namespace usance::vm {

void Translator::push(Types types) {
  for (const ValueType t : types) push(t);
}

void Translator::push_constant(ValueType type, Slot value) {
  push(Entry{.constant = value, .type = type, .kind = Kind::kConstant});
}

Translator::Operand Translator::pop_below() {
  if (!controls_.back().polymorphic) fail("type mismatch: the operand stack is empty");
  return Operand{{}, static_cast<std::uint32_t>(stack_.size())};
}

// The unknown type of dead code matches every other.
void Translator::mismatch(ValueType expected, ValueType found) {
  if (found == ValueType::kUnknown || expected == ValueType::kUnknown) return;
  fail("type mismatch: expected " + std::string(to_string(expected)) + ", found " +
       std::string(to_string(found)));
}

void Translator::too_many_operands() {
  fail("too many values on the operand stack");
}

void Translator::pop(Types types) {
  for (std::size_t i = types.size(); i-- > 0;) pop(types[i]);
}

void Translator::truncate(std::uint32_t height) {
  while (stack_.size() > height) {
    const Entry& top = stack_.back();
    if (top.kind == Kind::kLocal) local_top_[top.local] = top.below;
    stack_.pop_back();
  }
  if (stack_.size() < settled_) settled_ = stack_.size();
}

// Checks the topmost values without popping them. In dead code missing values are of any type.
void Translator::expect_top(Types types) {
  const Control& c = controls_.back();
  for (std::size_t i = 0; i < types.size(); ++i) {
    const std::size_t from_top = types.size() - i;
    if (stack_.size() < c.height + from_top) {
      if (!c.polymorphic) {
        fail("type mismatch: the operand stack is empty");
        return;
      }
      continue;
    }
    const ValueType found = stack_[stack_.size() - from_top].type;
    if (found != types[i] && found != ValueType::kUnknown) {
      fail("type mismatch: expected " + std::string(to_string(types[i])) + ", found " +
           std::string(to_string(found)));
      return;
    }
  }
}

// The same with all 64 bits meaningful.
std::uint16_t Translator::clean_slot(const Operand& operand) {
  if (!operand.entry.wide) return slot(operand);
  move(home(operand.depth), slot(operand), true);
  return home(operand.depth);
}

// Writes the entry at `depth` to its home. An entry that stands for a local must be the topmost one
// that does, so whoever settles several goes downwards.
void Translator::settle(std::uint32_t depth) {
  Entry& e = stack_[depth];
  switch (e.kind) {
    case Kind::kHome:
      if (e.wide) move(home(depth), home(depth), true);
      break;
    case Kind::kLocal:
      move(home(depth), e.local, e.wide);
      local_top_[e.local] = e.below;
      break;
    case Kind::kConstant: constant_to(home(depth), e.type, e.constant); break;
  }
  e = Entry{.type = e.type};
}

void Translator::settle_top(std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) settle(static_cast<std::uint32_t>(stack_.size() - 1 - i));
}

// No entry stands for a local afterwards: what follows may change locals on one path only.
void Translator::settle_locals() {
  if (reachable_) {
    for (std::size_t depth = stack_.size(); depth-- > settled_;) {
      if (stack_[depth].kind == Kind::kLocal) settle(static_cast<std::uint32_t>(depth));
    }
  }
  settled_ = stack_.size();
}

void Translator::local_get(std::uint32_t local) {
  if (!known_local(local)) return;
  if (!reachable_) return push(locals_[local]);
  const auto depth = static_cast<std::int16_t>(stack_.size());
  push(Entry{.local = static_cast<std::uint16_t>(local),
             .below = local_top_[local],
             .type = locals_[local],
             .kind = Kind::kLocal});
  if (reader_.ok()) local_top_[local] = depth;
}

void Translator::local_set(std::uint32_t local, bool tee) {
  if (!known_local(local)) return;
  const Operand value = pop(locals_[local]);
  if (!reader_.ok()) return;
  if (!reachable_) {
    if (tee) push(locals_[local]);
    return;
  }
  // Locals begin as zero: setting one to zero before anything else has written it changes nothing.
  const bool is_zero = value.entry.kind == Kind::kConstant && value.entry.constant == 0;
  if (is_zero && !local_written_[local] && open_loops_ == 0) {
    if (tee) push_constant(locals_[local], 0);
    return;
  }
  local_written_[local] = true;
  const auto destination = static_cast<std::uint16_t>(local);
  const bool foldable = !value.entry.wide && local_top_[local] < 0 && made_by_last(value);
  while (local_top_[local] >= 0) settle(static_cast<std::uint32_t>(local_top_[local]));
  if (foldable) {
    code()[last_.at + 1] = destination;
    last_.destination = destination;
  } else if (value.entry.kind == Kind::kConstant) {
    constant_to(destination, value.entry.type, value.entry.constant);
  } else {
    const std::uint16_t source = slot(value);
    if (source != destination || value.entry.wide) move(destination, source, value.entry.wide);
  }
  if (tee) local_get(local);
}

void Translator::make_room() {
  module_.code.resize(std::max(module_.code.capacity(), 2 * used_ + kLongestOperation));
}

void Translator::remove_last() {
  used_ = last_.at;
  last_ = previous_;
  previous_ = {};
}

void Translator::imm64(std::uint64_t value) {
  imm32(static_cast<std::uint32_t>(value));
  imm32(static_cast<std::uint32_t>(value >> 32));
}

void Translator::set32(std::uint32_t at, std::uint32_t value) {
  code()[at] = static_cast<CodeUnit>(value);
  code()[at + 1] = static_cast<CodeUnit>(value >> 16);
}

std::uint32_t Translator::get32(std::uint32_t at) const {
  return module_.code[at] | static_cast<std::uint32_t>(module_.code[at + 1]) << 16;
}

void Translator::constant_to(std::uint16_t destination, ValueType type, Slot value) {
  const auto low = static_cast<std::uint32_t>(value);
  if (value == low) {
    begin(Ir::kConstU32, destination);
    imm32(low);
  } else if (type == ValueType::kI64 &&
             static_cast<std::int64_t>(value) == static_cast<std::int32_t>(low)) {
    begin(Ir::kConstI32, destination);
    imm32(low);
  } else {
    begin(Ir::kConst64, destination);
    imm64(value);
  }
}

void Translator::move(std::uint16_t destination, std::uint16_t source, bool narrow) {
  begin(narrow ? Ir::kMov32 : Ir::kMov, destination);
  unit(source);
}

}  // namespace usance::vm
