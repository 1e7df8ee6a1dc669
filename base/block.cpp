#include "base/block.h"

#include "base/hash.h"

namespace usance {

Hash32 block_hash(const BlockHeader& header) {
  return tagged_hash("usance/block", header.chain, header);
}

Hash32 body_root(const std::vector<Hash32>& bundle_hashes) {
  std::vector<Hash32> leaves;
  leaves.reserve(bundle_hashes.size());
  for (const Hash32& hash : bundle_hashes) leaves.push_back(merkle_leaf(hash.view()));
  return counted_root(leaves.size(), merkle_root(leaves));
}

Hash32 body_root(const BlockBody& body) {
  std::vector<Hash32> hashes;
  hashes.reserve(body.bundles.size());
  for (const Bytes& bundle : body.bundles) hashes.push_back(sha256(bundle));
  return body_root(hashes);
}

}  // namespace usance
