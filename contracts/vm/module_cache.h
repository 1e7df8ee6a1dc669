// Compiled modules by code hash, each with instances that wait to be used again. One thread.
#pragma once

#include <list>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "contracts/vm/instance.h"

namespace usance::vm {

class ModuleCache {
 public:
  // Gives its instance back, reset, when it goes. May outlive neither the cache nor a call.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept { *this = std::move(other); }
    Lease& operator=(Lease&& other) noexcept;
    ~Lease() { release(); }
    [[nodiscard]] Instance& operator*() const { return *instance_; }
    [[nodiscard]] Instance* operator->() const { return instance_.get(); }

   private:
    friend class ModuleCache;
    Lease(ModuleCache* cache, const Hash32& hash, std::unique_ptr<Instance> instance)
        : cache_(cache), hash_(hash), instance_(std::move(instance)) {}
    void release();

    ModuleCache* cache_ = nullptr;
    Hash32 hash_;
    std::unique_ptr<Instance> instance_;
  };

  // Keeps modules (the least recently used leaves first) up to `max_bytes` of Module::footprint.
  // `host` must outlive the cache.
  ModuleCache(std::span<const HostDefinition> host, std::size_t max_bytes);

  // The module of that hash, or nothing; compile and insert it then.
  [[nodiscard]] std::shared_ptr<const Module> find(const Hash32& code_hash);
  // Compiles in the contract profile and keeps the result. `code` must have the hash.
  [[nodiscard]] Result<std::shared_ptr<const Module>> insert(const Hash32& code_hash,
                                                             ByteView code);
  // A fresh or reset instance. The module must have come from find() or insert().
  [[nodiscard]] Result<Lease> instance(const Hash32& code_hash,
                                       const std::shared_ptr<const Module>& module);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    Hash32 hash;
    std::shared_ptr<const Module> module;
    std::vector<std::unique_ptr<Instance>> idle;
  };
  void give_back(const Hash32& hash, std::unique_ptr<Instance> instance);

  std::span<const HostDefinition> host_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<Hash32, std::list<Entry>::iterator, FixedBytesHash> index_;
};

}  // namespace usance::vm
