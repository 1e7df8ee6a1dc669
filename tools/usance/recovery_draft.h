// A recovery record made from one node's ledger, for the members to sign (docs/recovery.md).
#pragma once

#include <string>
#include <vector>

#include "tools/usance/offline_ledger.h"

namespace usance::cli {

struct RecoveryPlan {
  std::string reason;
  // Of nodes by name. A new key is KEY or KEY:TLS_KEY, each 64 hexadecimal digits.
  std::vector<std::string> rekeyed;  // "NODE=KEY" or "NODE=KEY:TLS_KEY"
  std::vector<std::string> without;  // validators that leave
  std::vector<std::string> with;     // followers that become validators
};

// Of the highest height of the ledger, unsigned. kUsage: the plan does not fit the ledger, or the
// ledger has decided heights that it has not executed.
[[nodiscard]] Outcome<RecoveryRecord> draft_recovery(const OfflineLedger& ledger,
                                                     const RecoveryPlan& plan);

}  // namespace usance::cli
