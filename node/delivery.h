// Owns everybody who waits: submitters for the outcome of their bundles, streams for new certified
// heights. One thread; fed by the verify pool, the core and the executor.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "node/mailbox.h"
#include "node/outcome.h"

namespace usance::storage {
class LedgerStore;
}

namespace usance::node {

// Called with each new certified height, from the delivery thread; must not block.
class HeightListener {
 public:
  virtual ~HeightListener() = default;
  virtual void certified(Height height) = 0;
};

class Delivery {
 public:
  Delivery(const storage::LedgerStore& store, Height certified);
  ~Delivery();
  void start();
  void stop();  // what waits is told SHUTTING_DOWN

  // A bundle on its way to the core: of a client of this node, who waits, or of a peer.
  struct Expected {
    consensus::BundlePtr bundle;
    std::optional<Waiter> waiter;
  };
  // Before the bundles go to the core, so that no answer can come too early.
  void expect(std::vector<Expected> expected);
  void admissions(std::vector<consensus::Admission> admissions);
  void evicted(std::vector<consensus::Evicted> evicted);
  // A block is decided; its outcome is still to come.
  void ordered(consensus::BlockPtr block);
  void certified(std::shared_ptr<const CertifiedBlock> block);
  // The core has halted and will say nothing of what it admitted: who waits is told CORRUPT.
  void halt(std::string reason);
  // The node is about to stop: who waits, and who submits from now on, is told SHUTTING_DOWN.
  void refuse_waiters();
  void listen(std::weak_ptr<HeightListener> listener);
  // Whether the transaction waits in this node's mempool, from whomever it came, or is in a decided
  // block whose result is not certified.
  [[nodiscard]] bool waits_for(const TxId& id) const;

  // Refused bundles of this node's clients since the start, by reason.
  [[nodiscard]] std::map<v1::Reason, std::uint64_t> refused() const;
  [[nodiscard]] Height certified_height() const { return Height(certified_height_.load()); }

 private:
  struct Listen {
    std::weak_ptr<HeightListener> listener;
  };
  struct RefuseAll {
    proto::ApiError error;
  };
  using Item = std::variant<std::vector<Expected>, std::vector<consensus::Admission>,
                            std::vector<consensus::Evicted>, consensus::BlockPtr,
                            std::shared_ptr<const CertifiedBlock>, Listen, RefuseAll>;
  struct Pending {
    consensus::BundlePtr bundle;
    std::vector<Waiter> waiters;
  };
  // Outcomes are handed over once per sink and batch.
  using Batch = std::map<std::shared_ptr<OutcomeSink>, std::vector<BundleOutcome>>;

  void run();
  void handle(std::vector<Expected>& expected, Batch& batch);
  void handle(std::vector<consensus::Admission>& admissions, Batch& batch);
  void handle(std::vector<consensus::Evicted>& evicted, Batch& batch);
  void handle(consensus::BlockPtr& block, Batch& batch);
  void handle(std::shared_ptr<const CertifiedBlock>& block, Batch& batch);
  void handle(Listen& listen, Batch& batch);
  void handle(RefuseAll& all, Batch& batch);
  void refuse_all(const proto::ApiError& error, Batch& batch);
  void refuse(const Hash32& bundle, const proto::ApiError& error, Batch& batch);
  void tell_admitted(const Hash32& bundle, Batch& batch);
  void hold(const CheckedBundle& bundle);
  void release(const CheckedBundle& bundle);
  [[nodiscard]] bool awaits_certificate(const CheckedBundle& bundle) const;
  void answer_again(const Hash32& bundle, const std::string& why, Batch& batch);
  bool answer_from_store(const Hash32& bundle, Batch& batch);

  const storage::LedgerStore& store_;
  Mailbox<Item> mailbox_{SIZE_MAX};  // to verify what comes takes longer than to take it out
  std::atomic<std::uint64_t> certified_height_{0};
  std::unordered_map<Hash32, Pending, FixedBytesHash> pending_;
  std::optional<proto::ApiError> refusing_;              // what everybody is told from now on
  std::unordered_set<Hash32, FixedBytesHash> admitted_;  // bundles in the mempool
  std::map<Height, consensus::BlockPtr> ordered_;        // decided and not certified
  // Submitted again after they were ordered: bundle, and why the core refused it.
  std::unordered_map<Hash32, std::string, FixedBytesHash> again_;
  mutable std::mutex refused_mutex_;
  std::map<v1::Reason, std::uint64_t> refused_;
  mutable std::mutex pending_ids_mutex_;
  // Of the bundles in pending_ and ordered_, with how many of these hold each.
  std::unordered_map<TxId, std::uint32_t, FixedBytesHash> pending_ids_;
  std::vector<std::weak_ptr<HeightListener>> listeners_;
  std::thread thread_;
};

}  // namespace usance::node
