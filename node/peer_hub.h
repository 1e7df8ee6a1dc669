// The connections to all peers: dials, accepts, keeps one stream per peer, sends and counts.
// Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "consensus/io.h"
#include "node/peer_reactors.h"

namespace usance::node {

struct PeerState {
  KnownNode node;
  std::string address;  // as configured; empty when the peer dialled in
  bool connected = false;
  std::uint64_t connected_ms = 0;   // monotonic; 0 = not connected
  std::uint64_t last_heard_ms = 0;  // monotonic
  TimeMs certificate_not_after;     // of the certificate it connected with; 0 = not connected
  PeerCounters counters;
  std::string last_error;
};

class PeerHub final : public PeerOwner {
 public:
  struct Options {
    PeerSettings settings;
    std::vector<std::string> addresses;  // to dial and keep
    // No open stream is known under this key any more. Called under the hub's lock, before another
    // stream of that key opens: must not block or call back.
    std::function<void(const PublicKey& peer)> gone;
  };
  // Messages of an authenticated peer, on a gRPC thread. An error drops the peer.
  using Receiver = std::function<Result<void>(const KnownNode& from, v1::PeerFrames& frames)>;

  PeerHub(Options options, std::shared_ptr<grpc::ChannelCredentials> credentials,
          Receiver receiver);
  ~PeerHub() override;

  [[nodiscard]] grpc::Service* service() { return &service_; }
  void start();
  void stop();  // closes all streams and waits for them

  // The ledger's nodes have changed: streams of nodes that left, or have another certificate key,
  // end; so do all if this node's own consensus key is another now, to be signed anew.
  void members_changed(const Directory& directory);

  // Lost when the peer is not connected or too slow.
  void send(const PublicKey& peer, const std::shared_ptr<const Bytes>& message);
  // What is no message of the consensus protocol, to a node by its governance id. False when it is
  // not connected or too much waits for it.
  bool send_aside(std::uint32_t node, const std::shared_ptr<const Bytes>& aside);
  void broadcast(consensus::Audience audience, const std::shared_ptr<const Bytes>& message);
  // Closes the stream and refuses the peer for 30 s.
  void drop(const PublicKey& peer, const std::string& reason);
  // Keeps no stream with these nodes, named as on the ledger, until the next call: for rehearsing
  // partitions on development networks.
  void cut(std::set<std::string> nodes);

  [[nodiscard]] std::vector<PeerState> peers() const;
  [[nodiscard]] std::size_t connected() const;
  // Configured addresses where no node of the network has answered since the start, and why.
  [[nodiscard]] std::map<std::string, std::string> unanswered() const;

  Result<void> admissible(const PeerIdentity& peer) override;
  Result<void> opened(const std::shared_ptr<PeerStream>& stream) override;
  Result<void> received(const std::shared_ptr<PeerStream>& stream, v1::PeerFrames& frames) override;
  void closed(const std::shared_ptr<PeerStream>& stream, const std::string& reason) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Dial {
    std::string address;
    std::shared_ptr<PeerStream> stream;  // under way or open
    std::optional<std::uint32_t> id;     // who answered there last
    Clock::time_point next_attempt;
    unsigned failures = 0;
    bool self = false;
    std::string last_error;
  };
  // An open stream and whose it is.
  struct Link {
    std::shared_ptr<PeerStream> stream;
    std::uint64_t since_ms = 0;  // monotonic
    bool confirmed = false;
    KnownNode node;  // as the ledger has it now; its key is the PeerId of what it sends
  };
  void dial_loop();
  void schedule(Dial& dial);
  static void label(Link& link, const KnownNode& node);
  void index_links();
  [[nodiscard]] Result<void> admissible_locked(const PeerIdentity& peer) const;

  const Options options_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  const Receiver receiver_;
  PeerService service_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // By governance id: a node stays the same when its consensus key is replaced.
  std::unordered_map<std::uint32_t, Link> links_;
  std::unordered_map<PublicKey, std::uint32_t, FixedBytesHash> ids_;  // of links_, by PeerId
  std::unordered_map<std::uint32_t, Clock::time_point> refused_until_;
  std::unordered_map<std::uint32_t, std::uint64_t> last_heard_;
  std::set<std::string> cut_;
  std::vector<Dial> dials_;
  std::size_t alive_ = 0;  // dialled streams whose closed() is still to come
  bool stopping_ = false;
  std::thread dialler_;
};

}  // namespace usance::node
