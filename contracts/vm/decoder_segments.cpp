// Globals, element and data segments: what carries constant expressions.
#include "contracts/vm/decoder.h"

namespace usance::vm {

ConstantExpression ModuleDecoder::constant(Reader& r, ValueType type) {
  ConstantExpression e;
  ValueType found = ValueType::kUnknown;
  const std::uint8_t op = r.u8();
  switch (op) {
    case 0x41:
      e.value = static_cast<std::uint32_t>(r.s32());
      found = ValueType::kI32;
      break;
    case 0x42:
      e.value = static_cast<Slot>(r.s64());
      found = ValueType::kI64;
      break;
    case 0x43:
      e.value = r.fixed32();
      found = ValueType::kF32;
      break;
    case 0x44:
      e.value = r.fixed64();
      found = ValueType::kF64;
      break;
    case 0xd0:
      found = static_cast<ValueType>(r.u8());
      if (!is_reference(found)) r.fail("malformed reference type");
      break;
    case 0xd2: {
      const std::uint32_t index = r.u32();
      if (r.ok() && index >= module_->functions.size()) {
        r.fail("unknown function " + std::to_string(index));
      }
      if (!r.ok()) return e;
      referable_.resize(module_->functions.size());
      referable_[index] = true;
      e.kind = ConstantExpression::Kind::kFunction;
      e.value = index;
      found = ValueType::kFuncRef;
      break;
    }
    case 0x23: {
      const std::uint32_t index = r.u32();
      if (r.ok() && index >= module_->imported_globals) {
        r.fail("a constant expression reads an unknown or not imported global " +
               std::to_string(index));
      }
      if (!r.ok()) return e;
      if (module_->globals[index].is_mutable) {
        r.fail("a constant expression reads a mutable global");
      }
      e.kind = ConstantExpression::Kind::kGlobal;
      e.value = index;
      found = module_->globals[index].type;
      break;
    }
    default: r.fail("constant expression required"); return e;
  }
  if (r.u8() != 0x0b) r.fail("constant expression required: more than one instruction");
  if (r.ok() && found != type) {
    r.fail("type mismatch: a constant of type " + std::string(to_string(found)) +
           " where it must be " + std::string(to_string(type)));
  }
  return e;
}

void ModuleDecoder::global_section(Reader& r) {
  const std::uint32_t n = r.count(limits_.globals - module_->globals.size(), "globals");
  for (std::uint32_t i = 0; i < n && r.ok(); ++i) {
    const GlobalType type = global_type(r);
    const ConstantExpression value = constant(r, type.type);
    if (!r.ok()) return;
    module_->globals.push_back(type);
    module_->global_values.push_back(value);
  }
}

void ModuleDecoder::element_items(Reader& r, ElementSegment& segment, bool expressions) {
  const std::uint32_t n = r.count(limits_.segment_items - items_, "elements of segments");
  items_ += n;
  segment.items.reserve(n);
  for (std::uint32_t i = 0; i < n && r.ok(); ++i) {
    if (expressions) {
      segment.items.push_back(constant(r, segment.type));
      continue;
    }
    const std::uint32_t index = r.u32();
    if (!r.ok()) return;
    if (index >= module_->functions.size()) {
      r.fail("unknown function " + std::to_string(index));
      return;
    }
    referable_[index] = true;
    segment.items.push_back(ConstantExpression{ConstantExpression::Kind::kFunction, index});
  }
}

void ModuleDecoder::element_section(Reader& r) {
  referable_.resize(module_->functions.size());
  const std::uint32_t n = r.count(limits_.element_segments, "element segments");
  for (std::uint32_t i = 0; i < n && r.ok(); ++i) {
    // Bit 0: not active; bit 1: explicit table, or declarative; bit 2: expressions.
    const std::uint32_t flags = r.u32();
    if (flags > 7) r.fail("malformed element segment flags");
    ElementSegment segment;
    if ((flags & 1) != 0) {
      segment.mode = (flags & 2) != 0 ? SegmentMode::kDeclarative : SegmentMode::kPassive;
    } else {
      if ((flags & 2) != 0) segment.table = r.u32();
      if (r.ok() && segment.table >= module_->tables.size()) {
        r.fail("unknown table " + std::to_string(segment.table));
      }
      if (!r.ok()) return;
      segment.offset = constant(r, ValueType::kI32);
    }
    if ((flags & 3) != 0) {
      const std::uint8_t kind = r.u8();
      if ((flags & 4) != 0) {
        segment.type = static_cast<ValueType>(kind);
        if (!is_reference(segment.type)) r.fail("malformed reference type");
      } else if (kind != 0) {
        r.fail("malformed element kind");
      }
    }
    if (!r.ok()) return;
    if (segment.mode == SegmentMode::kActive &&
        module_->tables[segment.table].element != segment.type) {
      r.fail("type mismatch: elements of another type than the table's");
      return;
    }
    element_items(r, segment, (flags & 4) != 0);
    module_->elements.push_back(std::move(segment));
  }
}

void ModuleDecoder::data_section(Reader& r) {
  const std::uint32_t n = r.count(limits_.data_segments, "data segments");
  for (std::uint32_t i = 0; i < n && r.ok(); ++i) {
    const std::uint32_t flags = r.u32();
    if (flags > 2) r.fail("malformed data segment flags");
    DataSegment segment;
    if (flags == 1) {
      segment.mode = SegmentMode::kPassive;
    } else {
      const std::uint32_t memory = flags == 2 ? r.u32() : 0;
      if (r.ok() && (memory != 0 || !module_->has_memory)) {
        r.fail("unknown memory " + std::to_string(memory));
      }
      if (!r.ok()) return;
      segment.offset = constant(r, ValueType::kI32);
    }
    const ByteView bytes = r.bytes(r.u32());
    segment.bytes.assign(bytes.begin(), bytes.end());
    if (r.ok()) module_->data.push_back(std::move(segment));
  }
}

// Active segments at constant addresses inside the initial memory become its image. Otherwise the
// segments are run one by one at instantiation, where the first that does not fit traps; a contract
// must not come that far.
void ModuleDecoder::lay_out_memory() {
  ModuleData& m = *module_;
  m.image_complete = !m.imported_memory;
  if (!m.has_memory) return;
  for (std::size_t i = 0; i < m.data.size() && m.image_complete; ++i) {
    const DataSegment& d = m.data[i];
    if (d.mode != SegmentMode::kActive) continue;
    const bool fits = d.offset.kind == ConstantExpression::Kind::kValue &&
                      d.offset.value + d.bytes.size() <= m.memory.min * kPageBytes;
    if (fits) {
      m.image.write(d.offset.value, d.bytes);
    } else {
      m.image_complete = false;
      if (contract()) {
        fail("data segment " + std::to_string(i) + " does not fit the initial memory",
             wasm_.size());
      }
    }
  }
  if (!m.image_complete) m.image = {};
}

void ModuleDecoder::check_element_bounds() {
  for (std::size_t i = 0; i < module_->elements.size(); ++i) {
    const ElementSegment& e = module_->elements[i];
    if (e.mode != SegmentMode::kActive) continue;
    if (e.offset.kind != ConstantExpression::Kind::kValue ||
        e.offset.value + e.items.size() > module_->tables[e.table].limits.min) {
      fail("element segment " + std::to_string(i) + " does not fit its table", wasm_.size());
    }
  }
}

}  // namespace usance::vm
