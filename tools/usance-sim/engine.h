// What executes the blocks of a simulated ledger: the real executor over a state tree in memory
// (chain.h), or a hash chain in tests of the core alone.
#pragma once

#include "consensus/replica.h"

namespace usance::sim {

// What one block made of the ledger.
struct Executed {
  ResultHeader result;
  Hash32 result_hash;
  std::vector<TxId> actions;             // by index in the block, as consensus::ResultParts
  std::vector<Hash32> receipts;          // their leaves
  std::optional<Parameters> parameters;  // if the block changed them
  std::vector<consensus::KeyGrant> keys;
  std::optional<ValidatorSet> next_set;  // if one is pending
};
using ExecutedPtr = std::shared_ptr<const Executed>;

// Nodes may share one: it remembers what it executed, and a node's ledger says how far that node
// got.
class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual const BlockHeader& genesis_header() const = 0;
  [[nodiscard]] virtual const Executed& genesis() const = 0;
  // The block after `parent`, which this engine made.
  virtual ExecutedPtr execute(const Executed& parent, const consensus::CheckedBlock& block,
                              const std::vector<ReceiptStatus>& marks) = 0;
  // Sets, keys and parameters that a node finds which executed up to head; of no state below
  // recovery.base. A null head: genesis.
  virtual void recover(Height certified, const Executed& head,
                       consensus::Recovery& recovery) const = 0;
};

}  // namespace usance::sim
