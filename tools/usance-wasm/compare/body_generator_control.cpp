// Blocks and branches in generated bodies.
#include <array>

#include "tools/usance-wasm/compare/body_generator.h"

namespace usance::tools {

namespace {
constexpr std::size_t kMostNesting = 10;
}  // namespace

void BodyGenerator::open() {
  if (controls_.size() > kMostNesting) return numeric();
  Control c;
  const std::uint32_t kind = choices_.below(3);
  c.is_loop = kind == 1;
  c.is_if = kind == 2;
  // The plan's types that have numbers only; all of them do.
  const bool has_type = choices_.chance(60);
  const std::uint32_t type = choices_.below(plan_.types.size());
  const bool one = has_type && choices_.chance(40);
  if (one) {
    c.results = {number()};
  } else if (has_type) {
    c.params = plan_.types[type].params;
    c.results = plan_.types[type].results;
  }
  Types operands = c.params;
  if (c.is_if) operands.push_back(Type::kI32);
  take(operands);
  // Dead code may have put nothing on the stack; what is below the block's height is the same.
  c.height = stack_.size();
  push(c.params);
  out_.op({c.is_loop ? 0x03 : c.is_if ? 0x04 : 0x02});
  if (one) {
    out_.op({static_cast<int>(c.results[0])});
  } else if (has_type) {
    out_.signed_number(type);
  } else {
    out_.op({kEmpty});
  }
  controls_.push_back(c);
  if (c.is_loop) loop_head();
}

// A loop takes one of the steps that are left, and the function gives zeros when there is none.
void BodyGenerator::loop_head() {
  out_.index(0x23, ModulePlan::kSteps).op({0x45, 0x04, kEmpty});
  for (const Type type : type_.results) type == Type::kI32 ? out_.i32(0) : out_.i64(0);
  out_.op({0x0f, 0x0b});
  out_.index(0x23, ModulePlan::kSteps).i32(1).op({0x6b}).index(0x24, ModulePlan::kSteps);
}

void BodyGenerator::close() {
  Control c = controls_.back();
  const auto finish = [&] {
    if (above() == c.results.size() && on_top(c.results)) return;
    if (controls_.back().dead && above() == 0 && choices_.chance(60)) return;
    if (choices_.chance(40)) {
      // Carries the results over whatever lies below them. A loop's own label goes back: leave it.
      take(c.results);
      if (!c.is_loop) {
        out_.index(0x0c, 0);
        return become_dead();
      }
      push(c.results);
    }
    while (above() > 0 && !(above() == c.results.size() && on_top(c.results))) {
      out_.op({0x1a});
      pop(1);
    }
    if (above() == 0) {
      for (const Type type : c.results) produce(type);
    }
  };
  finish();
  if (c.is_if && (c.params != c.results || choices_.chance(60))) {
    out_.op({0x05});
    stack_.resize(c.height);
    push(c.params);
    controls_.back().dead = false;
    controls_.back().is_if = false;
    for (std::uint32_t i = choices_.below(4); i > 0; --i) {
      choices_.chance(50) ? numeric() : local();
    }
    finish();
  }
  out_.op({0x0b});
  stack_.resize(c.height);
  push(c.results);
  controls_.pop_back();
}

void BodyGenerator::branch() {
  const std::uint32_t kind = choices_.below(20);
  if (kind == 0) {
    out_.op({0x00});
    return become_dead();
  }
  if (kind < 3) {
    take(type_.results);
    out_.op({0x0f});
    return become_dead();
  }
  const std::size_t target = choices_.below(controls_.size());
  Types operands = controls_[target].label();
  if (kind < 7) {
    take(operands);
    out_.index(0x0c, depth_of(target));
    return become_dead();
  }
  operands.push_back(Type::kI32);
  take(operands);
  out_.index(0x0d, depth_of(target));
  operands.pop_back();
  push(operands);
}

void BodyGenerator::branch_table() {
  const std::size_t target = choices_.below(controls_.size());
  std::vector<std::uint32_t> same;
  for (std::size_t i = 0; i < controls_.size(); ++i) {
    if (controls_[i].label() == controls_[target].label()) same.push_back(depth_of(i));
  }
  Types operands = controls_[target].label();
  operands.push_back(Type::kI32);
  take(operands);
  if (choices_.chance(70)) out_.i32(7).op({0x71});
  const std::uint32_t n = choices_.below(9);
  out_.op({0x0e}).unsigned_number(n);
  for (std::uint32_t i = 0; i <= n; ++i) out_.unsigned_number(choices_.of(same));
  become_dead();
}

// Comparisons, masks and counters that a translator makes a part of the branch.
void BodyGenerator::fused_branch() {
  const Type type = number();
  const bool wide = type == Type::kI64;
  const int compare = (wide ? 0x51 : 0x46) + static_cast<int>(choices_.below(10));
  const std::uint32_t local = some_local(type);
  switch (choices_.below(4)) {
    case 0: {  // i = i + c, compared
      if (local < locals_.size()) {
        out_.get(local);
        constant(type);
        out_.op({wide ? 0x7c : 0x6a}).tee(local);
        if (choices_.chance(60)) {
          constant(type);
          out_.op({compare});
          break;
        }
        push(type);
      }
      take({type, type});
      out_.op({compare});
      break;
    }
    case 1:
      take({type, type});
      out_.op({compare});
      if (choices_.chance(30)) out_.op({0x45});
      break;
    case 2:
      take({type});
      constant(type);
      out_.op({wide ? 0x83 : 0x71});
      out_.op({wide ? 0x50 : 0x45});
      if (choices_.chance(50)) out_.op({0x45});
      break;
    default:
      take({type});
      constant(type);
      out_.op({compare});
      break;
  }
  push(Type::kI32);
  // To a label that takes nothing, or as the choice of a select.
  for (std::size_t i = controls_.size(); i-- > 0;) {
    if (!controls_[i].label().empty() || choices_.chance(30)) continue;
    out_.index(0x0d, depth_of(i));
    return pop(1);
  }
}

}  // namespace usance::tools
