#include "contracts/vm/module_cache.h"

namespace usance::vm {

namespace {

// Instances kept for reuse, by module: nested calls of one contract need more than one.
constexpr std::size_t kIdleInstances = 4;

}  // namespace

ModuleCache::ModuleCache(std::span<const HostDefinition> host, std::size_t max_bytes)
    : host_(host), max_bytes_(max_bytes) {}

std::shared_ptr<const Module> ModuleCache::find(const Hash32& code_hash) {
  const auto found = index_.find(code_hash);
  if (found == index_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->module;
}

Result<std::shared_ptr<const Module>> ModuleCache::insert(const Hash32& code_hash, ByteView code) {
  if (auto known = find(code_hash)) return known;
  USANCE_ASSIGN(auto module, compile(code, Profile::kContract));
  USANCE_TRY(check_imports(*module, host_));
  entries_.push_front(Entry{code_hash, module, {}});
  index_[code_hash] = entries_.begin();
  bytes_ += module->footprint();
  while (bytes_ > max_bytes_ && entries_.size() > 1) {
    bytes_ -= entries_.back().module->footprint();
    index_.erase(entries_.back().hash);
    entries_.pop_back();
  }
  return module;
}

Result<ModuleCache::Lease> ModuleCache::instance(const Hash32& code_hash,
                                                 const std::shared_ptr<const Module>& module) {
  const auto found = index_.find(code_hash);
  if (found != index_.end() && !found->second->idle.empty()) {
    auto& idle = found->second->idle;
    Lease lease(this, code_hash, std::move(idle.back()));
    idle.pop_back();
    return lease;
  }
  USANCE_ASSIGN(auto made, Instance::create(module, host_));
  return Lease(this, code_hash, std::move(made));
}

void ModuleCache::give_back(const Hash32& hash, std::unique_ptr<Instance> instance) {
  const auto found = index_.find(hash);
  if (found == index_.end() || found->second->idle.size() >= kIdleInstances) return;
  instance->reset();
  found->second->idle.push_back(std::move(instance));
}

ModuleCache::Lease& ModuleCache::Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    release();
    cache_ = std::exchange(other.cache_, nullptr);
    hash_ = other.hash_;
    instance_ = std::move(other.instance_);
  }
  return *this;
}

void ModuleCache::Lease::release() {
  if (cache_ != nullptr && instance_ != nullptr) cache_->give_back(hash_, std::move(instance_));
  cache_ = nullptr;
}

}  // namespace usance::vm
