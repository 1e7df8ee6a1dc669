// From a contract's name to what runs: native code, or a compiled module by its hash.
#pragma once

#include <map>
#include <string>

#include "contracts/host/overlay.h"
#include "contracts/system/native.h"
#include "contracts/vm/module_cache.h"

namespace usance {

// Which code the names stand for, as of the state it was filled from. Forget it when the registry
// changes.
class ContractNames {
 public:
  struct Target {
    const SystemContract* native = nullptr;
    Hash32 code_hash;  // otherwise
  };
  // Nothing when no contract has the name.
  [[nodiscard]] std::optional<Target> find(Overlay& overlay, std::string_view name);
  void clear() { names_.clear(); }

 private:
  std::map<std::string, Target, std::less<>> names_;
};

// Compiled code by hash, loaded from the state on first use. Code never changes, so this outlives
// blocks and serves any state.
class CodeCache {
 public:
  CodeCache();
  // A fresh instance. The code must be in the state.
  [[nodiscard]] vm::ModuleCache::Lease instance(Overlay& overlay, const Hash32& code_hash);

 private:
  vm::ModuleCache modules_;
};

}  // namespace usance
