// Execution for tests of the core alone: the state is a hash chain over the executed ids.
#pragma once

#include <map>

#include "tools/usance-sim/engine.h"

namespace usance::consensus {

class HashEngine final : public sim::Engine {
 public:
  HashEngine(const ChainId& chain, TimeMs genesis_time, const ValidatorSet& set);

  [[nodiscard]] const BlockHeader& genesis_header() const override { return genesis_header_; }
  [[nodiscard]] const sim::Executed& genesis() const override { return genesis_; }
  sim::ExecutedPtr execute(const sim::Executed& parent, const CheckedBlock& block,
                           const std::vector<ReceiptStatus>& marks) override;
  // The genesis of the test stands: its sets, keys and parameters do not change.
  void recover(Height, const sim::Executed&, Recovery&) const override {}

 private:
  BlockHeader genesis_header_;
  sim::Executed genesis_;
};

}  // namespace usance::consensus
