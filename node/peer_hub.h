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
  std::uint64_t last_heard_ms = 0;  // monotonic
  TimeMs certificate_not_after;     // of the certificate it connected with; 0 = not connected
  PeerCounters counters;
  std::string last_error;
};

class PeerHub final : public PeerOwner {
 public:
  struct Options {
    PeerSettings settings;
    PublicKey self;
    std::vector<std::string> addresses;  // to dial and keep
  };
  // Messages of an authenticated peer, on a gRPC thread. An error drops the peer.
  using Receiver = std::function<Result<void>(const KnownNode& from, v1::PeerFrames& frames)>;

  PeerHub(Options options, std::shared_ptr<grpc::ChannelCredentials> credentials,
          Receiver receiver);
  ~PeerHub() override;

  [[nodiscard]] grpc::Service* service() { return &service_; }
  void start();
  void stop();  // closes all streams and waits for them

  // Lost when the peer is not connected or too slow.
  void send(const PublicKey& peer, const std::shared_ptr<const Bytes>& message);
  void broadcast(consensus::Audience audience, const std::shared_ptr<const Bytes>& message);
  // Closes the stream and refuses the peer for 30 s.
  void drop(const PublicKey& peer, const std::string& reason);
  // Keeps no stream with these nodes, named as on the ledger, until the next call: for rehearsing
  // partitions on development networks.
  void cut(std::set<std::string> nodes);

  [[nodiscard]] std::vector<PeerState> peers() const;
  [[nodiscard]] std::size_t connected() const;

  Result<void> opened(const std::shared_ptr<PeerStream>& stream) override;
  Result<void> received(const std::shared_ptr<PeerStream>& stream, v1::PeerFrames& frames) override;
  void closed(const std::shared_ptr<PeerStream>& stream, const std::string& reason) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Dial {
    std::string address;
    std::shared_ptr<PeerStream> stream;  // under way or open
    std::optional<PublicKey> key;        // who answered there last
    Clock::time_point next_attempt;
    unsigned failures = 0;
    bool self = false;
    std::string last_error;
  };
  void dial_loop();
  void schedule(Dial& dial);

  const Options options_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  const Receiver receiver_;
  PeerService service_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<PublicKey, std::shared_ptr<PeerStream>, FixedBytesHash> streams_;
  std::unordered_map<PublicKey, Clock::time_point, FixedBytesHash> refused_until_;
  std::unordered_map<PublicKey, std::uint64_t, FixedBytesHash> last_heard_;
  std::set<std::string> cut_;
  std::vector<Dial> dials_;
  std::size_t alive_ = 0;  // dialled streams whose closed() is still to come
  bool stopping_ = false;
  std::thread dialler_;
};

}  // namespace usance::node
