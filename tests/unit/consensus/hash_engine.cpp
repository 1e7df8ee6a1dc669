#include "tests/unit/consensus/hash_engine.h"

#include "base/hash.h"
#include "base/merkle.h"

namespace usance::consensus {

HashEngine::HashEngine(const ChainId& chain, TimeMs genesis_time, const ValidatorSet& set)
    : genesis_header_(genesis_block_header(chain, genesis_time)) {
  ResultHeader& result = genesis_.result;
  result.chain = chain;
  result.block = block_hash(genesis_header_);
  result.time = genesis_time;
  result.epoch = set.epoch;
  result.set_hash = validator_set_hash(chain, set);
  genesis_.result_hash = result_hash(result);
}

sim::ExecutedPtr HashEngine::execute(const sim::Executed& parent, const CheckedBlock& block,
                                     const std::vector<ReceiptStatus>& marks) {
  auto out = std::make_shared<sim::Executed>();
  ResultHeader& result = out->result;
  result = parent.result;
  result.height = block.header.height;
  result.block = block.hash;
  result.time = block.header.time;
  result.actions = 0;
  std::vector<Hash32> transactions;
  for (const auto& bundle : block.bundles)
    for (const TxId& id : bundle->ids()) {
      if (!is_void(marks.at(result.actions++)))
        result.state_root = sha256({result.state_root.view(), id.view()});
      out->actions.push_back(id);
      transactions.push_back(transaction_leaf(id));
      out->receipts.push_back(sha256(id.view()));
    }
  result.transaction_root = counted_root(transactions.size(), merkle_root(transactions));
  result.receipt_root = counted_root(out->receipts.size(), merkle_root(out->receipts));
  out->result_hash = result_hash(result);
  return out;
}

}  // namespace usance::consensus
