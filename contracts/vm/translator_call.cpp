// Calls, direct and through a table, and the choice between two values.
#include <algorithm>

#include "contracts/vm/gas.h"
#include "contracts/vm/translator.h"

namespace usance::vm {

// The arguments of a call to where the callee expects them. False when nothing is to be emitted:
// the code cannot be reached, or it is invalid.
bool Translator::settle_arguments(const FunctionType& type) {
  if (!reachable_) {
    pop(type.params);
    push(type.results);
    return false;
  }
  expect_top(type.params);
  if (!reader_.ok()) return false;
  settle_top(type.params.size());
  return true;
}

void Translator::call(std::uint32_t function) {
  if (!reader_.ok()) return;
  if (function >= module_.functions.size()) {
    fail("unknown function " + std::to_string(function));
    return;
  }
  const FunctionType& type = module_.function_type(function);
  if (!settle_arguments(type)) return;
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
  if (!settle_arguments(type)) return;
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
    type = reader_.value_type();
    if (!reader_.ok()) return;
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
