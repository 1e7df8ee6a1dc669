// The daemon's parts joined: store, core, log, executor, pools, peers, services. One object per
// process.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include <grpcpp/server.h>

#include "node/byte_budget.h"
#include "node/config.h"
#include "node/core_loop.h"
#include "node/damage.h"
#include "node/delivery.h"
#include "node/envelope_relay.h"
#include "node/envelope_store.h"
#include "node/exec_loop.h"
#include "node/identity.h"
#include "node/log_loop.h"
#include "node/metrics.h"
#include "node/peer_hub.h"
#include "node/query_pool.h"
#include "node/reporter.h"
#include "node/round_clock.h"
#include "node/services/services.h"
#include "node/snapshot_join.h"
#include "node/snapshot_server.h"
#include "node/tls.h"
#include "node/verify_pool.h"
#include "storage/ledger_store.h"

namespace usance::node {

class Node final : private CoreOutputs {
 public:
  // Loads keys and genesis, opens the store, recovers. Nothing listens yet. Errors say what to do;
  // kFailedPrecondition: the files belong to different networks or nodes.
  static Result<std::unique_ptr<Node>> open(
      const Config& config,
      std::shared_ptr<SnapshotCounters> counters = std::make_shared<SnapshotCounters>());
  ~Node() override;

  // Listens and takes part. kUnavailable: a port is busy.
  [[nodiscard]] Result<void> start();
  // Answers or refuses what waits, makes everything handed over durable, closes the store.
  void stop();
  // A few times a second, from the main thread: health and alarms.
  void housekeeping();
  // Takes up what may change while the node runs: the rates (Config::org_*_per_second). The main
  // thread's.
  void reload(const Config& config);
  // Why the node cannot go on; the main thread stops it then.
  [[nodiscard]] std::optional<Error> failure() const;
  // A snapshot was fetched: the node is to be stopped, destroyed and opened anew with it.
  [[nodiscard]] bool wants_reopening() const { return reopen_; }
  [[nodiscard]] std::shared_ptr<SnapshotCounters> snapshot_counters() const {
    return snapshot_counters_;
  }

 private:
  Node(const Config& config, std::shared_ptr<SnapshotCounters> counters);
  Result<void> prepare();
  Result<void> open_store();
  Result<void> open_envelopes();
  Result<void> begin_from_ledger(std::unique_ptr<VoteLog> vote_log);
  void make_loops(const Hash32& genesis_result, const consensus::Recovery& recovery,
                  std::unique_ptr<VoteLog> vote_log);
  Result<std::unique_ptr<grpc::Server>> listen(
      const std::string& address, const std::shared_ptr<grpc::ServerCredentials>& credentials,
      const std::vector<grpc::Service*>& services, bool public_services);
  Result<void> receive(const KnownNode& from, v1::PeerFrames& frames);
  Result<void> receive_snapshot(const KnownNode& from, ByteView bytes, const ByteCharge& charge);
  // Whether the message is kept from the core while this node may begin with a snapshot.
  [[nodiscard]] bool withheld(const KnownNode& from, const consensus::Message& message);
  void make_snapshots();
  void submit_verified(std::vector<VerifyPool::Verified> verified);
  void members_changed(Directory directory);
  [[nodiscard]] Result<void> put_authorities();
  void write_authorities();
  void fail(Error error);

  // CoreOutputs, on the core thread.
  void send(const consensus::Send& send) override;
  void persist(consensus::Persist persist) override;
  void check(consensus::CheckBundles check) override;
  void execute(consensus::Execute execute) override;
  void certified(consensus::ResultCertified certified) override;
  void serve(consensus::ServeBlocks serve) override;
  void serve(consensus::ServeResults serve) override;
  void serve(consensus::ServeResultParts serve) override;
  void drop(const consensus::DropPeer& drop) override;
  void admissions(std::vector<consensus::Admission> admissions) override;
  void evicted(std::vector<consensus::Evicted> evicted) override;
  void evidence(const consensus::EvidenceFound& found) override;
  void halted(const consensus::Halted& halted) override;
  void diverged(consensus::Diverged diverged) override;

  const Config config_;
  Identity identity_;
  KnownNode self_;
  Clock clock_;
  TlsFiles tls_files_;
  std::unique_ptr<SharedDirectory> directory_;
  RecoveryRecords recoveries_;
  std::unique_ptr<storage::LedgerStore> store_;
  std::unique_ptr<DiskRoom> room_;
  std::unique_ptr<DamageAlarm> damage_;
  std::unique_ptr<EnvelopeStore> envelopes_;
  std::unique_ptr<Delivery> delivery_;
  std::unique_ptr<CoreLoop> core_;
  std::unique_ptr<LogLoop> log_;
  std::unique_ptr<ExecLoop> exec_;
  std::unique_ptr<VerifyPool> verify_;
  std::unique_ptr<QueryPool> queries_;
  const std::shared_ptr<SnapshotCounters> snapshot_counters_;
  std::unique_ptr<SnapshotServer> snapshots_;
  std::unique_ptr<SnapshotJoin> join_;  // of a node without a ledger; else null
  std::unique_ptr<PeerHub> peers_;
  std::unique_ptr<EnvelopeRelay> relay_;
  std::unique_ptr<Access> access_;
  std::unique_ptr<AccessLog> access_log_;
  RateLimit query_rate_, submission_rate_;
  ByteBudget<std::uint32_t> peer_bytes_;  // by governance id
  std::unique_ptr<Reporter> reporter_;
  std::unique_ptr<ServiceContext> context_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Service> admin_;
  std::unique_ptr<grpc::Server> peer_server_, client_server_, admin_server_;
  RoundClock rounds_;
  std::unique_ptr<MetricsPage> metrics_;

  mutable std::mutex failure_mutex_;
  std::optional<Error> failure_;
  std::optional<std::string> health_;  // the main thread's; empty: serving, else why not
  std::atomic<bool> authorities_stale_{false};
  std::atomic<bool> reopen_{false};
  bool started_ = false;
};

}  // namespace usance::node
