#include "contracts/vm/instance.h"

#include <algorithm>
#include <limits>

#include "contracts/vm/call_profile.h"
#include "contracts/vm/interpreter.h"

namespace usance::vm {

namespace {

#ifdef USANCE_VM_SWITCH
constexpr auto kDefaultInterpreter = &interpret_switch;
#else
constexpr auto kDefaultInterpreter = &interpret_goto;
#endif

Outcome trapped(TrapCode code, std::uint64_t gas_used) {
  Outcome outcome;
  outcome.trap = code;
  outcome.gas_used = gas_used;
  return outcome;
}

}  // namespace

Instance::Instance(std::unique_ptr<InstanceState> state) : state_(std::move(state)) {}
Instance::~Instance() = default;

Result<std::unique_ptr<Instance>> Instance::create(std::shared_ptr<const Module> module,
                                                   std::span<const HostDefinition> host) {
  USANCE_TRY(check_imports(*module, host));
  const std::vector<ImportInfo>& imports = module->imports();
  std::vector<FunctionInstance> functions(imports.size());
  std::vector<Extern> externs(imports.size());
  for (std::size_t i = 0; i < imports.size(); ++i) {
    const auto found = std::find_if(host.begin(), host.end(), [&](const HostDefinition& d) {
      return d.module == imports[i].module && d.name == imports[i].name;
    });
    FunctionInstance& f = functions[i];
    f.type = &imports[i].function;
    f.type_id = module->data().type_ids[module->data().functions[i]];
    f.is_host = true;
    f.host_id = found->id;
    f.host_gas = found->gas;
    externs[i].function = &f;  // the address stays when the vector moves into the state
  }
  USANCE_ASSIGN(auto state, lay_out(std::move(module), externs));
  state->host_functions = std::move(functions);
  for (FunctionInstance& f : state->host_functions) f.owner = state.get();
  if (run_segments(*state) != TrapCode::kNone) {
    return fail(ErrorCode::kMalformed, "a segment does not fit the memory or table it fills");
  }
  return std::make_unique<Instance>(std::move(state));
}

Outcome Instance::run(std::uint32_t function, std::span<const Slot> args, std::uint64_t gas_limit,
                      HostInterface& host, Dispatch dispatch, CallProfile* profile) {
  InstanceState& s = *state_;
  if (function >= s.functions.size()) return trapped(TrapCode::kHostArgument, 0);
  const FunctionInstance& f = *s.functions[function];
  if (args.size() != f.type->params.size() || f.is_host || f.owner != &s) {
    return trapped(TrapCode::kHostArgument, 0);
  }
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const auto limit = static_cast<std::int64_t>(std::min(gas_limit, kMost));
  Execution execution;
  execution.root = execution.instance = &s;
  execution.host = &host;
  execution.gas = limit;
  if (s.fresh) {
    s.fresh = false;
    const std::uint64_t price = s.data->instantiation_gas;
    if (price > static_cast<std::uint64_t>(limit)) return trapped(TrapCode::kOutOfGas, gas_limit);
    execution.gas -= static_cast<std::int64_t>(price);
  }
  if (profile != nullptr) profile->begin(*s.data, execution.gas);
  execution.profile = profile;
  execution.gas -= f.body->entry_gas;
  if (execution.gas < 0) return trapped(TrapCode::kOutOfGas, gas_limit);
  const auto used = [&] { return static_cast<std::uint64_t>(limit - execution.gas); };
  Slot* const fp = s.stack_top;
  CallFrame* const frame = s.frame_top;
  if (frame == s.stack->frames_end) return trapped(TrapCode::kCallDepth, used());
  if (f.body->frame_slots > s.stack->slots_end - fp) {
    return trapped(TrapCode::kStackOverflow, used());
  }
  std::copy(args.begin(), args.end(), fp);
  std::fill_n(fp + f.body->params, f.body->zeroed, Slot{0});
  *frame = CallFrame{s.data->code.data(), fp, nullptr};  // returns to Halt
  execution.frame = frame + 1;

  const auto interpret = profile != nullptr              ? &interpret_observed
                         : dispatch == Dispatch::kGoto   ? &interpret_goto
                         : dispatch == Dispatch::kSwitch ? &interpret_switch
                                                         : kDefaultInterpreter;
  const TrapCode trap = interpret(execution, f.code, fp);
  if (profile != nullptr) profile->end(execution.gas);
  s.stack_top = fp;
  s.frame_top = frame;
  if (trap == TrapCode::kOutOfGas) return trapped(trap, gas_limit);
  Outcome outcome = trapped(trap, used());
  outcome.ended_by_host = execution.ended;
  if (outcome.ok()) outcome.results.assign(fp, fp + f.type->results.size());
  return outcome;
}

Outcome Instance::call(std::string_view export_name, std::span<const Slot> args, std::uint64_t gas,
                       HostInterface& host, Dispatch dispatch) {
  const auto function = state_->module->find_function(export_name);
  if (!function) return trapped(TrapCode::kHostArgument, 0);
  return call(*function, args, gas, host, dispatch);
}

Outcome Instance::call_observed(std::string_view export_name, std::span<const Slot> args,
                                std::uint64_t gas, HostInterface& host, CallProfile& profile) {
  const auto function = state_->module->find_function(export_name);
  if (!function) return trapped(TrapCode::kHostArgument, 0);
  return run(*function, args, gas, host, Dispatch::kDefault, &profile);
}

void Instance::reset() {
  InstanceState& s = *state_;
  if (s.own_memory != nullptr) s.own_memory->reset(s.data->memory.min, s.data->image);
  s.restore_globals();
  const bool tables_written = std::any_of(s.own_tables.begin(), s.own_tables.end(),
                                          [](const auto& table) { return table->dirty; });
  if (tables_written || s.segments_dropped || !s.data->image_complete) {
    s.restore_tables();
    std::fill(s.dropped_data.begin(), s.dropped_data.end(), std::uint8_t{0});
    std::fill(s.dropped_elements.begin(), s.dropped_elements.end(), std::uint8_t{0});
    s.segments_dropped = false;
    // It fitted when the instance was created.
    USANCE_INVARIANT(run_segments(s) == TrapCode::kNone);
  }
  s.fresh = true;
}

const Module& Instance::module() const {
  return *state_->module;
}

ByteView Instance::memory() const {
  if (state_->memory == nullptr) return {};
  return {state_->memory->data(), static_cast<std::size_t>(state_->memory->size())};
}

}  // namespace usance::vm
