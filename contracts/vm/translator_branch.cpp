// Branches: where a jump's values go, what it costs, and tables of targets.
#include <algorithm>

#include "contracts/vm/gas.h"
#include "contracts/vm/translator.h"

namespace usance::vm {

// The sites branch to this place.
void Translator::bind(std::uint32_t sites) {
  forget_emitted();
  const std::uint32_t leader = new_leader();
  for (std::uint32_t i = sites; i != kNone; i = sites_[i].next) {
    if (sites_[i].offset_at != kNone) {
      set32(sites_[i].offset_at, here() - sites_[i].instruction);
    }
    if (sites_[i].gas_at != kNone) gas_sites_.push_back(GasSite{sites_[i].gas_at, leader});
  }
}

void Translator::add_site(Control& c, std::uint32_t instruction, std::uint32_t offset_at,
                          std::uint32_t gas_at) {
  if (c.kind == Block::kLoop) {
    set32(offset_at, c.target - instruction);
    if (gas_at != kNone) gas_sites_.push_back(GasSite{gas_at, c.leader});
    return;
  }
  sites_.push_back(Site{instruction, offset_at, gas_at, c.sites});
  c.sites = static_cast<std::uint32_t>(sites_.size() - 1);
}

// Whether the values of a branch to the label must be brought into place first.
bool Translator::needs_moves(const Control& c) const {
  const std::size_t n = label_types(c).size();
  if (n == 0) return false;
  if (stack_.size() - n != c.height) return true;
  for (std::size_t i = stack_.size() - n; i < stack_.size(); ++i) {
    if (stack_[i].kind != Kind::kHome || stack_[i].wide) return true;
  }
  return false;
}

// Copies the topmost values to the label's homes, lowest first: a home lies never above the value
// that goes there, so nothing is overwritten before it is read. Leaves the stack as it is.
void Translator::move_to(const Control& c) {
  const std::size_t n = label_types(c).size();
  for (std::size_t i = 0; i < n; ++i) {
    const auto depth = static_cast<std::uint32_t>(stack_.size() - n + i);
    const std::uint16_t destination = home(static_cast<std::uint32_t>(c.height + i));
    const Entry& e = stack_[depth];
    if (e.kind == Kind::kConstant) {
      constant_to(destination, e.type, e.constant);
      continue;
    }
    const std::uint16_t source = e.kind == Kind::kLocal ? e.local : home(depth);
    if (source != destination || e.wide) move(destination, source, e.wide);
  }
}

void Translator::jump(Control& c, bool with_gas) {
  if (c.kind == Block::kFunction) return return_values(c.results.size());
  begin(Ir::kBr);
  const std::uint32_t at = last_.at;
  imm32(0);
  imm32(0);
  add_site(c, at, at + 1, with_gas ? at + 3 : kNone);
}

void Translator::return_values(std::size_t n) {
  const auto base = static_cast<std::uint32_t>(stack_.size() - n);
  if (n == 0) return begin(Ir::kReturn0);
  if (n == 1) {
    const Entry& e = stack_.back();
    const auto low = static_cast<std::int32_t>(static_cast<std::uint32_t>(e.constant));
    if (e.kind == Kind::kConstant &&
        static_cast<Slot>(static_cast<std::int64_t>(low)) == e.constant) {
      begin(Ir::kReturnI);
      return imm32(static_cast<std::uint32_t>(low));
    }
    const std::uint16_t source = clean_slot(Operand{e, base});
    begin(Ir::kReturn1);
    return unit(source);
  }
  // All to their homes before any local's slot is overwritten by a result.
  for (std::size_t i = 0; i < n; ++i) {
    const Operand value{stack_[base + i], static_cast<std::uint32_t>(base + i)};
    const std::uint16_t source = clean_slot(value);
    if (source != home(value.depth)) move(home(value.depth), source, false);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto destination = static_cast<std::uint16_t>(i);
    const std::uint16_t source = home(static_cast<std::uint32_t>(base + i));
    if (source != destination) move(destination, source, false);
  }
  begin(Ir::kReturn0);
}

// A conditional branch, fused with the comparison when that was the last operation. The caller
// fills in the offset and both costs.
Translator::Conditional Translator::conditional(const Operand& condition, bool when_true) {
  Comparison comparison;
  if (take_comparison(condition, comparison)) {
    if (!when_true) comparison.which = inverted_comparison(comparison.which);
  } else {
    // Not a comparison: compare the value with zero.
    comparison.immediate = true;
    comparison.which = when_true ? 1 : 0;
    comparison.a = slot(condition);
  }
  branch_on(comparison);
  const Conditional fields{last_.at, here(), here() + 2, here() + 4};
  imm32(0);
  imm32(0);
  imm32(0);
  return fields;
}

void Translator::branch(std::uint32_t depth) {
  Control* c = label(depth);
  if (c == nullptr) return;
  expect_top(label_types(*c));
  if (!reader_.ok()) return;
  if (reachable_) {
    if (c->kind != Block::kFunction) move_to(*c);
    jump(*c, true);
  }
  become_unreachable();
}

void Translator::branch_if(std::uint32_t depth) {
  const Operand condition = pop(ValueType::kI32);
  Control* c = label(depth);
  if (c == nullptr) return;
  const Types types = label_types(*c);
  if (!reachable_) {
    pop(types);
    push(types);
    return;
  }
  expect_top(types);
  if (!reader_.ok()) return;
  if (c->kind == Block::kFunction || needs_moves(*c)) {
    // Around the moves when the branch is not taken; its gas is with the conditional.
    const Conditional around = conditional(condition, false);
    if (c->kind == Block::kFunction) {
      return_values(types.size());
    } else {
      move_to(*c);
      begin(Ir::kBr);
      const std::uint32_t at = last_.at;
      imm32(0);
      imm32(0);
      add_site(*c, at, at + 1, around.fall_at);
    }
    forget_emitted();
    set32(around.offset_at, here() - around.instruction);
    close_run();
    gas_sites_.push_back(GasSite{around.taken_at, new_leader()});
    return;
  }
  const Conditional fields = conditional(condition, true);
  add_site(*c, fields.instruction, fields.offset_at, fields.taken_at);
  close_run();
  gas_sites_.push_back(GasSite{fields.fall_at, new_leader()});
}

void Translator::branch_table() {
  const std::uint32_t n = reader_.count(limits_.br_table, "targets of br_table");
  std::vector<std::uint32_t> depths(std::size_t{n} + 1);
  for (auto& d : depths) d = reader_.u32();
  const Operand index = pop(ValueType::kI32);
  if (!reader_.ok()) return;
  const Control* fallback = label(depths.back());
  if (fallback == nullptr) return;
  const std::size_t arity = label_types(*fallback).size();
  for (const std::uint32_t d : depths) {
    const Control* c = label(d);
    if (c == nullptr) return;
    if (label_types(*c).size() != arity) {
      fail("type mismatch: targets of br_table take different values");
      return;
    }
    expect_top(label_types(*c));
    if (!reader_.ok()) return;
  }
  if (reachable_) {
    const std::uint16_t source = slot(index);
    begin(Ir::kBrTable);
    const std::uint32_t at = last_.at;
    unit(source);
    imm32(static_cast<std::uint32_t>(depths.size()));
    const std::uint32_t entries = here();
    used_ += 4 * depths.size();
    if (used_ > module_.code.size()) module_.code.resize(2 * used_);
    std::fill(module_.code.begin() + entries, module_.code.begin() + here(), CodeUnit{0});
    ++tables_seen_;
    for (std::size_t i = 0; i < depths.size(); ++i) {
      Control& c = *label(depths[i]);
      const auto entry = static_cast<std::uint32_t>(entries + 4 * i);
      if (c.kind != Block::kFunction && !needs_moves(c)) {
        add_site(c, at, entry, entry + 2);
        continue;
      }
      // One stub for each label of this table; it moves the values and goes on.
      if (c.table_mark != tables_seen_) {
        c.table_mark = tables_seen_;
        c.table_stub = here();
        if (c.kind != Block::kFunction) move_to(c);
        jump(c, false);
      }
      set32(entry, c.table_stub - at);
      if (c.kind == Block::kLoop) {
        gas_sites_.push_back(GasSite{entry + 2, c.leader});
      } else if (c.kind != Block::kFunction) {
        // The gas is the label's, the offset is the stub's: a site of its own for the gas alone.
        sites_.push_back(Site{kNone, kNone, entry + 2, c.sites});
        c.sites = static_cast<std::uint32_t>(sites_.size() - 1);
      }
    }
    forget_emitted();
  }
  become_unreachable();
}

}  // namespace usance::vm
