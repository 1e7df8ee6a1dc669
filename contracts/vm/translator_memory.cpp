// Instructions on memories, tables and globals.
#include <array>

#include "contracts/vm/translator.h"

namespace usance::vm {

namespace {

struct Access {
  ValueType type;
  unsigned alignment;  // log2 of the bytes accessed
  Ir base;
  Ir indexed;
  Ir displaced;
  Ir constant = Ir::kCount;
  Ir displaced_constant = Ir::kCount;
};

// By opcode from 0x28. A load that extends without sign is the same for both widths.
constexpr std::array<Access, 14> kLoads = {{
    {ValueType::kI32, 2, Ir::kLoad32U, Ir::kLoad32UX, Ir::kLoad32UA},
    {ValueType::kI64, 3, Ir::kLoad64, Ir::kLoad64X, Ir::kLoad64A},
    {ValueType::kF32, 2, Ir::kLoad32U, Ir::kLoad32UX, Ir::kLoad32UA},
    {ValueType::kF64, 3, Ir::kLoad64, Ir::kLoad64X, Ir::kLoad64A},
    {ValueType::kI32, 0, Ir::kI32Load8S, Ir::kI32Load8SX, Ir::kI32Load8SA},
    {ValueType::kI32, 0, Ir::kLoad8U, Ir::kLoad8UX, Ir::kLoad8UA},
    {ValueType::kI32, 1, Ir::kI32Load16S, Ir::kI32Load16SX, Ir::kI32Load16SA},
    {ValueType::kI32, 1, Ir::kLoad16U, Ir::kLoad16UX, Ir::kLoad16UA},
    {ValueType::kI64, 0, Ir::kI64Load8S, Ir::kI64Load8SX, Ir::kI64Load8SA},
    {ValueType::kI64, 0, Ir::kLoad8U, Ir::kLoad8UX, Ir::kLoad8UA},
    {ValueType::kI64, 1, Ir::kI64Load16S, Ir::kI64Load16SX, Ir::kI64Load16SA},
    {ValueType::kI64, 1, Ir::kLoad16U, Ir::kLoad16UX, Ir::kLoad16UA},
    {ValueType::kI64, 2, Ir::kI64Load32S, Ir::kI64Load32SX, Ir::kI64Load32SA},
    {ValueType::kI64, 2, Ir::kLoad32U, Ir::kLoad32UX, Ir::kLoad32UA},
}};
// By opcode from 0x36.
constexpr std::array<Access, 9> kStores = {{
    {ValueType::kI32, 2, Ir::kStore32, Ir::kStore32X, Ir::kStore32A, Ir::kStore32I, Ir::kStore32AI},
    {ValueType::kI64, 3, Ir::kStore64, Ir::kStore64X, Ir::kStore64A, Ir::kStore64I, Ir::kStore64AI},
    {ValueType::kF32, 2, Ir::kStore32, Ir::kStore32X, Ir::kStore32A, Ir::kStore32I, Ir::kStore32AI},
    {ValueType::kF64, 3, Ir::kStore64, Ir::kStore64X, Ir::kStore64A, Ir::kStore64I, Ir::kStore64AI},
    {ValueType::kI32, 0, Ir::kStore8, Ir::kStore8X, Ir::kStore8A, Ir::kStore8I, Ir::kStore8AI},
    {ValueType::kI32, 1, Ir::kStore16, Ir::kStore16X, Ir::kStore16A, Ir::kStore16I, Ir::kStore16AI},
    {ValueType::kI64, 0, Ir::kStore8, Ir::kStore8X, Ir::kStore8A, Ir::kStore8I, Ir::kStore8AI},
    {ValueType::kI64, 1, Ir::kStore16, Ir::kStore16X, Ir::kStore16A, Ir::kStore16I, Ir::kStore16AI},
    {ValueType::kI64, 2, Ir::kStore32, Ir::kStore32X, Ir::kStore32A, Ir::kStore32I, Ir::kStore32AI},
}};

}  // namespace

bool Translator::need_memory() {
  return module_.has_memory || fail("the module has no memory");
}

bool Translator::memory_argument(unsigned natural_alignment, std::uint32_t& offset) {
  const std::uint32_t alignment = reader_.u32();
  offset = reader_.u32();
  if (!reader_.ok() || !need_memory()) return false;
  return alignment <= natural_alignment || fail("alignment must not be larger than natural");
}

void Translator::load(std::uint8_t opcode) {
  const Access& access = kLoads[opcode - 0x28u];
  std::uint32_t at = 0;
  if (!memory_argument(access.alignment, at)) return;
  const Operand address = pop(ValueType::kI32);
  if (!reader_.ok()) return;
  if (reachable_) {
    if (made_by_last(address) && last_op() == Ir::kI32AddRR) {
      const CodeUnit base = code()[last_.at + 2];
      const CodeUnit index = code()[last_.at + 3];
      remove_last();
      begin(access.indexed, next_home());
      unit(base);
      unit(index);
    } else if (made_by_last(address) && last_op() == Ir::kI32AddRI) {
      const CodeUnit base = code()[last_.at + 2];
      const std::uint32_t displacement = get32(last_.at + 3);
      remove_last();
      begin(access.displaced, next_home());
      unit(base);
      imm32(displacement);
    } else {
      const std::uint16_t base = slot(address);
      begin(access.base, next_home());
      unit(base);
    }
    imm32(at);
  }
  push(access.type);
}

void Translator::store(std::uint8_t opcode) {
  const Access& access = kStores[opcode - 0x36u];
  std::uint32_t at = 0;
  if (!memory_argument(access.alignment, at)) return;
  const Operand value = pop(access.type);
  const Operand address = pop(ValueType::kI32);
  if (!reader_.ok() || !reachable_) return;
  const auto low = static_cast<std::int32_t>(static_cast<std::uint32_t>(value.entry.constant));
  const bool small = access.constant != Ir::kStore64I ||
                     static_cast<Slot>(static_cast<std::int64_t>(low)) == value.entry.constant;
  const bool constant = value.entry.kind == Kind::kConstant && small;
  const bool displaced = made_by_last(address) && last_op() == Ir::kI32AddRI;
  const bool indexed = made_by_last(address) && last_op() == Ir::kI32AddRR;
  if (displaced && (constant || value.entry.kind == Kind::kLocal)) {
    const CodeUnit base = code()[last_.at + 2];
    const std::uint32_t displacement = get32(last_.at + 3);
    remove_last();
    begin(constant ? access.displaced_constant : access.displaced);
    unit(base);
    if (!constant) unit(value.entry.local);
    imm32(displacement);
    imm32(at);
    if (constant) imm32(static_cast<std::uint32_t>(low));
    return;
  }
  if (constant) {
    const std::uint16_t base = slot(address);
    begin(access.constant);
    unit(base);
    imm32(at);
    return imm32(static_cast<std::uint32_t>(low));
  }
  if (indexed && value.entry.kind == Kind::kLocal) {
    const CodeUnit base = code()[last_.at + 2];
    const CodeUnit index = code()[last_.at + 3];
    remove_last();
    begin(access.indexed);
    unit(base);
    unit(index);
    unit(value.entry.local);
    return imm32(at);
  }
  const std::uint16_t base = slot(address);
  const std::uint16_t source = slot(value);
  begin(access.base);
  unit(base);
  unit(source);
  imm32(at);
}

void Translator::global_get() {
  const std::uint32_t index = reader_.u32();
  if (!reader_.ok()) return;
  if (index >= module_.globals.size()) {
    fail("unknown global " + std::to_string(index));
    return;
  }
  if (reachable_) {
    const bool imported = index < module_.imported_globals;
    begin(imported ? Ir::kImportedGlobalGet : Ir::kGlobalGet, next_home());
    unit(static_cast<std::uint16_t>(imported ? index : index - module_.imported_globals));
  }
  push(module_.globals[index].type);
}

void Translator::global_set() {
  const std::uint32_t index = reader_.u32();
  if (!reader_.ok()) return;
  if (index >= module_.globals.size()) {
    fail("unknown global " + std::to_string(index));
    return;
  }
  if (!module_.globals[index].is_mutable) {
    fail("global " + std::to_string(index) + " is immutable");
    return;
  }
  const Operand value = pop(module_.globals[index].type);
  if (!reader_.ok() || !reachable_) return;
  const bool imported = index < module_.imported_globals;
  if (!imported && module_.globals[index].type == ValueType::kI32 &&
      fuse_global_sum(value, static_cast<std::uint16_t>(index - module_.imported_globals))) {
    return;
  }
  const std::uint16_t source = clean_slot(value);
  begin(imported ? Ir::kImportedGlobalSet : Ir::kGlobalSet);
  unit(source);
  unit(static_cast<std::uint16_t>(imported ? index : index - module_.imported_globals));
}

const TableType* Translator::table(std::uint32_t index) {
  if (!reader_.ok()) return nullptr;
  if (index < module_.tables.size()) return &module_.tables[index];
  fail("unknown table " + std::to_string(index));
  return nullptr;
}

void Translator::table_access(bool is_set) {
  const std::uint32_t index = reader_.u32();
  const TableType* accessed = table(index);
  if (accessed == nullptr) return;
  if (is_set) {
    const Operand value = pop(accessed->element);
    const Operand at = pop(ValueType::kI32);
    if (!reader_.ok() || !reachable_) return;
    const std::uint16_t source = slot(value);
    const std::uint16_t position = slot(at);
    begin(Ir::kTableSet);
    unit(position);
    unit(source);
    return unit(static_cast<std::uint16_t>(index));
  }
  const Operand at = pop(ValueType::kI32);
  if (!reader_.ok()) return;
  if (reachable_) {
    const std::uint16_t position = slot(at);
    begin(Ir::kTableGet, next_home());
    unit(position);
    unit(static_cast<std::uint16_t>(index));
  }
  push(accessed->element);
}

// op a b c x y: three values from the stack, two indices.
void Translator::three_operands(Ir op, ValueType a, ValueType b, ValueType c, std::uint16_t x,
                                std::uint16_t y) {
  const Operand third = pop(c);
  const Operand second = pop(b);
  const Operand first = pop(a);
  if (!reader_.ok() || !reachable_) return;
  const std::uint16_t r = slot(third);
  const std::uint16_t q = slot(second);
  const std::uint16_t p = slot(first);
  begin(op);
  unit(p);
  unit(q);
  unit(r);
  unit(x);
  unit(y);
}

// Bulk instructions behind the prefix 0xfc, from 8 on.
void Translator::memory_or_table(std::uint32_t opcode) {
  using enum ValueType;
  const auto data_segment = [this](std::uint32_t segment) {
    if (!reader_.ok()) return false;
    if (data_count_ < 0) return fail("data count section required");
    return segment < data_count_ || fail("unknown data segment " + std::to_string(segment));
  };
  const auto element_segment = [this](std::uint32_t segment) {
    if (!reader_.ok()) return false;
    return segment < module_.elements.size() ||
           fail("unknown element segment " + std::to_string(segment));
  };
  switch (opcode) {
    case 8: {  // memory.init
      const std::uint32_t segment = reader_.u32();
      if (reader_.u8() != 0) fail("zero byte expected");
      if (!data_segment(segment) || !need_memory()) return;
      return three_operands(Ir::kMemoryInit, kI32, kI32, kI32, static_cast<std::uint16_t>(segment),
                            0);
    }
    case 9: {  // data.drop
      const std::uint32_t segment = reader_.u32();
      if (!data_segment(segment) || !reachable_) return;
      begin(Ir::kDataDrop);
      return unit(static_cast<std::uint16_t>(segment));
    }
    case 10:  // memory.copy
      if (reader_.u8() != 0 || reader_.u8() != 0) fail("zero byte expected");
      if (!need_memory()) return;
      return three_operands(Ir::kMemoryCopy, kI32, kI32, kI32, 0, 0);
    case 11:  // memory.fill
      if (reader_.u8() != 0) fail("zero byte expected");
      if (!need_memory()) return;
      return three_operands(Ir::kMemoryFill, kI32, kI32, kI32, 0, 0);
    case 12: {  // table.init
      const std::uint32_t segment = reader_.u32();
      const std::uint32_t index = reader_.u32();
      const TableType* to = table(index);
      if (to == nullptr || !element_segment(segment)) return;
      if (module_.elements[segment].type != to->element) {
        fail("type mismatch: table.init with elements of another type");
        return;
      }
      return three_operands(Ir::kTableInit, kI32, kI32, kI32, static_cast<std::uint16_t>(index),
                            static_cast<std::uint16_t>(segment));
    }
    case 13: {  // elem.drop
      const std::uint32_t segment = reader_.u32();
      if (!element_segment(segment) || !reachable_) return;
      begin(Ir::kElemDrop);
      return unit(static_cast<std::uint16_t>(segment));
    }
    case 14: {  // table.copy
      const std::uint32_t to_index = reader_.u32();
      const std::uint32_t from_index = reader_.u32();
      const TableType* to = table(to_index);
      const TableType* from = table(from_index);
      if (to == nullptr || from == nullptr) return;
      if (to->element != from->element) {
        fail("type mismatch: table.copy between different element types");
        return;
      }
      return three_operands(Ir::kTableCopy, kI32, kI32, kI32, static_cast<std::uint16_t>(to_index),
                            static_cast<std::uint16_t>(from_index));
    }
    case 15: {  // table.grow
      const std::uint32_t index = reader_.u32();
      const TableType* grown = table(index);
      if (grown == nullptr) return;
      const Operand delta = pop(kI32);
      const Operand value = pop(grown->element);
      if (!reader_.ok()) return;
      if (reachable_) {
        const std::uint16_t by = slot(delta);
        const std::uint16_t with = slot(value);
        begin(Ir::kTableGrow, next_home());
        unit(by);
        unit(with);
        unit(static_cast<std::uint16_t>(index));
      }
      return push(kI32);
    }
    case 16: {  // table.size
      const std::uint32_t index = reader_.u32();
      if (table(index) == nullptr) return;
      if (reachable_) {
        begin(Ir::kTableSize, next_home());
        unit(static_cast<std::uint16_t>(index));
      }
      return push(kI32);
    }
    case 17: {  // table.fill
      const std::uint32_t index = reader_.u32();
      const TableType* filled = table(index);
      if (filled == nullptr) return;
      return three_operands(Ir::kTableFill, kI32, filled->element, kI32,
                            static_cast<std::uint16_t>(index), 0);
    }
    default: fail("illegal opcode 0xfc " + std::to_string(opcode)); return;
  }
}

}  // namespace usance::vm
