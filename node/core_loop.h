// The core thread: owns the consensus replica, feeds it events and does what its outputs say. It
// never waits for disk, network or execution.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "consensus/replica.h"
#include "node/byte_budget.h"
#include "node/clock.h"
#include "node/mailbox.h"

namespace usance::node {

// Where the core's outputs go. Called on the core thread; none of these may block.
class CoreOutputs {
 public:
  virtual ~CoreOutputs() = default;
  virtual void send(const consensus::Send& send) = 0;
  virtual void persist(consensus::Persist persist) = 0;
  virtual void check(consensus::CheckBundles check) = 0;
  virtual void execute(consensus::Execute execute) = 0;
  virtual void certified(consensus::ResultCertified certified) = 0;
  virtual void serve(consensus::ServeBlocks serve) = 0;
  virtual void serve(consensus::ServeResults serve) = 0;
  virtual void serve(consensus::ServeResultParts serve) = 0;
  virtual void drop(const consensus::DropPeer& drop) = 0;
  virtual void admissions(std::vector<consensus::Admission> admissions) = 0;
  virtual void evicted(std::vector<consensus::Evicted> evicted) = 0;
  virtual void evidence(const consensus::EvidenceFound& found) = 0;
  virtual void halted(const consensus::Halted& halted) = 0;
  virtual void diverged(consensus::Diverged diverged) = 0;
};

class CoreLoop {
 public:
  CoreLoop(const consensus::Config& config, const consensus::Recovery& recovery, const Clock& clock,
           CoreOutputs& outputs);
  ~CoreLoop();
  void start();
  void stop();

  // From peers and clients: refused when the core is too far behind.
  // The charge is held until the event was taken in.
  [[nodiscard]] bool try_event(consensus::Event event, ByteCharge charge) {
    return mailbox_.try_push({std::move(event), std::move(charge)});
  }
  // Answers to what the core asked for.
  void answer(consensus::Event event) { mailbox_.push_always({std::move(event), nullptr}); }

  // At most a quarter of a second old.
  [[nodiscard]] consensus::StatusReport status() const;

 private:
  struct Arrival {
    consensus::Event event;
    ByteCharge charge;
  };
  void run();
  void act(consensus::Outbox& out);
  void act(consensus::Send& send);
  void release_sends();
  void publish_status();

  const Clock& clock_;
  CoreOutputs& outputs_;
  consensus::Replica replica_;
  Mailbox<Arrival> mailbox_{50'000};
  consensus::Token durable_ = 0;
  std::deque<consensus::Send> waiting_;  // for their token, in order of production
  std::vector<consensus::Admission> admissions_;
  std::vector<consensus::Evicted> evicted_;

  mutable std::mutex status_mutex_;
  consensus::StatusReport status_;
  std::thread thread_;
};

}  // namespace usance::node
