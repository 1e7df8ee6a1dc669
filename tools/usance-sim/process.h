// One simulated process: the production Replica, its disk, and the delays between them. Crashing
// it loses everything that its disk had not synced.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "tools/usance-sim/checker.h"
#include "tools/usance-sim/options.h"

namespace usance::sim {

// What the process needs of the simulated world.
class Host {
 public:
  virtual ~Host() = default;
  [[nodiscard]] virtual std::uint64_t now() const = 0;  // virtual milliseconds
  virtual void after(std::uint64_t delay_ms, std::function<void()> action) = 0;
  virtual Random& random() = 0;
  [[nodiscard]] virtual const Knobs& knobs() const = 0;
  virtual Checker& checker() = 0;
  // As CheckedBundle::check or, without signatures, decode_certified would; null if it is invalid.
  virtual consensus::BundlePtr checked(const Bytes& raw, bool signatures) = 0;
  virtual void transmit(std::size_t from, const consensus::Send& send) = 0;
  virtual void certified(Height height) = 0;  // on an honest node
  virtual void crashed(std::size_t process) = 0;
  virtual void note(std::size_t process, const std::string& line) = 0;
  [[nodiscard]] virtual bool honest(const PublicKey& peer) const = 0;
  [[nodiscard]] virtual bool frozen(std::size_t process) const = 0;
  virtual void count_step(std::size_t process, std::uint64_t kind) = 0;
};

struct Identity {
  std::size_t slot = 0;  // of the process; a twin has one of its own
  PublicKey key;
  std::shared_ptr<const Signer> signer;  // none: follower for ever
  bool liar = false;
  bool wrong_results = false;
};

class Process {
 public:
  Process(Host& host, Identity identity, consensus::Config config, consensus::Recovery genesis,
          Disk disk);

  void start();
  // wipe: the disk is lost, too; only a liar does that and goes on voting.
  void crash(bool wipe);
  void pause(std::uint64_t until) { paused_until_ = until; }
  // The disk takes no more until then; what waits for it waits.
  void fill_disk(std::uint64_t until);
  // While it is down: the disk is what another moment left of it.
  void replace_disk(Disk disk) { disk_ = std::move(disk); }
  // Likewise: a key lies beside the one in force from the next start on. It outlives the process.
  void use_next_key(const Signer& next) { config_.next_signer = &next; }
  void step(consensus::Event event);
  void peer_gone(const PublicKey& peer);
  void receive(const PublicKey& from, const std::shared_ptr<const consensus::Message>& message);
  void submit(const consensus::BundlePtr& bundle);

  [[nodiscard]] bool alive() const { return replica_ != nullptr; }
  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] const Disk& disk() const { return disk_; }
  [[nodiscard]] const consensus::Replica& replica() const { return *replica_; }
  [[nodiscard]] std::uint64_t mono() const;
  [[nodiscard]] TimeMs wall() const;
  void set_clock(std::int64_t offset_ms) { clock_offset_ = offset_ms; }

 private:
  void tick();
  // A crash at this point, if the history wants one; the process comes back later.
  bool dies();
  void crash_and_return();
  void report_durable(consensus::Token token);
  void finish_execution();
  void handle(consensus::Output& output);
  void persist(const consensus::Persist& persist);
  void check(const consensus::CheckBundles& request);
  void execute(const consensus::Execute& execution);
  void serve(const consensus::ServeBlocks& request);
  void serve(const consensus::ServeResults& request);
  [[nodiscard]] const Certificate* certificate_of(Height height) const;
  void compare(const consensus::Diverged& diverged);
  void reply(const PublicKey& to, const consensus::Message& message);
  void release_sends();
  void leave(const consensus::Send& send);
  // Runs the action unless the process has crashed meanwhile; later while it is paused.
  void later(std::uint64_t delay_ms, std::function<void()> action);

  Host& host_;
  Identity identity_;
  consensus::Config config_;
  consensus::Recovery genesis_;
  Disk empty_;
  Disk disk_;
  std::unique_ptr<consensus::Replica> replica_;
  std::uint64_t incarnation_ = 0;
  std::uint64_t started_at_ = 0;
  std::uint64_t paused_until_ = 0;
  std::int64_t clock_offset_ = 0;
  consensus::Outbox outbox_;
  consensus::Token durable_ = 0;
  std::deque<consensus::Send> held_;
  std::deque<consensus::Persist> syncing_;
  std::deque<consensus::Execute> executing_;
  std::uint64_t disk_busy_until_ = 0;
  std::uint64_t executor_busy_until_ = 0;
  std::vector<consensus::ResultCertified> unsynced_results_;
};

}  // namespace usance::sim
