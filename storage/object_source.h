// Where versions of the state come from: pages and objects by address. Implementations: the
// database behind its caches, and the simulator's memory.
#pragma once

#include "storage/object_record.h"

namespace usance::storage {

class ObjectSource : public PageSource {
 public:
  // The object of a leaf of the tree of scopes. Errors: kCorrupt (absent or undecodable), kIo.
  [[nodiscard]] virtual Result<std::shared_ptr<const Object>> object(const BucketLeaf& leaf) = 0;
};

// A version of the whole state.
struct StateVersion {
  Height height;
  TreeVersion tree;
};

}  // namespace usance::storage
