#include "contracts/executor/result.h"

namespace usance {

namespace {

template <class Items, class Leaf>
Hash32 root_over(const Items& items, Leaf leaf) {
  std::vector<Hash32> leaves;
  leaves.reserve(items.size());
  for (const auto& item : items) leaves.push_back(leaf(item));
  return counted_root(leaves.size(), merkle_root(leaves));
}

}  // namespace

Hash32 transaction_root(const std::vector<Receipt>& receipts) {
  return root_over(receipts, [](const Receipt& receipt) { return transaction_leaf(receipt.tx); });
}

Hash32 receipt_root(const std::vector<Receipt>& receipts) {
  return root_over(receipts, [](const Receipt& receipt) { return receipt_leaf(receipt); });
}

Hash32 event_root(const std::vector<Event>& events) {
  return root_over(events, [](const Event& event) { return event_leaf(event); });
}

ResultHeader make_result_header(const BlockHeader& block, const BlockOutcome& outcome,
                                const Hash32& state_root, const Hash32& ledger_root) {
  ResultHeader header;
  header.chain = block.chain;
  header.height = block.height;
  header.block = block_hash(block);
  header.time = block.time;
  header.epoch = outcome.validators.epoch;
  header.set_hash = validator_set_hash(block.chain, outcome.validators);
  if (outcome.pending)
    header.next =
        NextSet{outcome.pending->set.epoch, validator_set_hash(block.chain, outcome.pending->set),
                outcome.pending->height};
  header.state_root = state_root;
  header.transaction_root = transaction_root(outcome.receipts);
  header.receipt_root = receipt_root(outcome.receipts);
  header.event_root = event_root(outcome.events);
  header.actions = static_cast<std::uint32_t>(outcome.receipts.size());
  header.ledger_root = ledger_root;
  header.parameter_hash = parameter_hash(block.chain, outcome.parameters);
  header.next_timer_due = outcome.next_timer_due;
  header.gas_used = outcome.gas_used;
  return header;
}

}  // namespace usance
