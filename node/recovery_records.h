// The recovery records of a node (docs/spec/recovery.md): files in its data directory, judged
// against its ledger before anything follows from them.
#pragma once

#include <filesystem>
#include <vector>

#include "base/recovery_record.h"
#include "consensus/replica.h"
#include "node/directory.h"
#include "storage/ledger_store.h"

namespace usance::node {

// Whether the ledger agrees with the record: kFailedPrecondition if it holds another result of its
// last height, or has decided a height above it without the record, which would take that back.
// Errors otherwise as those of check_recovery (base) and governance::check_recovery. What lies
// above the ledger is judged when it comes to be executed.
[[nodiscard]] Result<RecoverySigners> judge_recovery(const RecoveryRecord& record,
                                                     const Genesis& genesis,
                                                     const storage::LedgerStore& store);

class RecoveryRecords {
 public:
  // All files in `data_dir`/recovery, none if there is no such folder. kMalformed, kIo.
  static Result<RecoveryRecords> load(const std::filesystem::path& data_dir);
  // Writes one, synced; replaces one of the same epoch. Returns the file.
  static Result<std::filesystem::path> install(const std::filesystem::path& data_dir,
                                               const RecoveryRecord& record);

  // Each by judge_recovery, and signed by enough; one that cannot be judged yet, because the
  // validators before it are not known here, is left for later.
  [[nodiscard]] Result<void> judge(const Genesis& genesis, const storage::LedgerStore& store) const;
  // The record that this height is the first behind, or null.
  [[nodiscard]] const RecoveryRecord* beginning_at(Height first) const;
  // The directory as the records above `executed` will make it: who does not know them could not
  // reach those who serve the heights below.
  [[nodiscard]] Directory ahead(Directory directory, Height executed) const;
  // For the consensus core. kCorrupt: a carried block does not decode.
  [[nodiscard]] Result<std::vector<consensus::Recovery::SetRecovery>> for_core() const;
  [[nodiscard]] const std::vector<RecoveryRecord>& all() const { return records_; }  // ascending

 private:
  std::vector<RecoveryRecord> records_;
};

}  // namespace usance::node
