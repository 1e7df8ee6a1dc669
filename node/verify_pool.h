// Threads that decode bundles and check their signatures. What consensus waits for goes first.
#pragma once

#include <functional>
#include <thread>
#include <variant>
#include <vector>

#include "base/signature.h"
#include "consensus/io.h"
#include "node/byte_budget.h"
#include "node/mailbox.h"
#include "node/outcome.h"

namespace usance::node {

class VerifyPool {
 public:
  struct Verified {
    consensus::BundlePtr bundle;
    std::optional<Waiter> waiter;           // a client of this node
    std::optional<consensus::PeerId> from;  // or the peer that passed it on
    ByteCharge charge;
  };
  // All are called on pool threads.
  struct Outputs {
    std::function<void(consensus::BundlesChecked)> checked;
    std::function<void(std::vector<Verified>)> verified;
    std::function<void(const consensus::PeerId&, const Error&)> bad_gossip;
  };
  // Of one organisation, that may wait to be checked and admitted.
  static constexpr std::size_t kClientBytes = 64 << 20;
  struct ClientBundle {
    Bytes raw;
    Waiter waiter;
  };
  // Bundles of one caller. `org`: the only organisation it may submit for.
  struct FromClient {
    OrgId org;
    std::vector<ClientBundle> bundles;
  };
  struct FromPeer {
    consensus::PeerId peer;
    std::vector<Bytes> raws;
    ByteCharge charge;
  };

  VerifyPool(const ChainId& chain, const Verifier& verifier, std::size_t threads, Outputs outputs);
  ~VerifyPool();
  void start();
  void stop();

  void check(consensus::CheckBundles check) { queue_.push_urgent(std::move(check)); }
  // False when the queue is full, or too much of the caller's waits.
  [[nodiscard]] bool submit(FromClient bundles);
  [[nodiscard]] bool gossip(FromPeer bundles) { return queue_.try_push(std::move(bundles)); }

 private:
  struct Submitted {
    FromClient client;
    ByteCharge charge;
  };
  using Job = std::variant<consensus::CheckBundles, Submitted, FromPeer>;
  void run();
  void work(consensus::CheckBundles& check);
  void work(Submitted& submitted);
  void work(FromPeer& bundles);

  const ChainId chain_;
  const Verifier& verifier_;
  const std::size_t thread_count_;
  const Outputs outputs_;
  ByteBudget<OrgId> client_bytes_{kClientBytes};
  WorkQueue<Job> queue_{20'000};
  std::vector<std::thread> threads_;
};

}  // namespace usance::node
