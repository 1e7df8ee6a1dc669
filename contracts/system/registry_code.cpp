#include "contracts/system/registry_code.h"

#include "base/hash.h"
#include "contracts/system/module_rules.h"
#include "contracts/system/registry_records.h"

namespace usance::registry {

namespace {

using contract::fail;

}  // namespace

void check_code(Invocation& invocation, ByteView code) {
  if (!invocation.charge(gas::kDeployCode.of(code.size()))) throw NativeTrap{TrapCode::kOutOfGas};
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
