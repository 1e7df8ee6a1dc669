// Runs contracts inside an action: frames, depth, re-entrancy, rollback.
#pragma once

#include "contracts/executor/contract_table.h"
#include "contracts/host/invocation.h"

namespace usance {

class Runner final : public ContractRunner {
 public:
  Runner(Overlay& overlay, ContractNames& names, CodeCache& code)
      : overlay_(overlay), names_(names), code_(code) {}

  CallEnd run(Invocation& invocation) override;
  CallEnd run_code(Invocation& invocation, const Hash32& code_hash) override;

 private:
  CallEnd run_target(Invocation& invocation, const ContractNames::Target& target);
  CallEnd run_system(Invocation& invocation, const SystemContract& contract);

  Overlay& overlay_;
  ContractNames& names_;
  CodeCache& code_;
};

}  // namespace usance
