// Questions about envelopes between nodes (docs/spec/peer.md, P-3): what this node's clients ask of
// the nodes that keep envelopes for them, so that a client talks to its own node alone. Nothing is
// kept: a question that is lost or not answered in time fails, and the client asks again.
// Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "node/byte_budget.h"
#include "node/directory.h"
#include "proto/status.h"
#include "usance/v1/envelope.pb.h"

namespace usance::node {

class EnvelopeRelay {
 public:
  using Clock = std::chrono::steady_clock;
  // Once, on any thread, with no lock held. REASON_NO_ANSWER: the node is not connected or silent.
  using Answered = std::function<void(proto::Api<v1::EnvelopeAnswer>)>;
  struct Outputs {
    // False when the node is not connected or too much waits for it.
    std::function<bool(std::uint32_t node, std::shared_ptr<const Bytes> aside)> send;
    // A peer's question; reply() sends the answer. On a gRPC thread: must not block. The charge is
    // kept as long as the question is.
    std::function<void(const KnownNode& from, v1::EnvelopeQuestion question, ByteCharge charge)>
        serve;
  };
  static constexpr std::chrono::seconds kPatience{10};
  static constexpr std::size_t kMostOpen = 1'000;  // questions of one organisation's clients
  // A question holds signed words of a few hundred bytes.
  static constexpr std::size_t kMaxQuestionBytes = 16 << 10;

  explicit EnvelopeRelay(Outputs outputs) : outputs_(std::move(outputs)) {}
  ~EnvelopeRelay() { stop(); }

  // The number is set here. An organisation that waits for kMostOpen answers is refused with
  // REASON_QUOTA. After stop() `answered` is dropped.
  void ask(const KnownNode& node, const OrgId& asker, v1::EnvelopeQuestion question,
           Answered answered, Clock::time_point now = Clock::now());
  void reply(std::uint32_t node, v1::EnvelopeAnswer answer);
  // What a peer sent, counted as waiting of it by the charge. kMalformed: it broke the protocol.
  [[nodiscard]] Result<void> received(const KnownNode& from, const std::string& aside,
                                      const ByteCharge& charge);
  // Fails what has waited for kPatience.
  void give_up(Clock::time_point now = Clock::now());
  // Drops everything that waits.
  void stop();

 private:
  struct Open {
    std::uint32_t node = 0;
    std::string name;
    OrgId asker;
    Answered answered;
    Clock::time_point deadline;
  };
  [[nodiscard]] bool waits_for(std::uint32_t node);
  void settle(std::uint32_t from, v1::EnvelopeAnswer answer);
  [[nodiscard]] bool send(std::uint32_t node, const v1::PeerAside& aside);
  // Removes it; under the lock.
  [[nodiscard]] Open take(std::map<std::uint64_t, Open>::iterator open);

  const Outputs outputs_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::uint64_t next_number_ = 1;
  std::map<std::uint64_t, Open> open_;    // by number: the oldest first
  std::map<OrgId, std::size_t> waiting_;  // of open_, by asker
};

}  // namespace usance::node
