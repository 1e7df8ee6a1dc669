// What the changes of one block make of the state: new versions of objects, pages and indexes,
// computed from reads alone. docs/spec/state.md has the rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/object_source.h"

namespace usance::storage {

struct StagedObject {
  Address address;
  std::optional<Address> replaces;
  std::shared_ptr<const Object> object;
  Bytes record;
};

// A key of the items or scopes family.
struct IndexWrite {
  std::string key;
  std::optional<std::string> value;  // nothing: the key goes
};

struct Staging {
  StateVersion version;
  std::vector<StagedObject> objects;  // ascending by address
  PageSink pages;
  std::vector<Address> removed_objects;  // ephemeral ones that became empty
  std::vector<IndexWrite> items;
  std::vector<IndexWrite> scopes;
};

// kInvalidArgument: a size is over its limit, one item has two changes by one action, or an item
// that does not exist is deleted. kResourceExhausted: one object has too many changes.
[[nodiscard]] Result<Staging> stage_changes(ObjectSource& source, const StateVersion& parent,
                                            Height height, std::span<const StateChange> changes);

}  // namespace usance::storage
