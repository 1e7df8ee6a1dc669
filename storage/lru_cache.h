// A bounded cache that forgets what was used longest ago. For one thread.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

namespace usance::storage {

template <class Key, class Value, class Hash>
class LruCache {
 public:
  explicit LruCache(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

  [[nodiscard]] std::shared_ptr<const Value> find(const Key& key) {
    const auto it = index_.find(key);
    if (it == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, it->second);
    return it->second->value;
  }
  void insert(const Key& key, std::shared_ptr<const Value> value, std::size_t bytes) {
    replace(key, key, std::move(value), bytes);
  }
  // The value under `key` takes the place of the one under `old`, which may be absent.
  void replace(const Key& old, const Key& key, std::shared_ptr<const Value> value,
               std::size_t bytes) {
    if (!(old == key)) erase(key);
    if (auto node = index_.extract(old)) {
      const auto entry = node.mapped();
      used_ -= entry->bytes;
      *entry = {key, std::move(value), bytes};
      entries_.splice(entries_.begin(), entries_, entry);
      node.key() = key;
      index_.insert(std::move(node));
    } else {
      entries_.push_front({key, std::move(value), bytes});
      index_.emplace(key, entries_.begin());
    }
    used_ += bytes;
    while (used_ > capacity_ && entries_.size() > 1) erase(Key(entries_.back().key));
  }
  void erase(const Key& key) {
    const auto it = index_.find(key);
    if (it == index_.end()) return;
    used_ -= it->second->bytes;
    entries_.erase(it->second);
    index_.erase(it);
  }
  [[nodiscard]] std::size_t used_bytes() const { return used_; }

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const Value> value;
    std::size_t bytes;
  };
  std::size_t capacity_;
  std::size_t used_ = 0;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> index_;
};

}  // namespace usance::storage
