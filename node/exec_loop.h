// The executing thread: runs decided blocks, writes their outcome in one synced batch each, keeps
// result certificates, and hands certified blocks on. The only writer of results.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <thread>
#include <variant>

#include "consensus/io.h"
#include "contracts/executor/executor.h"
#include "node/directory.h"
#include "node/disk_room.h"
#include "node/mailbox.h"
#include "node/outcome.h"
#include "node/recovery_records.h"

namespace usance::storage {
class LedgerStore;
}

namespace usance::node {

struct ExecutionStats {
  std::atomic<std::uint64_t> transactions{0};
  std::atomic<std::uint64_t> gas{0};
  std::atomic<std::uint64_t> microseconds{0};
  std::atomic<std::uint64_t> blocks{0};
};

class ExecLoop {
 public:
  struct Outputs {
    std::function<void(consensus::Executed)> executed;
    std::function<void(std::shared_ptr<const CertifiedBlock>)> certified;
    std::function<void(Height)> committed;  // after `executed`
    std::function<void(Directory)> members_changed;
    std::function<void(Error)> failed;  // once; the node must stop
  };
  // Genesis and records outlive it.
  ExecLoop(const Genesis& genesis, const RecoveryRecords& recoveries, storage::LedgerStore& store,
           DiskRoom& room, Parameters parameters, Outputs outputs);
  ~ExecLoop();
  void start();
  void stop();  // finishes the block under way
  void execute(consensus::Execute execute) { mailbox_.push_always(std::move(execute)); }
  void certified(consensus::ResultCertified certified) {
    mailbox_.push_always(std::move(certified));
  }
  [[nodiscard]] const ExecutionStats& stats() const { return stats_; }

 private:
  using Item = std::variant<consensus::Execute, consensus::ResultCertified>;
  // Executed here, not certified yet.
  struct Done {
    consensus::BlockPtr block;
    std::vector<Receipt> receipts;
    ResultHeader result;
  };
  void run();
  Result<const RecoveryRecord*> recovery_before(Height height) const;
  Result<void> handle(consensus::Execute& execute);
  Result<void> handle(consensus::ResultCertified& certified);

  const Genesis& genesis_;
  const RecoveryRecords& recoveries_;
  storage::LedgerStore& store_;
  DiskRoom& room_;
  Executor executor_;
  Parameters parameters_;
  const Outputs outputs_;
  Mailbox<Item> mailbox_{SIZE_MAX};  // bounded by kMaxUnexecuted
  std::map<Height, Done> done_;
  std::map<Height, Certificate> early_;  // certified by others before it was executed here
  ExecutionStats stats_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// Height 0: writes the genesis state into an empty store.
[[nodiscard]] Result<void> initialise_store(const Genesis& genesis, storage::LedgerStore& store);

}  // namespace usance::node
