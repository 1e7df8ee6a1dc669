// A ledger of one process for measurements: the executor and the VM over the store on disk, without
// consensus and signatures' checks. A block costs what it costs the thread that executes.
#pragma once

#include <filesystem>
#include <memory>

#include "contracts/executor/executor.h"
#include "storage/ledger_store.h"

namespace usance::tools {

class CalibrationLedger {
 public:
  struct Cost {
    std::uint64_t gas = 0;
    double cpu_milliseconds = 0;  // of the process: execution, state tree, batch, RocksDB's threads
    [[nodiscard]] double nanoseconds_per_gas() const {
      return cpu_milliseconds * 1e6 / static_cast<double>(gas);
    }
  };

  // A new ledger in a folder of its own, removed at the end, that holds these items from height 0.
  [[nodiscard]] static Result<std::unique_ptr<CalibrationLedger>> create(
      std::vector<StateChange> items);
  ~CalibrationLedger();
  CalibrationLedger(const CalibrationLedger&) = delete;
  CalibrationLedger& operator=(const CalibrationLedger&) = delete;

  // Closes and opens the store: nothing is in its caches then, only in those of the system.
  [[nodiscard]] Result<void> reopen();
  [[nodiscard]] Result<void> deploy(const std::string& name, Bytes module);
  // A block of these calls, one transaction each. kInternal: one of them failed.
  [[nodiscard]] Result<Cost> block(const std::string& contract, const std::string& method,
                                   const std::vector<Bytes>& arguments);

 private:
  CalibrationLedger();
  [[nodiscard]] Result<void> commit(const BlockInput& input, const BlockBody& body,
                                    const BlockOutcome& outcome);

  std::filesystem::path directory_;
  Genesis genesis_;
  std::unique_ptr<storage::LedgerStore> store_;
  std::unique_ptr<Signer> signer_;
  Executor executor_;
  Hash32 parent_;
  TimeMs time_;
  std::uint64_t nonce_ = 0;
};

}  // namespace usance::tools
