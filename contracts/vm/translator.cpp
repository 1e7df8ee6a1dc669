#include "contracts/vm/translator.h"

#include <algorithm>

#include "contracts/vm/gas.h"
#include "contracts/vm/opcode_names.h"

namespace usance::vm {

Translator::Translator(ModuleData& module, const std::vector<bool>& referable,
                       std::int64_t data_count)
    : module_(module),
      limits_(limits_of(module.profile)),
      referable_(referable),
      data_count_(data_count),
      function_(module.imported_functions),
      used_(module.code.size()) {}

bool Translator::fail(std::string text) {
  reader_.fail(std::move(text));
  return false;
}

std::string Translator::message() const {
  return "function " + std::to_string(function_) + " at offset " +
         std::to_string(reader_.failed_at()) + ": " + reader_.message();
}

bool Translator::translate(ByteView body, std::size_t offset) {
  reader_ = Reader(body, offset);
  if (body.size() > limits_.body_bytes) {
    return fail("the function is larger than " + std::to_string(limits_.body_bytes) + " bytes");
  }
  const FunctionType& type = module_.function_type(function_);
  if (!read_locals(type)) return false;
  local_top_.assign(locals_.size(), -1);
  local_written_.assign(locals_.size(), false);
  std::fill_n(local_written_.begin(), type.params.size(), true);
  open_loops_ = 0;
  stack_.clear();
  controls_.clear();
  leaders_.clear();
  sites_.clear();
  gas_sites_.clear();
  deepest_ = settled_ = open_leaders_ = 0;
  cost_ = 0;
  tables_seen_ = 0;
  reachable_ = true;
  forget_emitted();

  FunctionBody made;
  made.code = here();
  made.params = static_cast<std::uint16_t>(type.params.size());
  made.zeroed = static_cast<std::uint16_t>(locals_.size() - type.params.size());
  Control whole;
  whole.kind = Block::kFunction;
  whole.results = type.results;
  whole.entry_reachable = true;
  controls_.push_back(whole);
  new_leader();
  while (!controls_.empty() && reader_.ok()) {
    if (reader_.at_end()) return fail("unexpected end of the function");
    if (module_.keeps_places) keep_place();
    instruction();
  }
  if (!reader_.ok()) return false;
  if (!reader_.at_end()) return fail("bytes after the end of the function");
  if (here() > limits_.code_units) return fail("the module translates to too much code");

  for (const GasSite& site : gas_sites_) set32(site.at, leaders_[site.leader].cost);
  made.entry_gas = leaders_[0].cost + made.zeroed / gas::kLocalsPerGas;
  made.frame_slots = static_cast<std::uint16_t>(locals_.size() + deepest_);
  module_.bodies.push_back(made);
  ++function_;
  return true;
}

void Translator::keep_place() {
  std::vector<Place>& places = module_.places;
  // What was fused into its successor has no operation of its own.
  while (!places.empty() && places.back().code > here()) places.pop_back();
  places.push_back({here(), static_cast<std::uint32_t>(reader_.offset())});
}

bool Translator::read_locals(const FunctionType& type) {
  locals_ = type.params;
  const std::uint32_t runs = reader_.count(reader_.remaining(), "local declarations");
  for (std::uint32_t i = 0; i < runs && reader_.ok(); ++i) {
    const std::uint32_t n = reader_.u32();
    const ValueType local_type = reader_.value_type();
    if (!reader_.ok()) return false;
    if (n > limits_.locals - std::min(limits_.locals, locals_.size())) {
      return fail("too many locals: the limit is " + std::to_string(limits_.locals));
    }
    if (is_float(local_type) && module_.profile == Profile::kContract) {
      return fail("a local of type " + std::string(to_string(local_type)) +
                  ": contracts compute with integers only");
    }
    locals_.insert(locals_.end(), n, local_type);
  }
  return reader_.ok();
}

bool Translator::unknown_local(std::uint32_t local) {
  return fail("unknown local " + std::to_string(local));
}

void Translator::refuse_float(std::uint8_t opcode) {
  reader_.fail_at(std::string(opcode_name(opcode)) +
                      " is a floating-point operation; contracts compute with integers only "
                      "(std::unordered_map emits float operations: use an ordered map)",
                  reader_.offset() - 1);
}

void Translator::instruction() {
  const std::uint8_t op = reader_.u8();
  if (kIsFloatOpcode[op] && module_.profile == Profile::kContract) return refuse_float(op);
  if (reachable_) cost_ += gas::kOpcode[op];
  if (op >= 0x45 && op <= 0xc4) return numeric(op);
  if (op >= 0x28 && op <= 0x35) return load(op);
  if (op >= 0x36 && op <= 0x3e) return store(op);
  switch (op) {
    case 0x00:
      if (reachable_) begin(Ir::kUnreachable);
      return become_unreachable();
    case 0x01: return;
    case 0x02: return open_block(Block::kBlock);
    case 0x03: return open_block(Block::kLoop);
    case 0x04: return open_block(Block::kIf);
    case 0x05: return else_block();
    case 0x0b: return end_block();
    case 0x0c: return branch(reader_.u32());
    case 0x0d: return branch_if(reader_.u32());
    case 0x0e: return branch_table();
    case 0x0f: return branch(static_cast<std::uint32_t>(controls_.size() - 1));
    case 0x10: return call(reader_.u32());
    case 0x11: return call_indirect();
    case 0x1a: pop_any(); return;
    case 0x1b: return select(false);
    case 0x1c: return select(true);
    case 0x20: return local_get(reader_.u32());
    case 0x21: return local_set(reader_.u32(), false);
    case 0x22: return local_set(reader_.u32(), true);
    case 0x23: return global_get();
    case 0x24: return global_set();
    case 0x25: return table_access(false);
    case 0x26: return table_access(true);
    case 0x3f:
    case 0x40: {
      if (reader_.u8() != 0) fail("zero byte expected");
      if (!need_memory()) return;
      if (op == 0x3f) {
        if (reachable_) begin(Ir::kMemorySize, next_home());
        return push(ValueType::kI32);
      }
      return unary(ValueType::kI32, ValueType::kI32, Ir::kMemoryGrow);
    }
    case 0x41: return push_constant(ValueType::kI32, static_cast<std::uint32_t>(reader_.s32()));
    case 0x42: return push_constant(ValueType::kI64, static_cast<Slot>(reader_.s64()));
    case 0x43: return push_constant(ValueType::kF32, reader_.fixed32());
    case 0x44: return push_constant(ValueType::kF64, reader_.fixed64());
    case 0xd0: {
      const auto type = static_cast<ValueType>(reader_.u8());
      if (!is_reference(type)) {
        fail("malformed reference type");
        return;
      }
      return push_constant(type, 0);
    }
    case 0xd1: {
      const Operand value = pop_any();
      if (!reader_.ok()) return;
      if (!is_reference(value.entry.type) && value.entry.type != ValueType::kUnknown) {
        fail("type mismatch: ref.is_null of a number");
        return;
      }
      if (reachable_) {
        const std::uint16_t source = slot(value);
        begin(Ir::kI64EqRI, next_home());
        unit(source);
        imm32(0);
      }
      return push(ValueType::kI32);
    }
    case 0xd2: {
      const std::uint32_t index = reader_.u32();
      if (!reader_.ok()) return;
      if (index >= module_.functions.size()) {
        fail("unknown function " + std::to_string(index));
      } else if (!referable_[index]) {
        fail("undeclared function reference");
      }
      if (reader_.ok() && reachable_) {
        begin(Ir::kRefFunc, next_home());
        imm32(index);
      }
      return push(ValueType::kFuncRef);
    }
    case 0xfc: return prefixed_instruction();
    case 0xfd: fail(std::string(kSimdRefused)); return;
    case 0xfe: fail("atomic instructions are not supported"); return;
    default: reader_.fail_at("illegal opcode", reader_.offset() - 1); return;
  }
}

void Translator::prefixed_instruction() {
  const std::size_t at = reader_.offset() - 1;
  const std::uint32_t op = reader_.u32();
  if (!reader_.ok()) return;
  if (op < 8 && module_.profile == Profile::kContract) {
    reader_.fail_at(
        "a saturating truncation is a floating-point operation; contracts compute with "
        "integers only",
        at);
    return;
  }
  if (reachable_) cost_ += gas::prefixed(op);
  if (op < 8) return saturating(op);
  memory_or_table(op);
}

}  // namespace usance::vm
