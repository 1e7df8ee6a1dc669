// One stream with one peer, whichever side opened it: authentication first, then messages both
// ways. The gRPC reactors of peer_reactors.h drive it; everything here may be called from any
// thread.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <grpcpp/support/status.h>

#include "node/node_keys.h"
#include "node/peer_auth.h"
#include "node/x509.h"

namespace usance::node {

class PeerStream;

// The operations of the gRPC reactor under a stream.
class PeerWire {
 public:
  virtual ~PeerWire() = default;
  virtual void start_read(v1::PeerFrames* into) = 0;
  virtual void start_write(const v1::PeerFrames* frames) = 0;
  // Ends the stream; `status` reaches the other side only if this side accepted the stream.
  virtual void finish(const grpc::Status& status) = 0;
  virtual void cancel() = 0;  // makes a write that hangs fail
};

// What a stream tells its owner.
class PeerOwner {
 public:
  virtual ~PeerOwner() = default;
  // Whether a stream with this peer, which has shown who it is, may come about. An error is what
  // the peer is told.
  [[nodiscard]] virtual Result<void> admissible(const PeerIdentity& peer) = 0;
  // The stream is open. An error closes it with it.
  virtual Result<void> opened(const std::shared_ptr<PeerStream>& stream) = 0;
  // An error drops the peer.
  virtual Result<void> received(const std::shared_ptr<PeerStream>& stream,
                                v1::PeerFrames& frames) = 0;
  virtual void closed(const std::shared_ptr<PeerStream>& stream, const std::string& reason) = 0;
};

struct PeerSettings {
  ChainId chain;
  const NodeKeys* keys = nullptr;
  const Verifier* verifier = nullptr;
  const SharedDirectory* directory = nullptr;
  Hash32 tls_key;               // of this node's certificate
  std::size_t queue_bytes = 0;  // that may wait for the peer
};

struct PeerCounters {
  std::uint64_t frames_in = 0, frames_out = 0, bytes_in = 0, bytes_out = 0, dropped = 0;
};

class PeerStream : public std::enable_shared_from_this<PeerStream> {
 public:
  PeerStream(const PeerSettings& settings, PeerOwner& owner, PeerSide own_side, std::string address)
      : settings_(settings), owner_(owner), side_(own_side), address_(std::move(address)) {}

  // -- For the wire.
  // The accepting side knows the peer's certificate at once; the dialling side with the first read.
  void begin(PeerWire* wire, const x509::CertificateInfo& peer);
  void begin(PeerWire* wire);
  void set_peer_certificate(const x509::CertificateInfo& peer);
  void read_done(bool ok);
  void write_done(bool ok);
  void done(const std::string& reason);  // after it the wire is gone

  // -- For the owner.
  // Queues a message; false if the stream is closed or its queue full.
  bool send(std::shared_ptr<const Bytes> message);
  // Queues what is no message of the consensus protocol, at most kMaxAsideBytes. It is sent in
  // small parts, in turn with messages, which wait for one part at most. False if the stream is
  // closed or too much waits.
  bool send_aside(std::shared_ptr<const Bytes> aside);
  static constexpr std::size_t kMaxAsideBytes = 4 << 20;
  void close(const grpc::Status& status);
  [[nodiscard]] PeerSide side() const { return side_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  // Set once opened() was called.
  [[nodiscard]] TimeMs certificate_not_after() const { return certificate_not_after_; }
  [[nodiscard]] const PeerIdentity& peer() const { return *peer_; }
  // The key with which this node has signed the stream.
  [[nodiscard]] const PublicKey& own_key() const { return own_key_; }
  [[nodiscard]] PeerCounters counters() const;
  [[nodiscard]] bool ended() const;  // after done()

 private:
  Result<void> handshake(const v1::PeerFrames& frames);
  v1::PeerFrames own_hello();
  void write_frames(v1::PeerFrames frames);
  void pump();
  // What is to be written next; false: nothing. Under the lock.
  bool fill_outgoing();
  void fill_with_messages();
  void fill_with_aside();
  // Replaces a part by the whole once that is here, else by nothing.
  Result<void> join_aside();

  const PeerSettings& settings_;
  PeerOwner& owner_;
  const PeerSide side_;
  const std::string address_;

  // Only the read path, which is sequential, touches these until the stream is open.
  PeerSession session_;
  Hash32 peer_tls_key_;
  TimeMs certificate_not_after_;
  std::optional<PeerIdentity> peer_;
  PublicKey own_key_;
  bool challenged_ = false;
  v1::PeerFrames incoming_;
  std::string aside_in_;  // the parts so far

  mutable std::mutex mutex_;
  PeerWire* wire_ = nullptr;
  bool open_ = false;
  bool writing_ = false;
  bool closing_ = false;
  bool finished_ = false;
  bool ended_ = false;
  grpc::Status final_status_;
  std::deque<std::shared_ptr<const Bytes>> queue_;
  std::deque<v1::PeerFrames> handshake_out_;
  std::size_t queued_bytes_ = 0;
  std::deque<std::shared_ptr<const Bytes>> asides_;
  std::size_t aside_bytes_ = 0;  // of asides_
  std::size_t aside_sent_ = 0;   // of the first of them
  bool asides_turn_ = false;
  v1::PeerFrames outgoing_;
  PeerCounters counters_;
};

}  // namespace usance::node
