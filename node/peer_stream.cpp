#include "node/peer_stream.h"

#include <algorithm>
#include <utility>

#include "proto/status.h"

namespace usance::node {

namespace {

// Small messages share a write; a large one goes alone.
constexpr std::size_t kBytesPerWrite = 256 * 1024;
constexpr std::size_t kMessagesPerWrite = 1'000;
constexpr std::size_t kAsideBytesPerWrite = 64 * 1024;
constexpr std::size_t kMostAsideBytes = 16 << 20;  // that wait for one peer

}  // namespace

void PeerStream::set_peer_certificate(const x509::CertificateInfo& peer) {
  peer_tls_key_ = peer.key_hash;
  certificate_not_after_ = peer.not_after;
}

void PeerStream::begin(PeerWire* wire, const x509::CertificateInfo& peer) {
  set_peer_certificate(peer);
  session_.chain = settings_.chain;
  session_.dialler_tls_key = peer.key_hash;
  session_.acceptor_tls_key = settings_.tls_key;
  session_.acceptor_nonce = fresh_nonce();
  {
    const std::lock_guard lock(mutex_);
    wire_ = wire;
  }
  v1::PeerFrames first;
  *first.mutable_challenge() = make_challenge(settings_.chain, session_.acceptor_nonce);
  write_frames(std::move(first));
  wire->start_read(&incoming_);
}

void PeerStream::begin(PeerWire* wire) {
  session_.chain = settings_.chain;
  session_.dialler_tls_key = settings_.tls_key;
  session_.dialler_nonce = fresh_nonce();
  {
    const std::lock_guard lock(mutex_);
    wire_ = wire;
  }
  wire->start_read(&incoming_);
}

void PeerStream::write_frames(v1::PeerFrames frames) {
  {
    const std::lock_guard lock(mutex_);
    handshake_out_.push_back(std::move(frames));
  }
  pump();
}

v1::PeerFrames PeerStream::own_hello() {
  const Signer& signer = settings_.keys->in_force(*settings_.directory->get());
  own_key_ = signer.public_key();
  v1::PeerFrames frames;
  *frames.mutable_hello() = make_hello(session_, side_, signer);
  return frames;
}

Result<void> PeerStream::handshake(const v1::PeerFrames& frames) {
  if (frames.messages_size() != 0 || !frames.aside().empty() || frames.aside_ends())
    return fail(ErrorCode::kPermissionDenied, "messages before authentication");
  if (side_ == PeerSide::kDialler && !challenged_) {
    USANCE_ASSIGN(session_.acceptor_nonce, check_challenge(settings_.chain, frames.challenge()));
    session_.acceptor_tls_key = peer_tls_key_;
    challenged_ = true;
    write_frames(own_hello());
    return {};
  }
  if (!frames.has_hello()) return fail(ErrorCode::kMalformed, "no hello");
  USANCE_ASSIGN(const Hash32 nonce, hello_nonce(frames.hello()));
  const bool accepting = side_ == PeerSide::kAcceptor;
  if (accepting)
    session_.dialler_nonce = nonce;
  else if (nonce != session_.acceptor_nonce)
    return fail(ErrorCode::kBadSignature, "the hello answers another challenge");
  const auto directory = settings_.directory->get();
  USANCE_ASSIGN(peer_, check_hello(session_, accepting ? PeerSide::kDialler : PeerSide::kAcceptor,
                                   frames.hello(), *directory, *settings_.verifier));
  USANCE_TRY(owner_.admissible(*peer_));
  if (accepting) write_frames(own_hello());
  {
    const std::lock_guard lock(mutex_);
    open_ = true;
  }
  return owner_.opened(shared_from_this());
}

void PeerStream::read_done(bool ok) {
  const auto self = shared_from_this();
  if (!ok) return close(grpc::Status::OK);
  Result<void> handled;
  bool open = false;
  {
    const std::lock_guard lock(mutex_);
    open = open_;
    counters_.frames_in += static_cast<std::uint64_t>(incoming_.messages_size());
    for (const std::string& message : incoming_.messages()) counters_.bytes_in += message.size();
    counters_.bytes_in += incoming_.aside().size();
  }
  if (!open)
    handled = handshake(incoming_);
  else if (incoming_.has_challenge() || incoming_.has_hello())
    handled = fail(ErrorCode::kMalformed, "authentication frames on an open stream");
  else if (handled = join_aside(); handled)
    handled = owner_.received(self, incoming_);
  if (!handled) return close(proto::grpc_status(handled.error()));
  // Under the lock: nothing may be started once close() has ended the stream. A read never
  // completes on the thread that starts it.
  const std::lock_guard lock(mutex_);
  if (!closing_ && wire_ != nullptr) wire_->start_read(&incoming_);
}

Result<void> PeerStream::join_aside() {
  if (incoming_.aside().size() + aside_in_.size() > kMaxAsideBytes)
    return fail(ErrorCode::kMalformed, "an aside of more bytes than one may have");
  aside_in_ += incoming_.aside();
  incoming_.clear_aside();
  if (incoming_.aside_ends()) incoming_.set_aside(std::exchange(aside_in_, {}));
  return {};
}

void PeerStream::fill_with_messages() {
  std::size_t bytes = 0;
  int messages = 0;
  while (!queue_.empty() && static_cast<std::size_t>(messages) < kMessagesPerWrite &&
         (messages == 0 || bytes + queue_.front()->size() <= kBytesPerWrite)) {
    const Bytes& message = *queue_.front();
    outgoing_.add_messages(message.data(), message.size());
    bytes += message.size();
    ++messages;
    queue_.pop_front();
  }
  queued_bytes_ -= bytes;
  counters_.frames_out += static_cast<std::uint64_t>(messages);
  counters_.bytes_out += bytes;
  asides_turn_ = true;
}

void PeerStream::fill_with_aside() {
  const Bytes& whole = *asides_.front();
  const std::size_t part = std::min(kAsideBytesPerWrite, whole.size() - aside_sent_);
  outgoing_.set_aside(whole.data() + aside_sent_, part);
  aside_sent_ += part;
  counters_.bytes_out += part;
  asides_turn_ = false;
  if (aside_sent_ < whole.size()) return;
  outgoing_.set_aside_ends(true);
  aside_bytes_ -= whole.size();
  aside_sent_ = 0;
  asides_.pop_front();
}

bool PeerStream::fill_outgoing() {
  if (!handshake_out_.empty()) {
    outgoing_ = std::move(handshake_out_.front());
    handshake_out_.pop_front();
    return true;
  }
  if (queue_.empty() && asides_.empty()) return false;
  outgoing_.Clear();
  if (asides_.empty() || (!queue_.empty() && !asides_turn_))
    fill_with_messages();
  else
    fill_with_aside();
  return true;
}

void PeerStream::pump() {
  PeerWire* wire = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (writing_ || closing_ || wire_ == nullptr || !fill_outgoing()) return;
    writing_ = true;
    wire = wire_;
  }
  wire->start_write(&outgoing_);
}

