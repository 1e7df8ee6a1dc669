#include "contracts/system/module_rules.h"

#include "base/limits.h"
#include "contracts/host/wasm_host.h"

namespace usance::registry {

Result<std::shared_ptr<const vm::Module>> check_module(ByteView code) {
  if (code.size() > limits::kMaxCodeBytes)
    return fail(ErrorCode::kInvalidArgument, "the module is too big");
  USANCE_ASSIGN(auto module, vm::compile(code, vm::Profile::kContract));
  USANCE_TRY(vm::check_imports(*module, host_definitions()));
  if (!module->exports_memory("memory"))
    return fail(ErrorCode::kInvalidArgument, "the module does not export its memory");
  const auto invoke = module->find_function("invoke");
  if (!invoke || !module->function_type(*invoke).params.empty() ||
      !module->function_type(*invoke).results.empty())
    return fail(ErrorCode::kInvalidArgument,
                "the module does not export a function `invoke` without parameters and "
                "results");
  return module;
}

}  // namespace usance::registry
