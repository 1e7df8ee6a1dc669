// Structured control: blocks, and the straight runs that gas is charged by.
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
  if (first == kVectorType) return fail(std::string(kSimdRefused));
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

}  // namespace usance::vm
