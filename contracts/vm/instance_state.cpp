#include "contracts/vm/instance_state.h"

#include <algorithm>

#include <sys/mman.h>

#include "contracts/vm/interpreter.h"

namespace usance::vm {

std::unique_ptr<Stack> Stack::create(std::size_t frames, std::size_t slots) {
  std::unique_ptr<Stack> stack(new Stack);
  stack->bytes_ = frames * sizeof(CallFrame) + slots * sizeof(Slot);
  void* region = mmap(nullptr, stack->bytes_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED) return nullptr;
  stack->region_ = region;
  stack->frames = static_cast<CallFrame*>(region);
  stack->frames_end = stack->frames + frames;
  static_assert(sizeof(CallFrame) % alignof(Slot) == 0);
  stack->slots = static_cast<Slot*>(static_cast<void*>(stack->frames_end));
  stack->slots_end = stack->slots + slots;
  return stack;
}

Stack::~Stack() {
  if (region_ != nullptr) munmap(region_, bytes_);
}

Slot InstanceState::value(const ConstantExpression& e) const {
  switch (e.kind) {
    case ConstantExpression::Kind::kValue: return e.value;
    case ConstantExpression::Kind::kFunction: return reinterpret_cast<Slot>(functions[e.value]);
    case ConstantExpression::Kind::kGlobal: return *imported_globals[e.value];
  }
  return 0;
}

void InstanceState::restore_globals() {
  for (std::size_t i = 0; i < globals.size(); ++i) globals[i] = value(data->global_values[i]);
}

void InstanceState::restore_tables() {
  for (std::size_t i = 0; i < own_tables.size(); ++i) {
    Table& table = *own_tables[i];
    if (!table.dirty) continue;
    table.elements.assign(data->tables[data->imported_tables + i].limits.min, 0);
  }
}

namespace {

void adopt_imports(InstanceState& state, std::span<const Extern> imports) {
  for (const Extern& e : imports) {
    switch (e.kind) {
      case ExternKind::kFunction: state.functions.push_back(e.function); break;
      case ExternKind::kTable: state.tables.push_back(e.table); break;
      case ExternKind::kMemory: state.memory = e.memory; break;
      case ExternKind::kGlobal: state.imported_globals.push_back(e.global); break;
    }
  }
}

void make_functions(InstanceState& state) {
  const ModuleData& m = *state.data;
  state.own_functions.resize(m.bodies.size());
  for (std::size_t i = 0; i < m.bodies.size(); ++i) {
    FunctionInstance& f = state.own_functions[i];
    const std::uint32_t type = m.functions[m.imported_functions + i];
    f.owner = &state;
    f.type = &m.types[type];
    f.type_id = m.type_ids[type];
    f.body = &m.bodies[i];
    f.code = m.code.data() + m.bodies[i].code;
    state.functions.push_back(&f);
  }
}

void make_tables(InstanceState& state, std::size_t limit) {
  const ModuleData& m = *state.data;
  for (std::size_t i = m.imported_tables; i < m.tables.size(); ++i) {
    auto table = std::make_unique<Table>();
    const Limits& l = m.tables[i].limits;
    table->element = m.tables[i].element;
    table->has_max = l.has_max;
    table->most = l.has_max ? l.max : 0xffffffffu;
    table->most = std::max<std::uint64_t>(std::min<std::uint64_t>(table->most, limit), l.min);
    table->elements.assign(l.min, 0);
    state.tables.push_back(table.get());
    state.own_tables.push_back(std::move(table));
  }
}

}  // namespace

Result<std::unique_ptr<InstanceState>> lay_out(std::shared_ptr<const Module> module,
                                               std::span<const Extern> imports) {
  auto state = std::make_unique<InstanceState>();
  state->data = &module->data();
  state->module = std::move(module);
  const ModuleData& m = *state->data;
  const ProfileLimits& limits = limits_of(m.profile);
  adopt_imports(*state, imports);
  make_functions(*state);
  make_tables(*state, limits.table_elements);
  if (m.has_memory && !m.imported_memory) {
    const std::uint64_t most = std::min<std::uint64_t>(
        m.memory.has_max ? m.memory.max : limits.memory_pages, limits.memory_pages);
    state->own_memory = Memory::create(m.memory.min, most, m.memory.has_max);
    if (state->own_memory == nullptr) {
      return fail(ErrorCode::kResourceExhausted, "no address space for a contract's memory");
    }
    state->memory = state->own_memory.get();
    for (std::size_t b = 0; b < m.image.blocks(); ++b) {
      const std::uint8_t* content = m.image.block(b);
      if (content == nullptr) continue;
      std::memcpy(state->memory->data() + b * kBlockBytes, content, kBlockBytes);
    }
  }
  state->globals.resize(m.global_values.size());
  state->restore_globals();
  state->dropped_data.assign(m.data.size(), 0);
  state->dropped_elements.assign(m.elements.size(), 0);
  state->stack = Stack::create(limits.call_depth, limits.stack_slots);
  if (state->stack == nullptr) {
    return fail(ErrorCode::kResourceExhausted, "no address space for a contract's stack");
  }
  state->stack_top = state->stack->slots;
  state->frame_top = state->stack->frames;
  return state;
}

TrapCode run_segments(InstanceState& instance) {
  const ModuleData& m = *instance.data;
  for (std::size_t i = 0; i < m.elements.size(); ++i) {
    const ElementSegment& e = m.elements[i];
    if (e.mode == SegmentMode::kPassive) continue;
    if (e.mode == SegmentMode::kActive &&
        !initialise_table(instance, e.table, static_cast<std::uint32_t>(i),
                          static_cast<std::uint32_t>(instance.value(e.offset)), 0,
                          e.items.size())) {
      return TrapCode::kTableOutOfBounds;
    }
    instance.dropped_elements[i] = 1;
  }
  for (std::size_t i = 0; i < m.data.size(); ++i) {
    const DataSegment& d = m.data[i];
    if (d.mode == SegmentMode::kPassive) continue;
    if (!m.image_complete &&
        !initialise_memory(instance, static_cast<std::uint32_t>(i),
                           static_cast<std::uint32_t>(instance.value(d.offset)), 0,
                           d.bytes.size())) {
      return TrapCode::kMemoryOutOfBounds;
    }
    instance.dropped_data[i] = 1;
  }
  for (const auto& table : instance.own_tables) table->dirty = false;
  return TrapCode::kNone;
}

bool initialise_table(InstanceState& instance, std::uint32_t table, std::uint32_t segment,
                      std::uint64_t to, std::uint64_t from, std::uint64_t n) {
  Table& target = *instance.tables[table];
  const auto& items = instance.data->elements[segment].items;
  const std::size_t available = instance.dropped_elements[segment] != 0 ? 0 : items.size();
  if (from + n > available || to + n > target.elements.size()) return false;
  for (std::uint64_t i = 0; i < n; ++i) {
    target.elements[to + i] = instance.value(items[from + i]);
  }
  target.dirty = true;
  return true;
}

bool initialise_memory(InstanceState& instance, std::uint32_t segment, std::uint64_t to,
                       std::uint64_t from, std::uint64_t n) {
  const Bytes& bytes = instance.data->data[segment].bytes;
  const std::size_t available = instance.dropped_data[segment] != 0 ? 0 : bytes.size();
  if (from + n > available || !instance.memory->contains(to, n)) return false;
  instance.memory->write(to, ByteView(bytes).subspan(from, n));
  return true;
}

}  // namespace usance::vm
