#include "contracts/executor/contract_table.h"

#include "contracts/host/wasm_host.h"
#include "contracts/system/registry.h"

namespace usance {

namespace {

constexpr std::size_t kCacheBytes = 64 * 1024 * 1024;

}  // namespace

std::optional<ContractNames::Target> ContractNames::find(Overlay& overlay, std::string_view name) {
  const auto known = names_.find(name);
  if (known != names_.end()) return known->second;
  Target target;
  target.native = find_system_contract(name);
  if (target.native == nullptr) {
    const auto hash = registry::current_code(OverlayView(overlay), name);
    if (!hash) return std::nullopt;  // not kept: names that nobody registered are endless
    target.code_hash = *hash;
  }
  names_.emplace(name, target);
  return target;
}

CodeCache::CodeCache() : modules_(host_definitions(), kCacheBytes) {}

vm::ModuleCache::Lease CodeCache::instance(Overlay& overlay, const Hash32& code_hash) {
  auto module = modules_.find(code_hash);
  if (!module) {
    const auto code = registry::code(OverlayView(overlay), code_hash);
    USANCE_INVARIANT(code.has_value());
    auto compiled = modules_.insert(code_hash, *code);
    USANCE_INVARIANT(compiled.has_value());  // the registry compiled it before it was stored
    module = *std::move(compiled);
  }
  auto lease = modules_.instance(code_hash, module);
  USANCE_INVARIANT(lease.has_value());  // the registry checked its imports
  return *std::move(lease);
}

}  // namespace usance
