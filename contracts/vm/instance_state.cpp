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
  for (std::uint32_t i = 0; i < m.elements.size(); ++i) {
    const ElementSegment& e = m.elements[i];
    if (e.mode == SegmentMode::kPassive) continue;
    if (e.mode == SegmentMode::kActive) {
      const auto to = static_cast<std::uint32_t>(instance.value(e.offset));
      const Initialisation init{e.table, i, to, 0, e.items.size()};
      if (!table_init_fits(instance, init)) return TrapCode::kTableOutOfBounds;
      initialise_table(instance, init);
    }
    instance.dropped_elements[i] = 1;
  }
  for (std::uint32_t i = 0; i < m.data.size(); ++i) {
    const DataSegment& d = m.data[i];
    if (d.mode == SegmentMode::kPassive) continue;
    if (!m.image_complete) {
      const auto to = static_cast<std::uint32_t>(instance.value(d.offset));
      const Initialisation init{0, i, to, 0, d.bytes.size()};
      if (!memory_init_fits(instance, init)) return TrapCode::kMemoryOutOfBounds;
      initialise_memory(instance, init);
    }
    instance.dropped_data[i] = 1;
  }
  for (const auto& table : instance.own_tables) table->dirty = false;
  return TrapCode::kNone;
}

bool table_init_fits(const InstanceState& instance, const Initialisation& init) {
  const std::size_t items = instance.dropped_elements[init.segment] != 0
                                ? 0
                                : instance.data->elements[init.segment].items.size();
  return init.from + init.n <= items &&
         init.to + init.n <= instance.tables[init.target]->elements.size();
}

bool memory_init_fits(const InstanceState& instance, const Initialisation& init) {
  const std::size_t bytes =
      instance.dropped_data[init.segment] != 0 ? 0 : instance.data->data[init.segment].bytes.size();
  return init.from + init.n <= bytes && instance.memory->contains(init.to, init.n);
}

void initialise_table(InstanceState& instance, const Initialisation& init) {
  Table& target = *instance.tables[init.target];
  const auto& items = instance.data->elements[init.segment].items;
  for (std::uint64_t i = 0; i < init.n; ++i) {
    target.elements[init.to + i] = instance.value(items[init.from + i]);
  }
  target.dirty = true;
}

void initialise_memory(InstanceState& instance, const Initialisation& init) {
  const Bytes& bytes = instance.data->data[init.segment].bytes;
  instance.memory->write(init.to, ByteView(bytes).subspan(init.from, init.n));
}

}  // namespace usance::vm
