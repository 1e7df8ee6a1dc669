// Threads that decode bundles and check their signatures. What consensus waits for goes first.
#pragma once

#include <functional>
#include <thread>
#include <variant>
#include <vector>

#include "base/signature.h"
#include "consensus/io.h"
#include "node/mailbox.h"
#include "node/outcome.h"

namespace usance::node {

class VerifyPool {
 public:
  struct Verified {
    consensus::BundlePtr bundle;
    std::optional<Waiter> waiter;           // a client of this node
    std::optional<consensus::PeerId> from;  // or the peer that passed it on
  };
  // All are called on pool threads.
  struct Outputs {
    std::function<void(consensus::BundlesChecked)> checked;
    std::function<void(std::vector<Verified>)> verified;
    std::function<void(const consensus::PeerId&, const Error&)> bad_gossip;
  };
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
  };

  VerifyPool(const ChainId& chain, const Verifier& verifier, std::size_t threads, Outputs outputs);
  ~VerifyPool();
  void start();
  void stop();

  void check(consensus::CheckBundles check) { queue_.push_urgent(std::move(check)); }
  // False when the queue is full.
  [[nodiscard]] bool submit(FromClient bundles) { return queue_.try_push(std::move(bundles)); }
  [[nodiscard]] bool gossip(FromPeer bundles) { return queue_.try_push(std::move(bundles)); }

 private:
  using Job = std::variant<consensus::CheckBundles, FromClient, FromPeer>;
  void run();
  void work(consensus::CheckBundles& check);
  void work(FromClient& bundles);
  void work(FromPeer& bundles);

  const ChainId chain_;
  const Verifier& verifier_;
  const std::size_t thread_count_;
  const Outputs outputs_;
  WorkQueue<Job> queue_{20'000};
  std::vector<std::thread> threads_;
};

}  // namespace usance::node
