#include "node/peer_hub.h"

#include <algorithm>
#include <random>

#include "node/log.h"

namespace usance::node {

namespace {

constexpr auto kRefusal = std::chrono::seconds(30);
constexpr auto kFirstDelay = std::chrono::milliseconds(100);
constexpr auto kLongestDelay = std::chrono::milliseconds(3'000);

std::uint64_t milliseconds(std::chrono::steady_clock::time_point at) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

// Certificates live by the machine's clock, not by a development network's.
TimeMs wall_now() {
  return TimeMs(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                               std::chrono::system_clock::now().time_since_epoch())
                                               .count()));
}

}  // namespace

PeerHub::PeerHub(Options options, std::shared_ptr<grpc::ChannelCredentials> credentials,
                 Receiver receiver)
    : options_(std::move(options)),
      credentials_(std::move(credentials)),
      receiver_(std::move(receiver)),
      service_(options_.settings, *this) {
  for (const std::string& address : options_.addresses) dials_.emplace_back().address = address;
}

PeerHub::~PeerHub() {
  stop();
}

void PeerHub::start() {
  dialler_ = std::thread([this] { dial_loop(); });
}

void PeerHub::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (dialler_.joinable()) dialler_.join();
  // Only now: the dialler may have opened one more stream while it was asked to stop.
  std::vector<std::shared_ptr<PeerStream>> open;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, stream] : streams_) open.push_back(stream);
    for (const Dial& dial : dials_)
      if (dial.stream) open.push_back(dial.stream);
  }
  for (const auto& stream : open)
    stream->close({grpc::StatusCode::UNAVAILABLE, "the node is shutting down"});
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return alive_ == 0; });
}

void PeerHub::schedule(Dial& dial) {
  // Full jitter, so that nodes that lost each other at the same moment do not dial in step.
  static thread_local std::minstd_rand random(std::random_device{}());
  const auto ceiling = std::min(kLongestDelay, kFirstDelay * (1 << std::min(dial.failures, 6u)));
  const auto delay = std::uniform_int_distribution<std::int64_t>(50, ceiling.count())(random);
  ++dial.failures;
  dial.next_attempt = Clock::now() + std::chrono::milliseconds(delay);
}

void PeerHub::dial_loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto now = Clock::now();
    auto wake = now + std::chrono::seconds(1);
    for (std::size_t i = 0; i < dials_.size() && !stopping_; ++i) {
      Dial& dial = dials_[i];
      if (dial.stream || dial.self || (dial.key && streams_.contains(*dial.key))) continue;
      if (dial.next_attempt > now) {
        wake = std::min(wake, dial.next_attempt);
        continue;
      }
      ++alive_;
      lock.unlock();
      auto stream = node::dial(options_.settings, *this, dial.address, credentials_);
      lock.lock();
      // closed() may have come already; it cannot know this stream, so the attempt counts as over.
      if (alive_ > 0 && !stream->ended()) dials_[i].stream = std::move(stream);
    }
    changed_.wait_until(lock, wake);
  }
}

Result<void> PeerHub::opened(const std::shared_ptr<PeerStream>& stream) {
  const KnownNode& node = stream->node();
  std::shared_ptr<PeerStream> superseded;
  {
    const std::lock_guard lock(mutex_);
    const auto dial = std::find_if(dials_.begin(), dials_.end(), [&](const Dial& d) {
      return stream->side() == PeerSide::kDialler && d.address == stream->address();
    });
    if (dial != dials_.end()) {
      dial->key = node.key;
      dial->failures = 0;
      dial->self = node.key == options_.self;
    }
    if (node.key == options_.self)
      return fail(ErrorCode::kFailedPrecondition, "this node has dialled itself");
    if (const auto refused = refused_until_.find(node.key);
        refused != refused_until_.end() && refused->second > Clock::now())
      return fail(ErrorCode::kResourceExhausted, node.name + " was dropped less than 30 s ago");
    if (cut_.contains(node.name))
      return fail(ErrorCode::kUnavailable, "cut off from " + node.name + " by its operator");
    auto& current = streams_[node.key];
    // Both sides may have dialled: the stream of the smaller key stays, on both ends alike. Of two
    // in the same direction the newer one: the older has lost its other end.
    const PeerSide kept = options_.self < node.key ? PeerSide::kDialler : PeerSide::kAcceptor;
    if (current && current->side() != stream->side() && stream->side() != kept)
      return fail(ErrorCode::kAlreadyExists, "connected the other way round already");
    superseded = std::move(current);
    current = stream;
    last_heard_[node.key] = milliseconds(Clock::now());
  }
  if (superseded)
    superseded->close({grpc::StatusCode::ALREADY_EXISTS, "replaced by another stream"});
  log::info("peer.connected", "a peer is connected",
            {{"peer", node.name},
             {"org", node.org.value},
             {"dialled", stream->side() == PeerSide::kDialler ? "yes" : "no"}});
  if (stream->certificate_not_after() < wall_now())
    log::warning("peer.certificate_expired",
                 "the peer's certificate is past its date; its pinned key still connects it",
                 {{"peer", node.name}, {"action", "its operator: usance cert renew"}});
  return {};
}

