#include "tools/usance-wasm/spec_store.h"

#include <bit>

#include "tools/usance-wasm/measure.h"

namespace usance::tools {

using vm::Extern;
using vm::ExternKind;

namespace {

bool limits_match(std::uint64_t size, bool has_max, std::uint64_t max, const vm::Limits& wanted) {
  if (size < wanted.min) return false;
  return !wanted.has_max || (has_max && max <= wanted.max);
}

}  // namespace

SpecStore::SpecStore() {
  add_spectest();
}

void SpecStore::add_spectest() {
  using enum vm::ValueType;
  const auto function = [this](const std::string& name, std::vector<vm::ValueType> params) {
    types_.push_back(std::make_unique<vm::FunctionType>(vm::FunctionType{std::move(params), {}}));
    functions_.push_back(std::make_unique<vm::FunctionInstance>());
    functions_.back()->type = types_.back().get();
    functions_.back()->is_host = true;
    spectest_[name] = Extern{.kind = ExternKind::kFunction, .function = functions_.back().get()};
  };
  function("print", {});
  function("print_i32", {kI32});
  function("print_i64", {kI64});
  function("print_f32", {kF32});
  function("print_f64", {kF64});
  function("print_i32_f32", {kI32, kF32});
  function("print_f64_f64", {kF64, kF64});
  const auto global = [this](const std::string& name, vm::ValueType type, vm::Slot value) {
    globals_.push_back(std::make_unique<vm::Slot>(value));
    Extern e{.kind = ExternKind::kGlobal, .global = globals_.back().get()};
    e.global_type = vm::GlobalType{type, false};
    spectest_[name] = e;
  };
  global("global_i32", kI32, 666);
  global("global_i64", kI64, 666);
  global("global_f32", kF32, std::bit_cast<std::uint32_t>(666.6f));
  global("global_f64", kF64, std::bit_cast<std::uint64_t>(666.6));
  memory_ = vm::Memory::create(1, 2);
  spectest_["memory"] = Extern{.kind = ExternKind::kMemory, .memory = memory_.get()};
  table_ = std::make_unique<vm::Table>();
  table_->elements.assign(10, 0);
  table_->most = 20;
  table_->has_max = true;
  spectest_["table"] = Extern{.kind = ExternKind::kTable, .table = table_.get()};
}

std::optional<Extern> SpecStore::exported(vm::Instance& instance, const std::string& name) const {
  vm::InstanceState& s = instance.state();
  const auto found = s.data->export_index.find(name);
  if (found == s.data->export_index.end()) return std::nullopt;
  const vm::ExportInfo& e = s.data->exports[found->second];
  Extern out{.kind = e.kind};
  switch (e.kind) {
    case ExternKind::kFunction: out.function = s.functions[e.index]; break;
    case ExternKind::kTable: out.table = s.tables[e.index]; break;
    case ExternKind::kMemory: out.memory = s.memory; break;
    case ExternKind::kGlobal:
      out.global = s.global(e.index);
      out.global_type = s.data->globals[e.index];
      break;
  }
  return out;
}

// Finds what satisfies the import; the text is the error, empty when it links.
std::string SpecStore::link(const vm::Import& import, const vm::ModuleData& module,
                            Extern& out) const {
  std::optional<Extern> found;
  if (import.module == "spectest") {
    const auto it = spectest_.find(import.name);
    if (it != spectest_.end()) found = it->second;
  } else if (const auto it = registered_.find(import.module); it != registered_.end()) {
    found = exported(*it->second, import.name);
  }
  if (!found) return "unknown import " + import.module + "." + import.name;
  out = *found;
  bool matches = out.kind == import.kind;
  if (matches) {
    switch (import.kind) {
      case ExternKind::kFunction: matches = *out.function->type == module.types[import.type]; break;
      case ExternKind::kTable:
        matches = out.table->element == import.table.element &&
                  limits_match(out.table->elements.size(), out.table->has_max, out.table->most,
                               import.table.limits);
        break;
      case ExternKind::kMemory:
        matches = limits_match(out.memory->pages(), out.memory->has_max(), out.memory->most_pages(),
                               import.memory);
        break;
      case ExternKind::kGlobal:
        matches = out.global_type.type == import.global.type &&
                  out.global_type.is_mutable == import.global.is_mutable;
        break;
    }
  }
  return matches ? "" : "incompatible import type of " + import.module + "." + import.name;
}

SpecStore::Instantiated SpecStore::instantiate(const std::shared_ptr<const vm::Module>& module,
                                               vm::Dispatch dispatch) {
  Instantiated result;
  std::vector<Extern> externs;
  for (const vm::Import& import : module->data().imports) {
    Extern e;
    result.error = link(import, module->data(), e);
    if (!result.error.empty()) return result;
    externs.push_back(e);
  }
  auto state = vm::lay_out(module, externs);
  if (!state) {
    result.error = state.error().message;
    return result;
  }
  instances_.push_back(std::make_unique<vm::Instance>(std::move(*state)));
  result.instance = instances_.back().get();
  vm::InstanceState& s = result.instance->state();
  result.trap = vm::run_segments(s);
  if (result.trap == TrapCode::kNone && s.data->has_start) {
    result.trap = run(*s.functions[s.data->start], {}, dispatch).trap;
  }
  return result;
}

void SpecStore::register_as(const std::string& name, vm::Instance* instance) {
  registered_[name] = instance;
}

vm::Outcome SpecStore::run(const vm::FunctionInstance& function, const std::vector<vm::Slot>& args,
                           vm::Dispatch dispatch) {
  if (function.is_host) return {};
  for (const auto& instance : instances_) {
    if (&instance->state() != function.owner) continue;
    const auto index = static_cast<std::uint32_t>(&function - function.owner->own_functions.data());
    return instance->call(function.owner->data->imported_functions + index, args, kUnlimited, host_,
                          dispatch);
  }
  return {};
}

vm::Outcome SpecStore::call(vm::Instance& instance, const std::string& function,
                            const std::vector<vm::Slot>& args, vm::Dispatch dispatch) {
  const auto found = exported(instance, function);
  if (!found || found->kind != ExternKind::kFunction) {
    vm::Outcome outcome;
    outcome.trap = TrapCode::kHostArgument;
    return outcome;
  }
  return run(*found->function, args, dispatch);
}

std::optional<vm::Slot> SpecStore::global(vm::Instance& instance, const std::string& name) {
  const auto found = exported(instance, name);
  if (!found || found->kind != ExternKind::kGlobal) return std::nullopt;
  return *found->global;
}

const vm::FunctionType* SpecStore::function_type(vm::Instance& instance, const std::string& name) {
  const auto found = exported(instance, name);
  return found && found->kind == ExternKind::kFunction ? found->function->type : nullptr;
}

}  // namespace usance::tools