void PeerStream::write_done(bool ok) {
  const auto self = shared_from_this();
  PeerWire* finishing = nullptr;
  {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (closing_ && !finished_) {
      finished_ = true;
      finishing = wire_;
    }
  }
  if (finishing != nullptr) return finishing->finish(final_status_);
  if (!ok) return close(grpc::Status::OK);
  pump();
}

bool PeerStream::send(std::shared_ptr<const Bytes> message) {
  {
    const std::lock_guard lock(mutex_);
    if (!open_ || closing_) return false;
    if (queued_bytes_ + message->size() > settings_.queue_bytes) {
      ++counters_.dropped;
      return false;
    }
    queued_bytes_ += message->size();
    queue_.push_back(std::move(message));
    if (writing_) return true;
  }
  pump();
  return true;
}

bool PeerStream::send_aside(std::shared_ptr<const Bytes> aside) {
  {
    const std::lock_guard lock(mutex_);
    if (!open_ || closing_ || aside->size() > kMaxAsideBytes ||
        aside_bytes_ + aside->size() > kMostAsideBytes)
      return false;
    aside_bytes_ += aside->size();
    asides_.push_back(std::move(aside));
    if (writing_) return true;
  }
  pump();
  return true;
}

void PeerStream::close(const grpc::Status& status) {
  PeerWire* wire = nullptr;
  bool hanging = false;
  {
    const std::lock_guard lock(mutex_);
    if (closing_ || wire_ == nullptr) return;
    closing_ = true;
    final_status_ = status;
    wire = wire_;
    hanging = writing_;
    if (!hanging) finished_ = true;
  }
  if (hanging)
    wire->cancel();
  else
    wire->finish(status);
}

void PeerStream::done(const std::string& reason) {
  const auto self = shared_from_this();
  std::string why = reason;
  {
    const std::lock_guard lock(mutex_);
    wire_ = nullptr;
    closing_ = true;
    ended_ = true;
    queue_.clear();
    asides_.clear();
    if (!final_status_.ok()) why = final_status_.error_message();
  }
  owner_.closed(self, why);
}

bool PeerStream::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

PeerCounters PeerStream::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace usance::node
