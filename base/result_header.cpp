#include "base/result_header.h"

#include "base/hash.h"

namespace usance {

Hash32 result_hash(const ResultHeader& header) {
  return tagged_hash("usance/result", header.chain, header);
}

Hash32 ledger_leaf(const Hash32& block, const Hash32& result) {
  Encoder encoder;
  encoder(block);
  encoder(result);
  return merkle_leaf(encoder.data());
}

BlockHeader genesis_block_header(const ChainId& chain, TimeMs time) {
  BlockHeader header;
  header.chain = chain;
  header.time = time;
  header.body_root = body_root(std::vector<Hash32>{});
  return header;
}

}  // namespace usance
