#include "contracts/system/registry_code.h"

#include "base/hash.h"
#include "contracts/host/wasm_host.h"
#include "contracts/system/registry_records.h"
#include "contracts/vm/module.h"

namespace usance::registry {

namespace {

using contract::fail;

Result<void> check_module(ByteView code) {
  USANCE_ASSIGN(const auto module, vm::compile(code, vm::Profile::kContract));
  USANCE_TRY(vm::check_imports(*module, host_definitions()));
  if (!module->exports_memory("memory"))
    return usance::fail(ErrorCode::kInvalidArgument, "the module does not export its memory");
  const auto invoke = module->find_function("invoke");
  if (!invoke || !module->function_type(*invoke).params.empty() ||
      !module->function_type(*invoke).results.empty())
    return usance::fail(ErrorCode::kInvalidArgument,
                        "the module does not export a function `invoke` without parameters and "
                        "results");
  return {};
}

}  // namespace

void check_code(Invocation& invocation, ByteView code) {
  if (!invocation.charge(gas::kDeployCode.of(code.size()))) throw NativeTrap{TrapCode::kOutOfGas};
  if (code.size() > limits::kMaxCodeBytes) fail(v1::errors::invalid_code("the module is too big"));
  if (const auto valid = check_module(code); !valid)
    fail(v1::errors::invalid_code(valid.error().message));
}

Hash32 store_code(contract::Context& ctx, ByteView code) {
  const Hash32 hash = sha256(code);
  const std::string scope = code_scope(hash);
  contract::Record<v1::Code> record(ctx, scope);
  if (record.exists()) return hash;
  v1::Code stored;
  stored.size = static_cast<std::uint32_t>(code.size());
  stored.stored = static_cast<std::uint64_t>(ctx.height());
  for (std::size_t at = 0; at < code.size(); at += kChunkBytes) {
    const std::size_t size = std::min(kChunkBytes, code.size() - at);
    ctx.put(scope, chunk_item(stored.chunks++), code.subspan(at, size));
  }
  record.put(stored);
  return hash;
}

}  // namespace usance::registry
