// The consensus keys that this node holds: the one it votes with, and the one that is to replace
// it.
#pragma once

#include <memory>

#include "base/signature.h"
#include "node/directory.h"

namespace usance::node {

struct NodeKeys {
  std::unique_ptr<Signer> current;
  std::unique_ptr<Signer> next;  // null: none is prepared

  // This node's entry; null if the ledger has none, as it stands here.
  [[nodiscard]] const KnownNode* entry(const Directory& directory) const {
    const KnownNode* self = directory.by_key(current->public_key());
    return self == nullptr && next ? directory.by_key(next->public_key()) : self;
  }
  // Of the key that the ledger has for this node; the current one where that is not held.
  [[nodiscard]] const Signer& in_force(const Directory& directory) const {
    const KnownNode* self = entry(directory);
    return self != nullptr && next && self->key == next->public_key() ? *next : *current;
  }
};

}  // namespace usance::node
