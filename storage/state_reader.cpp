#include "storage/state_reader.h"

#include <algorithm>

#include "storage/keys.h"

namespace usance::storage {

namespace {

std::string describe(Address address) {
  return "record " + std::to_string(address.index) + " of height " + std::to_string(address.height);
}

// No result may depend on a read that the disk refuses (base/state.h).
template <class T>
T or_throw(Result<T> result, Height height) {
  if (result) return *std::move(result);
  Error error = std::move(result).error();
  error.message =
      "the state of height " + std::to_string(height.value) + " cannot be read: " + error.message;
  throw StateUnreadable{std::move(error)};
}

}  // namespace

StateSource::StateSource(const Database& database, std::size_t cache_bytes)
    : database_(database), pages_(cache_bytes / 2), objects_(cache_bytes / 2) {}

Result<std::shared_ptr<const TreePage>> StateSource::page(TreeKind kind, Address address,
                                                          std::size_t depth) {
  if (auto cached = pages_.find(address)) return cached;
  USANCE_ASSIGN(const auto raw, database_.get(Family::kPages, keys::address(address)));
  if (!raw) return fail(ErrorCode::kCorrupt, "the page is missing");
  auto decoded = decode_page(kind, depth, contents(*raw));
  if (!decoded) return fail(ErrorCode::kCorrupt, decoded.error().message);
  auto page = std::make_shared<const TreePage>(*std::move(decoded));
  remember(address, page);
  return page;
}

Result<std::shared_ptr<const Object>> StateSource::object(const BucketLeaf& leaf) {
  if (auto cached = objects_.find(leaf.record)) return cached;
  USANCE_ASSIGN(Object loaded, record(leaf.record));
  USANCE_TRY(check_object(loaded, leaf));
  loaded.changes.clear();
  auto object = std::make_shared<const Object>(std::move(loaded));
  replace(std::nullopt, leaf.record, object);
  return object;
}

Result<Object> StateSource::record(Address address) const {
  USANCE_ASSIGN(const auto raw, database_.get(Family::kObjects, keys::address(address)));
  if (!raw) return fail(ErrorCode::kCorrupt, describe(address) + " is missing");
  auto decoded = decode_object(contents(*raw));
  if (!decoded)
    return fail(ErrorCode::kCorrupt, describe(address) + ": " + decoded.error().message);
  return decoded;
}

void StateSource::remember(Address address, std::shared_ptr<const TreePage> page) {
  const std::size_t bytes = page->footprint();
  pages_.insert(address, std::move(page), bytes);
}

void StateSource::replace(std::optional<Address> old, Address address,
                          std::shared_ptr<const Object> object) {
  const std::size_t bytes = object->footprint();
  objects_.replace(old.value_or(address), address, std::move(object), bytes);
}

Result<std::shared_ptr<const Object>> find_object(StateSource& source, const StateVersion& version,
                                                  std::string_view contract, const Bytes& scope) {
  USANCE_ASSIGN(const auto leaf,
                find_leaf(source, TreeKind::kScopes, version.tree, scope_path(contract, scope)));
  if (!leaf) return std::shared_ptr<const Object>();
  return source.object(*leaf);
}

Height item_version(std::string_view contract, Height height) {
  return is_ephemeral(contract) ? Height(0) : height;
}

Result<std::optional<Bytes>> read_paged_item(const Database& database, const Object& object,
                                             const Bytes& item, Height height,
                                             const Moment* moment) {
  const Hash32 path = scope_path(object.contract, object.scope);
  const Cursor it = database.cursor(Family::kItems, moment);
  const std::string bound = keys::item_bound(path, item);
  it->Seek(keys::item(path, item, item_version(object.contract, height)));
  if (!it->Valid()) {
    if (!it->status().ok()) return tl::unexpected<Error>(to_error(it->status()));
    return std::optional<Bytes>();
  }
  if (!it->key().starts_with(bound)) return std::optional<Bytes>();
  rocksdb::Slice value = it->value();
  if (value.empty() || value[0] != kItemPresent) return std::optional<Bytes>();
  value.remove_prefix(1);
  return std::optional<Bytes>(copy(value));
}

Result<void> visit_paged_items(const Database& database, const Object& object, const Bytes& from,
                               const Bytes& to, Height height, const Moment* moment,
                               const ItemVisitor& visit) {
  const Hash32 path = scope_path(object.contract, object.scope);
  const std::string prefix = keys::item_prefix(path);
  const Height version = item_version(object.contract, height);
  Bytes item;
  std::optional<Bytes> answered;  // the item whose newest version was already seen
  const Cursor it = database.cursor(Family::kItems, moment);
  for (it->Seek(keys::item_bound(path, from)); it->Valid() && it->key().starts_with(prefix);
       it->Next()) {
    Height written;
    if (!keys::parse_item(it->key().ToStringView(), item, written))
      return fail(ErrorCode::kCorrupt, "a key of the items of object " +
                                           describe_scope(object.contract, object.scope) +
                                           " is malformed");
    if (!to.empty() && item >= to) break;
    if (written > version || answered == item) continue;
    answered = item;
    rocksdb::Slice value = it->value();
    if (value.empty() || value[0] != kItemPresent) continue;
    value.remove_prefix(1);
    if (!visit(item, contents(value))) break;
  }
  if (!it->status().ok()) return tl::unexpected<Error>(to_error(it->status()));
  return {};
}

Result<std::vector<StateItem>> list_paged_items(const Database& database, const Object& object,
                                                const Bytes& from, const Bytes& to, Height height,
                                                std::size_t limit) {
  std::vector<StateItem> out;
  if (limit == 0) return out;
  USANCE_TRY(visit_paged_items(database, object, from, to, height, nullptr,
                               [&](const Bytes& item, ByteView value) {
                                 out.push_back({item, Bytes(value.begin(), value.end())});
                                 return out.size() < limit;
                               }));
  return out;
}

Result<std::optional<Bytes>> read_item(const Database& database, const Object& object,
                                       const Bytes& item, Height height) {
  if (object.paged) return read_paged_item(database, object, item, height);
  const ObjectItem* held = object.find(item);
  if (held == nullptr) return std::optional<Bytes>();
  return std::optional<Bytes>(held->value);
}

Result<std::vector<StateItem>> list_items(const Database& database, const Object& object,
                                          const Bytes& from, const Bytes& to, Height height,
                                          std::size_t limit) {
  if (object.paged) return list_paged_items(database, object, from, to, height, limit);
  std::vector<StateItem> out;
  for (const ObjectItem& held : object.items) {
    if (out.size() >= limit || (!to.empty() && held.item >= to)) break;
    if (held.item >= from) out.push_back({held.item, held.value});
  }
  return out;
}

// A block's values and its result are one batch: as long as the next result is not there, after the
// read, nothing was overwritten before it.
Result<void> check_held(const Database& database, const Object& object, Height height) {
  if (!object.paged || !is_ephemeral(object.contract)) return {};
  USANCE_ASSIGN(const auto next, database.get(Family::kResults, keys::height(height.next())));
  if (next)
    return fail(ErrorCode::kPruned,
                "values of " + object.contract + " are held as of the newest height only");
  return {};
}

void StoredStateView::require_held(const Object& object, Height height) const {
  if (reader_ == Reader::kWriter) return;
  if (auto held = check_held(source_->database(), object, height); !held)
    throw StateUnreadable{held.error()};
}

std::optional<Bytes> StoredStateView::get(const StateKey& key) const {
  const Height height = version_->height;
  const auto object = or_throw(find_object(*source_, *version_, key.contract, key.scope), height);
  if (object == nullptr) return std::nullopt;
  auto value = or_throw(read_item(source_->database(), *object, key.item, height), height);
  require_held(*object, height);
  return value;
}

std::vector<StateItem> StoredStateView::list(const std::string& contract, const Bytes& scope,
                                             const Bytes& from, const Bytes& to,
                                             std::size_t limit) const {
  const Height height = version_->height;
  const auto object = or_throw(find_object(*source_, *version_, contract, scope), height);
  if (object == nullptr) return {};
  auto items = or_throw(list_items(source_->database(), *object, from, to, height, limit), height);
  require_held(*object, height);
  return items;
}

}  // namespace usance::storage
