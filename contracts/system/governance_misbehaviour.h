// Validators that contradicted themselves, proven by their own signatures.
#pragma once

#include "contracts/system/governance_nodes.h"

namespace usance::governance {

class Cases {
 public:
  Cases(contract::Context& ctx, const Statements& statements)
      : ctx_(ctx), statements_(statements), cases_(ctx, kMisbehaviour) {}

  // Records the contradiction. Ends the call unless both signatures verify, of a key that a node
  // of this ledger has or had, and if it is recorded already, whatever the two hashes.
  v1::Misbehaviour report(const v1::Contradiction& proof);
  [[nodiscard]] v1::MisbehaviourList list() const;  // by height; the first 256

 private:
  contract::Context& ctx_;
  const Statements& statements_;
  contract::Collection<v1::Misbehaviour> cases_;
};

}  // namespace usance::governance
