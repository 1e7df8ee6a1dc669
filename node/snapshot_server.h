// Gives snapshots of the ledger to nodes that join (docs/spec/snapshot.md, SN-9 to SN-11): takes
// them as heights are executed, holds a few, and answers one request at a time on the query
// threads, so that all others stay free for clients; one of each peer waits. Thread-safe. Ends
// before its store does.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "consensus/snapshot_messages.h"
#include "node/damage.h"
#include "node/query_pool.h"
#include "storage/snapshot_export.h"

namespace usance::node {

class SnapshotServer {
 public:
  using Send = std::function<void(const PublicKey& peer, const std::shared_ptr<const Bytes>&)>;

  SnapshotServer(const storage::LedgerStore& store, QueryPool& queries, DamageAlarm& damage,
                 Send send);

  // By the store's writer thread, after a height: takes a snapshot at multiples of
  // kSnapshotInterval.
  void executed(Height height);
  // Takes one now. By the writer thread, or before it begins.
  void take();
  // A request that finds the peer's former one, or too many queries, under way is lost.
  void receive(const PublicKey& from, consensus::SnapshotRequest request);
  [[nodiscard]] std::size_t held() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Held {
    std::unique_ptr<storage::SnapshotExport> snapshot;
    Clock::time_point taken;
    std::shared_ptr<const Bytes> offer;  // encoded, once made; guarded by mutex_
  };
  using HeldPtr = std::shared_ptr<Held>;
  // What a peer fetches is held for it: one snapshot for each of them.
  struct Lease {
    Height height;
    Clock::time_point asked;
  };
  struct Waiting {
    PublicKey from;
    consensus::SnapshotRequest request;
  };
  void drop_old();
  HeldPtr find(const PublicKey& from, Height height);
  void answer_next();
  void answer(const Waiting& next);
  consensus::SnapshotAnswer answer_to(const PublicKey& from, const consensus::FetchState& request);
  consensus::SnapshotAnswer answer_to(const PublicKey& from,
                                      const consensus::FetchOutcomes& request);
  std::shared_ptr<const Bytes> offer_above(const PublicKey& from, Height above);
  std::shared_ptr<const Bytes> make_offer(const Held& held);

  const storage::LedgerStore& store_;
  QueryPool& queries_;
  DamageAlarm& damage_;
  const Send send_;
  mutable std::mutex mutex_;
  std::deque<HeldPtr> held_;  // ascending by height
  std::map<PublicKey, Lease> leases_;
  std::set<PublicKey> busy_;  // peers with a request under way
  std::deque<Waiting> waiting_;
  bool answering_ = false;
};

}  // namespace usance::node
