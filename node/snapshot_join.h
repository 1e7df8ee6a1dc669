// How a new node far behind begins with a snapshot instead of every block (docs/spec/snapshot.md,
// SN-12 to SN-15): learns from the others where the ledger is, fetches and stores a snapshot in a
// directory of its own, and says when the node is to be opened anew with it. One thread; the public
// functions are thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "consensus/snapshot_fetch.h"
#include "node/byte_budget.h"
#include "node/mailbox.h"
#include "storage/snapshot_import.h"

namespace usance::node {

// Since the process began: outlives the opening anew.
struct SnapshotCounters {
  std::atomic<std::uint64_t> pieces{0};  // verified and stored
  std::atomic<std::uint64_t> blamed{0};  // peers that sent what is not proven
  std::atomic<bool> fetching{false};     // until it is over, or opened: the node has no ledger

  [[nodiscard]] std::optional<std::uint64_t> pieces_here() const {
    return fetching ? std::optional(pieces.load()) : std::nullopt;
  }
};

class SnapshotJoin {
 public:
  struct Options {
    const Genesis* genesis = nullptr;  // these outlive it
    std::vector<RecoveryRecord> recoveries;
    const Verifier* verifier = nullptr;
    PublicKey self;
    ResultHeader genesis_result;
    std::filesystem::path directory;  // of the snapshot's store
    std::uint64_t after = 0;          // heights behind which a snapshot is worth it
    std::shared_ptr<SnapshotCounters> counters;
  };
  struct Outputs {
    std::function<std::vector<PublicKey>()> peers;  // that are connected
    std::function<std::string(const PublicKey&)> name;
    std::function<void(const PublicKey&, const std::shared_ptr<const Bytes>&)> send;
    std::function<void(const PublicKey&, const std::string& why)> drop;
    std::function<void(Height)> whole;  // the directory holds a store of that height
  };
  enum class Phase : std::uint8_t {
    kUndecided,
    kFetching,
    kWhole,
    kOver,  // not needed, or nobody serves one: the node fetches blocks
  };

  SnapshotJoin(Options options, Outputs outputs);
  ~SnapshotJoin();
  void start();
  void stop();

  [[nodiscard]] Phase phase() const { return phase_; }

  // What a peer announced as decided.
  void heard(const PublicKey& from, Height decided);
  // The charge is held until the answer was looked at. One answer of each peer waits.
  void receive(const PublicKey& from, consensus::SnapshotAnswer answer, ByteCharge charge);
  // The node has executed a height: it goes on with blocks, unless the fetch has begun.
  void executed();

 private:
  using Clock = std::chrono::steady_clock;
  struct Heard {
    Height decided;
  };
  struct Item {
    PublicKey from;
    std::variant<Heard, consensus::SnapshotAnswer> what;
    ByteCharge charge;
  };
  void run();
  void looked_at(const Item& item);
  void decide();
  [[nodiscard]] Height claimed() const;
  void begin_fetch(Height decided);
  void step(Item* item);
  void carry_out(consensus::SnapshotFetch::Outputs outputs);
  Result<void> store(consensus::SnapshotFetch::Outputs& outputs);
  void look_at_phase();
  void over(const std::string& why);
  [[nodiscard]] std::uint64_t now_ms() const;

  const Options options_;
  const Outputs outputs_;
  std::vector<PublicKey> others_;  // validators of the genesis but this node
  Mailbox<Item> mailbox_{256};
  std::atomic<Phase> phase_{Phase::kUndecided};
  std::mutex waiting_mutex_;
  std::set<PublicKey> waiting_;  // peers whose answer waits

  // The thread's.
  std::map<PublicKey, Height> claims_;
  std::optional<Clock::time_point> first_heard_;
  std::optional<consensus::SnapshotFetch> fetch_;
  std::set<PublicKey> connected_;
  std::unique_ptr<storage::SnapshotImport> import_;
  Clock::time_point told_;
  const Clock::time_point begun_ = Clock::now();
  std::thread thread_;
};

// Puts a whole snapshot's store in the place of the ledger's, as a start does before it opens the
// ledger; half of one is removed, and so is one beside a ledger that has executed anything. True if
// it did. Errors: kIo.
[[nodiscard]] Result<bool> install_snapshot(const std::filesystem::path& data_dir,
                                            const ChainId& chain);
[[nodiscard]] std::filesystem::path snapshot_directory(const std::filesystem::path& data_dir);

}  // namespace usance::node
