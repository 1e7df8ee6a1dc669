// A member's ledger read from its own disk, while its node is stopped.
#pragma once

#include <memory>

#include "base/recovery_record.h"
#include "storage/ledger_store.h"
#include "tools/usance/context.h"
#include "tools/usance/member.h"

namespace usance::cli {

struct OfflineLedger {
  MemberHome home;
  Path data_dir;
  Genesis genesis;
  std::unique_ptr<storage::LedgerStore> store;  // null: the home holds no ledger
  // What this node's vote log says of the height above the ledger.
  std::optional<CarriedBlock> lock;

  // Null if there is no ledger; `what` cannot be done then.
  [[nodiscard]] Outcome<const storage::LedgerStore*> needed(const std::string& what) const;
};

// kFailedPrecondition: the node runs, or the ledger is another network's.
[[nodiscard]] Outcome<OfflineLedger> open_offline(const MemberHome& home);
// The home that the command line names; kUsage if it is no member's.
[[nodiscard]] Outcome<MemberHome> member_home(const Context& context);

}  // namespace usance::cli