Result<void> PeerHub::received(const std::shared_ptr<PeerStream>& stream, v1::PeerFrames& frames) {
  {
    const std::lock_guard lock(mutex_);
    last_heard_[stream->node().key] = milliseconds(Clock::now());
  }
  auto handled = receiver_(stream->node(), frames);
  if (!handled) drop(stream->node().key, handled.error().message);
  return handled;
}

void PeerHub::closed(const std::shared_ptr<PeerStream>& stream, const std::string& reason) {
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = streams_.begin(); at != streams_.end(); ++at) {
      if (at->second != stream) continue;
      name = stream->node().name;
      streams_.erase(at);
      break;
    }
    if (stream->side() == PeerSide::kDialler) {
      --alive_;
      for (Dial& dial : dials_) {
        if (dial.address != stream->address()) continue;
        if (dial.stream == stream) dial.stream.reset();
        dial.last_error = reason;
        schedule(dial);
      }
    }
  }
  changed_.notify_all();
  if (!name.empty())
    log::info("peer.disconnected", "a peer is gone", {{"peer", name}, {"reason", reason}});
  else
    log::debug("peer.refused", "no stream came about",
               {{"address", stream->address()}, {"reason", reason}});
}

void PeerHub::send(const PublicKey& peer, const std::shared_ptr<const Bytes>& message) {
  std::shared_ptr<PeerStream> stream;
  {
    const std::lock_guard lock(mutex_);
    const auto found = streams_.find(peer);
    if (found == streams_.end()) return;
    stream = found->second;
  }
  stream->send(message);
}

void PeerHub::broadcast(consensus::Audience audience, const std::shared_ptr<const Bytes>& message) {
  std::vector<std::shared_ptr<PeerStream>> to;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, stream] : streams_) {
      const bool validator = stream->node().validator;
      if (audience == consensus::Audience::kAll ||
          (audience == consensus::Audience::kValidators) == validator)
        to.push_back(stream);
    }
  }
  for (const auto& stream : to) stream->send(message);
}

void PeerHub::drop(const PublicKey& peer, const std::string& reason) {
  std::shared_ptr<PeerStream> stream;
  {
    const std::lock_guard lock(mutex_);
    refused_until_[peer] = Clock::now() + kRefusal;
    const auto found = streams_.find(peer);
    if (found == streams_.end()) return;
    stream = found->second;
  }
  log::warning("peer.dropped", "a peer broke the protocol; refused for 30 s",
               {{"peer", stream->node().name}, {"reason", reason}});
  stream->close({grpc::StatusCode::INVALID_ARGUMENT, reason});
}

void PeerHub::cut(std::set<std::string> nodes) {
  std::vector<std::shared_ptr<PeerStream>> gone;
  {
    const std::lock_guard lock(mutex_);
    cut_ = std::move(nodes);
    for (const auto& [key, stream] : streams_)
      if (cut_.contains(stream->node().name)) gone.push_back(stream);
  }
  for (const auto& stream : gone)
    stream->close({grpc::StatusCode::UNAVAILABLE, "cut off by the operator"});
}

std::size_t PeerHub::connected() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

std::vector<PeerState> PeerHub::peers() const {
  const auto directory = options_.settings.directory->get();
  std::vector<PeerState> all;
  const std::lock_guard lock(mutex_);
  for (const KnownNode& node : directory->nodes) {
    if (node.key == options_.self) continue;
    PeerState state;
    state.node = node;
    if (const auto found = streams_.find(node.key); found != streams_.end()) {
      state.connected = true;
      state.counters = found->second->counters();
      state.certificate_not_after = found->second->certificate_not_after();
    }
    if (const auto heard = last_heard_.find(node.key); heard != last_heard_.end())
      state.last_heard_ms = heard->second;
    for (const Dial& dial : dials_) {
      if (dial.key != node.key) continue;
      state.address = dial.address;
      if (!state.connected) state.last_error = dial.last_error;
    }
    all.push_back(std::move(state));
  }
  return all;
}

}  // namespace usance::node
