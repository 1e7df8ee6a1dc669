#include "contracts/vm/decoder.h"

#include "contracts/vm/gas.h"

namespace usance::vm {

ModuleDecoder::ModuleDecoder(ByteView wasm, Profile profile, bool places)
    : wasm_(wasm), module_(std::make_unique<ModuleData>()), limits_(limits_of(profile)) {
  module_->profile = profile;
  module_->keeps_places = places;
}

bool ModuleDecoder::fail(std::string text, std::size_t offset) {
  if (error_.empty()) {
    error_ = std::move(text);
    error_at_ = offset;
  }
  return false;
}

void ModuleDecoder::adopt(const Reader& r) {
  if (!r.ok()) fail("offset " + std::to_string(r.failed_at()) + ": " + r.message(), r.failed_at());
}

Result<std::unique_ptr<ModuleData>> ModuleDecoder::run() {
  if (wasm_.size() > limits_.code_bytes) {
    return usance::fail(ErrorCode::kMalformed, "a module of " + std::to_string(wasm_.size()) +
                                                   " bytes; the limit is " +
                                                   std::to_string(limits_.code_bytes));
  }
  Reader r(wasm_);
  if (r.fixed32() != 0x6d736100 || !r.ok()) fail("not a WebAssembly module (no magic)", 0);
  if (error_.empty() && (r.fixed32() != 1 || !r.ok())) fail("unknown binary version", 4);
  // The order of the sections' numbers; the data count stands before the code.
  static constexpr std::uint8_t kOrder[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10};
  std::uint8_t latest = 0;
  while (error_.empty() && !r.at_end()) {
    const std::size_t start = r.offset();
    const std::uint8_t id = r.u8();
    const std::uint32_t size = r.u32();
    const std::size_t offset = r.offset();
    const ByteView content = r.bytes(size);
    adopt(r);
    if (!error_.empty()) break;
    if (id >= std::size(kOrder)) {
      fail("malformed section id " + std::to_string(id), start);
    } else if (id != 0 && kOrder[id] <= latest) {
      fail("unexpected section " + std::to_string(id) + ": out of order", start);
    } else {
      if (id != 0) latest = kOrder[id];
      section(id, content, offset);
    }
  }
  if (error_.empty()) finish();
  if (!error_.empty()) return usance::fail(ErrorCode::kMalformed, error_);
  return std::move(module_);
}

void ModuleDecoder::section(std::uint8_t id, ByteView content, std::size_t offset) {
  Reader r(content, offset);
  switch (id) {
    case 0: return custom_section(r, content, offset);
    case 1: type_section(r); break;
    case 2: import_section(r); break;
    case 3: function_section(r); break;
    case 4: {
      const std::uint32_t n = r.count(limits_.tables - module_->tables.size(), "tables");
      for (std::uint32_t i = 0; i < n && r.ok(); ++i) module_->tables.push_back(table_type(r));
      break;
    }
    case 5: {
      const std::uint32_t n = r.count(limits_.code_bytes, "memories");
      if (n + (module_->has_memory ? 1 : 0) > 1) r.fail("multiple memories");
      if (n == 1 && r.ok()) {
        module_->memory = memory_type(r);
        module_->has_memory = true;
      }
      break;
    }
    case 6: global_section(r); break;
    case 7: export_section(r); break;
    case 8: start_section(r); break;
    case 9: element_section(r); break;
    case 10: code_section(r); break;
    case 11: data_section(r); break;
    case 12: data_count_ = r.u32(); break;
    default: break;
  }
  if (r.ok() && !r.at_end()) r.fail("section size mismatch");
  adopt(r);
}

void ModuleDecoder::custom_section(Reader& r, ByteView content, std::size_t offset) {
  const std::string_view name = r.name();
  adopt(r);
  if (!error_.empty()) return;
  const ByteView rest = content.subspan(r.offset() - offset);
  module_->custom.emplace_back(std::string(name), Bytes(rest.begin(), rest.end()));
}

Limits ModuleDecoder::limits(Reader& r, std::uint64_t most) {
  Limits l;
  const std::uint8_t flags = r.u8();
  if (flags > 1) r.fail("malformed limits flags");
  l.min = r.u32();
  l.has_max = flags == 1;
  if (l.has_max) l.max = r.u32();
  if (r.ok() && l.has_max && l.max < l.min) r.fail("size minimum must not be greater than maximum");
  if (r.ok() && l.min > most) {
    r.fail("an initial size of " + std::to_string(l.min) + "; the limit is " +
           std::to_string(most));
  }
  return l;
}

TableType ModuleDecoder::table_type(Reader& r) {
  TableType t;
  t.element = static_cast<ValueType>(r.u8());
  if (!is_reference(t.element)) r.fail("malformed reference type");
  t.limits = limits(r, limits_.table_elements);
  return t;
}

Limits ModuleDecoder::memory_type(Reader& r) {
  const Limits l = limits(r, limits_.memory_pages);
  if (l.has_max && l.max > 65'536) r.fail("memory size must be at most 65536 pages (4GiB)");
  return l;
}

GlobalType ModuleDecoder::global_type(Reader& r) {
  GlobalType g;
  g.type = r.value_type();
  const std::uint8_t mutability = r.u8();
  if (mutability > 1) r.fail("malformed mutability");
  g.is_mutable = mutability == 1;
  if (r.ok() && contract() && is_float(g.type)) {
    r.fail("a global of type " + std::string(to_string(g.type)) +
           ": contracts compute with integers only");
  }
  return g;
}

void ModuleDecoder::type_section(Reader& r) {
  const std::uint32_t n = r.count(limits_.types, "types");
  std::map<std::string, std::uint32_t> known;
  for (std::uint32_t i = 0; i < n && r.ok(); ++i) {
    if (r.u8() != 0x60) r.fail("malformed function type");
    FunctionType type;
    const std::uint32_t params = r.count(limits_.params, "parameters");
    for (std::uint32_t k = 0; k < params && r.ok(); ++k) type.params.push_back(r.value_type());
    const std::uint32_t results = r.count(limits_.results, "results");
    for (std::uint32_t k = 0; k < results && r.ok(); ++k) type.results.push_back(r.value_type());
    std::string key;
    for (const ValueType t : type.params) key += static_cast<char>(t);
    key += '>';
    for (const ValueType t : type.results) key += static_cast<char>(t);
    module_->type_ids.push_back(known.emplace(key, i).first->second);
    module_->types.push_back(std::move(type));
  }
}

void ModuleDecoder::usable_function_type(Reader& r, std::uint32_t type) {
  if (!r.ok()) return;
  if (type >= module_->types.size()) {
    r.fail("unknown type " + std::to_string(type));
    return;
  }
  if (!contract()) return;
  const FunctionType& t = module_->types[type];
  for (const auto* list : {&t.params, &t.results}) {
    for (const ValueType v : *list) {
      if (!is_float(v)) continue;
      r.fail("function " + std::to_string(module_->functions.size()) + " of type " + to_string(t) +
             ": contracts compute with integers only");
      return;
    }
  }
}

void ModuleDecoder::import_section(Reader& r) {
  const std::uint32_t n = r.count(limits_.imports, "imports");
  for (std::uint32_t i = 0; i < n && r.ok(); ++i) {
    Import import;
    import.module = r.name();
    import.name = r.name();
    const std::uint8_t kind = r.u8();
    if (kind > 3) r.fail("malformed import kind");
    if (!r.ok()) return;
    import.kind = static_cast<ExternKind>(kind);
    ImportInfo info{import.module, import.name, import.kind, {}};
    if (contract() && import.kind != ExternKind::kFunction) {
      r.fail("import " + import.module + "." + import.name +
             " is not a function: contracts import nothing else");
      return;
    }
    switch (import.kind) {
      case ExternKind::kFunction:
        import.type = r.u32();
        usable_function_type(r, import.type);
        if (!r.ok()) return;
        module_->functions.push_back(import.type);
        info.function = module_->types[import.type];
        break;
      case ExternKind::kTable:
        import.table = table_type(r);
        module_->tables.push_back(import.table);
        break;
      case ExternKind::kMemory:
        import.memory = memory_type(r);
        if (module_->has_memory) r.fail("multiple memories");
        module_->memory = import.memory;
        module_->has_memory = module_->imported_memory = true;
        break;
      case ExternKind::kGlobal:
        import.global = global_type(r);
        module_->globals.push_back(import.global);
        break;
    }
    module_->imports.push_back(std::move(import));
    module_->import_infos.push_back(std::move(info));
  }
  module_->imported_functions = static_cast<std::uint32_t>(module_->functions.size());
  module_->imported_tables = static_cast<std::uint32_t>(module_->tables.size());
  module_->imported_globals = static_cast<std::uint32_t>(module_->globals.size());
  if (module_->tables.size() > limits_.tables) r.fail("too many tables");
}

void ModuleDecoder::function_section(Reader& r) {
  declared_bodies_ = r.count(limits_.functions - module_->functions.size(), "functions");
  for (std::uint32_t i = 0; i < declared_bodies_ && r.ok(); ++i) {
    const std::uint32_t type = r.u32();
    usable_function_type(r, type);
    if (r.ok()) module_->functions.push_back(type);
  }
}

void ModuleDecoder::export_section(Reader& r) {
  const std::uint32_t n = r.count(limits_.exports, "exports");
  referable_.resize(module_->functions.size());
  for (std::uint32_t i = 0; i < n && r.ok(); ++i) {
    ExportInfo e;
    e.name = r.name();
    const std::uint8_t kind = r.u8();
    e.index = r.u32();
    if (kind > 3) r.fail("malformed export kind");
    if (!r.ok()) return;
    e.kind = static_cast<ExternKind>(kind);
    const std::size_t spaces[] = {module_->functions.size(), module_->tables.size(),
                                  module_->has_memory ? std::size_t{1} : 0,
                                  module_->globals.size()};
    if (e.index >= spaces[kind]) {
      r.fail("export \"" + e.name + "\" names something unknown");
      return;
    }
    if (e.kind == ExternKind::kFunction) referable_[e.index] = true;
    if (!module_->export_index.emplace(e.name, i).second) {
      r.fail("duplicate export name \"" + e.name + "\"");
      return;
    }
    module_->exports.push_back(std::move(e));
  }
}

void ModuleDecoder::start_section(Reader& r) {
  module_->start = r.u32();
  module_->has_start = true;
  if (!r.ok()) return;
  if (contract()) {
    r.fail("a start function: a contract runs nothing before it is invoked");
  } else if (module_->start >= module_->functions.size()) {
    r.fail("unknown function " + std::to_string(module_->start));
  } else {
    const FunctionType& type = module_->function_type(module_->start);
    if (!type.params.empty() || !type.results.empty()) r.fail("start function of another type");
  }
}

void ModuleDecoder::code_section(Reader& r) {
  code_seen_ = true;
  const std::uint32_t n = r.count(limits_.functions, "function bodies");
  if (r.ok() && n != declared_bodies_) {
    r.fail("function and code section have inconsistent lengths");
    return;
  }
  referable_.resize(module_->functions.size());
  module_->bodies.reserve(n);
  module_->code = {static_cast<CodeUnit>(Ir::kHalt), static_cast<CodeUnit>(Ir::kSwitchBack)};
  // About what the translation takes; growing copies, and fresh memory costs the system's time.
  module_->code.reserve(r.remaining() * 3 / 2);
  Translator translator(*module_, referable_, data_count_);
  for (std::uint32_t i = 0; i < n && r.ok(); ++i) {
    const std::uint32_t size = r.u32();
    const std::size_t offset = r.offset();
    const ByteView body = r.bytes(size);
    if (!r.ok()) return;
    if (!translator.translate(body, offset)) {
      fail(translator.message(), offset);
      return;
    }
  }
  translator.link_calls();
}

void ModuleDecoder::finish() {
  if (!code_seen_ && declared_bodies_ != 0) {
    fail("function and code section have inconsistent lengths", wasm_.size());
    return;
  }
  if (data_count_ >= 0 && static_cast<std::size_t>(data_count_) != module_->data.size()) {
    fail("data count and data section have inconsistent lengths", wasm_.size());
    return;
  }
  if (module_->code.empty()) {
    module_->code = {static_cast<CodeUnit>(Ir::kHalt), static_cast<CodeUnit>(Ir::kSwitchBack)};
  }
  lay_out_memory();
  if (contract()) check_element_bounds();

  ModuleData& m = *module_;
  m.instantiation_gas = gas::kInstance;
  if (m.has_memory && !m.imported_memory) m.instantiation_gas += m.memory.min * gas::kMemoryPage;
  std::size_t kept = 0;
  for (const DataSegment& d : m.data) {
    kept += sizeof d + d.bytes.size();
    if (d.mode == SegmentMode::kActive) m.instantiation_gas += gas::bulk_bytes(d.bytes.size());
  }
  for (const ElementSegment& e : m.elements) {
    kept += sizeof e + e.items.size() * sizeof(ConstantExpression);
    m.instantiation_gas += e.items.size() * gas::kTableElement;
  }
  for (const auto& [name, bytes] : m.custom) kept += name.size() + bytes.size();
  if (m.code.capacity() > 2 * m.code.size()) m.code.shrink_to_fit();
  m.footprint = sizeof m + kept + m.code.capacity() * sizeof(CodeUnit) +
                m.bodies.size() * sizeof(FunctionBody) + m.functions.size() * 4 +
                m.types.size() * 64 + m.exports.size() * 96 + m.imports.size() * 192 +
                m.image.footprint();
}

}  // namespace usance::vm
