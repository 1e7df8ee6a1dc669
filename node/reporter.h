// Puts the contradictions of validators that this node has found on the ledger, each once, as
// transactions of a user of its own organisation.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/signature.h"
#include "node/damage.h"
#include "node/outcome.h"
#include "storage/ledger_store.h"

namespace usance::node {

class Reporter {
 public:
  struct Options {
    ChainId chain;
    OrgId org;                     // this node's
    std::unique_ptr<Signer> user;  // a user of it who may submit; null: nothing is reported
    std::filesystem::path data_dir;
    // How many looks this node leaves to others before it reports a case: most see the same ones.
    std::size_t patience = 0;
  };
  // False: not now.
  using Submit = std::function<bool(const OrgId& org, Bytes bundle, Waiter waiter)>;

  Reporter(Options options, const storage::LedgerStore& store, DamageAlarm& damage, Submit submit);
  ~Reporter();

  // From one thread, a few times a second: every few seconds one look.
  void housekeeping(Height certified);
  // Reports the first case that the certified state does not have, if others had their turns.
  // kCorrupt: the state cannot be read.
  Result<void> look(Height certified);

 private:
  class Outcome;
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] Bytes bundle(Bytes arguments, Height certified) const;

  const Options options_;
  const storage::LedgerStore& store_;
  DamageAlarm& damage_;
  const Submit submit_;
  Clock::time_point next_look_;
  std::map<std::string, std::size_t> looks_;  // at cases not on the ledger, by their file
  std::set<std::string> settled_;             // it has these
  std::shared_ptr<Outcome> pending_;          // one transaction at a time
};

}  // namespace usance::node
