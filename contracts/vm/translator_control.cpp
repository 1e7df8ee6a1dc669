// Structured control: blocks, branches, calls, and the straight runs that gas is charged by.
#include <algorithm>
#include <array>

#include "contracts/vm/gas.h"
#include "contracts/vm/translator.h"

namespace usance::vm {

bool Translator::block_type(Types& params, Types& results) {
  static constexpr std::array<ValueType, 6> kSingle = {ValueType::kI32,     ValueType::kI64,
                                                       ValueType::kF32,     ValueType::kF64,
                                                       ValueType::kFuncRef, ValueType::kExternRef};
  const std::uint8_t first = reader_.peek();
  params = results = {};
  if (first == 0x40) {
    reader_.u8();
    return true;
  }
  for (const ValueType& t : kSingle) {
    if (first != static_cast<std::uint8_t>(t)) continue;
    reader_.u8();
    if (is_float(t) && module_.profile == Profile::kContract) {
      return fail("a block with a result of type " + std::string(to_string(t)) +
                  ": contracts compute with integers only");
    }
    results = Types(&t, 1);
    return true;
  }
  const std::int64_t index = reader_.s33();
  if (!reader_.ok()) return false;
  if (index < 0 || static_cast<std::uint64_t>(index) >= module_.types.size()) {
    return fail("unknown block type");
  }
  const FunctionType& type = module_.types[static_cast<std::size_t>(index)];
  params = type.params;
  results = type.results;
  return true;
}

Translator::Control* Translator::label(std::uint32_t depth) {
  if (!reader_.ok()) return nullptr;
  if (depth >= controls_.size()) {
    fail("unknown label");
    return nullptr;
  }
  return &controls_[controls_.size() - 1 - depth];
}

std::uint32_t Translator::new_leader() {
  leaders_.push_back(Leader{cost_, 0});
  return static_cast<std::uint32_t>(leaders_.size() - 1);
}

// A transfer of control ends every run that is open.
void Translator::close_run() {
  for (; open_leaders_ < leaders_.size(); ++open_leaders_) {
    leaders_[open_leaders_].cost =
        static_cast<std::uint32_t>(cost_ - leaders_[open_leaders_].start);
  }
}

void Translator::become_unreachable() {
  truncate(controls_.back().height);
  controls_.back().polymorphic = true;
  if (reachable_) close_run();
  reachable_ = false;
}

void Translator::open_block(Block kind) {
  Control c;
  c.kind = kind;
  if (!block_type(c.params, c.results)) return;
  if (controls_.size() >= limits_.nesting) {
    fail("blocks are nested too deeply");
    return;
  }
  Operand condition;
  if (kind == Block::kIf) condition = pop(ValueType::kI32);
  expect_top(c.params);
  if (!reader_.ok()) return;
  c.entry_reachable = reachable_;
  if (reachable_) {
    // Where several paths meet, or one value is needed twice, parameters are at home.
    if (kind != Block::kBlock) settle_top(c.params.size());
    settle_locals();
  } else {
    pop(c.params);
    push(c.params);
  }
  c.height = static_cast<std::uint32_t>(stack_.size() - c.params.size());
  if (kind == Block::kLoop) {
    forget_emitted();
    c.target = here();
    ++open_loops_;
    c.leader = new_leader();
  } else if (kind == Block::kIf && reachable_) {
    const Conditional fields = conditional(condition, false);
    sites_.push_back(Site{fields.instruction, fields.offset_at, fields.taken_at, kNone});
    c.else_site = static_cast<std::uint32_t>(sites_.size() - 1);
    close_run();
    gas_sites_.push_back(GasSite{fields.fall_at, new_leader()});
  }
  controls_.push_back(c);
}

void Translator::else_block() {
  Control& c = controls_.back();
  if (c.kind != Block::kIf) {
    fail("else without if");
    return;
  }
  expect_top(c.results);
  if (!reader_.ok()) return;
  if (reachable_) {
    if (stack_.size() != c.height + c.results.size()) {
      fail("type mismatch: values remain on the operand stack");
      return;
    }
    move_to(c);
    jump(c, true);
    close_run();
  } else {
    pop(c.results);
    if (stack_.size() != c.height) fail("type mismatch: values remain on the operand stack");
  }
  truncate(c.height);
  c.kind = Block::kElse;
  c.polymorphic = false;
  reachable_ = c.entry_reachable;
  if (reachable_) bind(c.else_site);
  push(c.params);
}

void Translator::end_block() {
  Control& c = controls_.back();
  expect_top(c.results);
  if (!reader_.ok()) return;
  if (reachable_) {
    if (stack_.size() != c.height + c.results.size()) {
      fail("type mismatch: values remain on the operand stack");
      return;
    }
  } else {
    pop(c.results);
    if (stack_.size() != c.height) {
      fail("type mismatch: values remain on the operand stack");
      return;
    }
  }
  if (c.kind == Block::kFunction) {
    if (reachable_) return_values(c.results.size());
    close_run();
    controls_.pop_back();
    return;
  }
  if (c.kind == Block::kIf) {
    // Without an else the parameters pass through.
    if (!std::equal(c.params.begin(), c.params.end(), c.results.begin(), c.results.end())) {
      fail("type mismatch: an if without else must leave what it takes");
      return;
    }
    if (c.else_site != kNone) {
      sites_[c.else_site].next = c.sites;
      c.sites = c.else_site;
    }
  }
  if (c.kind == Block::kLoop) --open_loops_;
  const bool joined = c.kind != Block::kLoop && c.sites != kNone;
  if (reachable_) settle_top(c.results.size());
  truncate(c.height);
  reachable_ = reachable_ || joined;
  const Types results = c.results;
  if (joined) bind(c.sites);
  controls_.pop_back();
  push(results);
}

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
    const std::uint16_t source =
        e.kind == Kind::kLocal ? static_cast<std::uint16_t>(e.local) : home(depth);
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

void Translator::call(std::uint32_t function) {
  if (!reader_.ok()) return;
  if (function >= module_.functions.size()) {
    fail("unknown function " + std::to_string(function));
    return;
  }
  const FunctionType& type = module_.function_type(function);
  if (!reachable_) {
    pop(type.params);
    push(type.results);
    return;
  }
  expect_top(type.params);
  if (!reader_.ok()) return;
  settle_top(type.params.size());
  pop(type.params);
  const std::uint16_t base = next_home();
  if (function < module_.imported_functions) {
    begin(Ir::kCallImport);
    unit(base);
    unit(static_cast<std::uint16_t>(function));
  } else {
    begin(Ir::kCall);
    calls_.push_back(CallSite{last_.at, function - module_.imported_functions});
    unit(base);
    for (int i = 0; i < 7; ++i) unit(0);
  }
  push(type.results);
}

void Translator::link_calls() {
  for (const CallSite& site : calls_) {
    const FunctionBody& body = module_.bodies[site.body];
    set32(site.instruction + 2, body.code - site.instruction);
    code()[site.instruction + 4] = body.frame_slots;
    code()[site.instruction + 5] = body.params;
    code()[site.instruction + 6] = body.zeroed;
    set32(site.instruction + 7, body.entry_gas);
  }
  calls_.clear();
  module_.code.resize(used_);
}

void Translator::call_indirect() {
  const std::uint32_t type_index = reader_.u32();
  const std::uint32_t table_index = reader_.u32();
  const TableType* called = table(table_index);
  if (called == nullptr) return;
  if (called->element != ValueType::kFuncRef) {
    fail("type mismatch: call_indirect through a table of externref");
    return;
  }
  if (type_index >= module_.types.size()) {
    fail("unknown type " + std::to_string(type_index));
    return;
  }
  const FunctionType& type = module_.types[type_index];
  const Operand index = pop(ValueType::kI32);
  if (!reachable_) {
    pop(type.params);
    push(type.results);
    return;
  }
  expect_top(type.params);
  if (!reader_.ok()) return;
  settle_top(type.params.size());
  const std::uint16_t source = slot(index);
  pop(type.params);
  const std::uint16_t base = next_home();
  begin(Ir::kCallIndirect);
  unit(base);
  unit(source);
  unit(static_cast<std::uint16_t>(table_index));
  imm32(type_index);
  push(type.results);
}

void Translator::select(bool typed) {
  ValueType type = ValueType::kUnknown;
  if (typed) {
    if (reader_.u32() != 1) {
      fail("select with other than one result type");
      return;
    }
    type = static_cast<ValueType>(reader_.u8());
    const bool known =
        type == ValueType::kI32 || type == ValueType::kI64 || is_float(type) || is_reference(type);
    if (!known) {
      fail("malformed value type");
      return;
    }
  }
  const Operand condition = pop(ValueType::kI32);
  const Operand b = pop(type);
  const Operand a = pop(type);
  if (!typed) {
    type = a.entry.type == ValueType::kUnknown ? b.entry.type : a.entry.type;
    if (b.entry.type != type && b.entry.type != ValueType::kUnknown) {
      fail("type mismatch: select between " + std::string(to_string(type)) + " and " +
           std::string(to_string(b.entry.type)));
    } else if (is_reference(type)) {
      fail("type mismatch: select of references needs its type");
    }
  }
  if (!reader_.ok()) return;
  if (reachable_) {
    Comparison comparison;
    const bool fused = take_comparison(condition, comparison);
    const std::uint16_t c = fused ? 0 : slot(condition);
    const std::uint16_t y = slot(b);
    const std::uint16_t x = slot(a);
    if (fused) {
      const Ir rr = comparison.wide ? Ir::kSelectI64EqRR : Ir::kSelectI32EqRR;
      const Ir ri = comparison.wide ? Ir::kSelectI64EqRI : Ir::kSelectI32EqRI;
      begin(offset(comparison.immediate ? ri : rr, comparison.which), next_home());
      unit(x);
      unit(y);
      unit(comparison.a);
      comparison.immediate ? imm32(comparison.b) : unit(static_cast<CodeUnit>(comparison.b));
    } else {
      begin(Ir::kSelect, next_home());
      unit(c);
      unit(x);
      unit(y);
    }
  }
  Entry result{.type = type};
  result.wide = a.entry.wide || b.entry.wide;
  push(result);
}

}  // namespace usance::vm
