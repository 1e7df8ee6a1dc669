// Reads one version of the state from its pages and records, each checked against the hash above
// it. For one thread; several readers may share a database.
#pragma once

#include <functional>
#include <optional>

#include "storage/database.h"
#include "storage/lru_cache.h"
#include "storage/object_source.h"

namespace usance::storage {

// Pages and objects from the database behind a bounded cache. Versions never change, so nothing
// here is ever out of date.
class StateSource final : public ObjectSource {
 public:
  StateSource(const Database& database, std::size_t cache_bytes);

  Result<std::shared_ptr<const TreePage>> page(TreeKind kind, Address address,
                                               std::size_t depth) override;
  [[nodiscard]] Result<std::shared_ptr<const Object>> object(const BucketLeaf& leaf) override;
  // A record by address alone, with its changes, not cached: for walking back in history.
  [[nodiscard]] Result<Object> record(Address address) const;

  // What the writer just wrote.
  void remember(Address address, std::shared_ptr<const TreePage> page);
  void replace(std::optional<Address> old, Address address, std::shared_ptr<const Object> object);
  void forget_page(Address address) { pages_.erase(address); }
  void forget_object(Address address) { objects_.erase(address); }

  [[nodiscard]] const Database& database() const { return database_; }

 private:
  const Database& database_;
  LruCache<Address, TreePage, AddressHash> pages_;
  LruCache<Address, Object, AddressHash> objects_;
};

// Nothing if the scope does not exist.
[[nodiscard]] Result<std::shared_ptr<const Object>> find_object(StateSource& source,
                                                                const StateVersion& version,
                                                                std::string_view contract,
                                                                const Bytes& scope);

// What the items family holds for a version: the first of these and the value, or the second.
inline constexpr char kItemPresent = 1;
inline constexpr char kItemDeleted = 0;

// Item values of a large object at a height. Items of ephemeral contracts exist only as of the
// newest height, or of the moment that is given.
[[nodiscard]] Result<std::optional<Bytes>> read_paged_item(const Database& database,
                                                           const Object& object, const Bytes& item,
                                                           Height height,
                                                           const Moment* moment = nullptr);
// Ascending by item, until the visitor returns false. It must not read the database.
using ItemVisitor = std::function<bool(const Bytes& item, ByteView value)>;
[[nodiscard]] Result<void> visit_paged_items(const Database& database, const Object& object,
                                             const Bytes& from, const Bytes& to, Height height,
                                             const Moment* moment, const ItemVisitor& visit);
[[nodiscard]] Result<std::vector<StateItem>> list_paged_items(const Database& database,
                                                              const Object& object,
                                                              const Bytes& from, const Bytes& to,
                                                              Height height, std::size_t limit);
// kPruned if a later block than `height` may have overwritten what was read of the object before
// this call: large ephemeral objects keep the values of the newest height only.
[[nodiscard]] Result<void> check_held(const Database& database, const Object& object,
                                      Height height);
// Under which height an item of a large object is written at `height`.
[[nodiscard]] Height item_version(std::string_view contract, Height height);

// Of any object, large or not.
[[nodiscard]] Result<std::optional<Bytes>> read_item(const Database& database, const Object& object,
                                                     const Bytes& item, Height height);
[[nodiscard]] Result<std::vector<StateItem>> list_items(const Database& database,
                                                        const Object& object, const Bytes& from,
                                                        const Bytes& to, Height height,
                                                        std::size_t limit);

// A StateView over a version that `version` points to, which may move on between two calls. Throws
// StateUnreadable; so it does, with kPruned, for what later blocks may have overwritten, unless the
// reader is the one who writes them.
class StoredStateView final : public StateView {
 public:
  enum class Reader : std::uint8_t { kWriter, kOther };
  StoredStateView(StateSource& source, const StateVersion& version, Reader reader)
      : source_(&source), version_(&version), reader_(reader) {}
  [[nodiscard]] std::optional<Bytes> get(const StateKey& key) const override;
  [[nodiscard]] std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                            const Bytes& from, const Bytes& to,
                                            std::size_t limit) const override;

 private:
  void require_held(const Object& object, Height height) const;  // after the read: check_held

  StateSource* source_;
  const StateVersion* version_;
  Reader reader_;
};

}  // namespace usance::storage
