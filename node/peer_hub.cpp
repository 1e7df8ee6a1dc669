#include "node/peer_hub.h"

#include <algorithm>
#include <random>

#include "node/log.h"

namespace usance::node {

namespace {

constexpr const char* kOtherWayRound = "connected the other way round already";
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
    for (const auto& [id, link] : links_) open.push_back(link.stream);
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
      if (dial.stream || dial.self || (dial.id && links_.contains(*dial.id))) continue;
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

// Under which key, and as what, the core knows the peer.
void PeerHub::label(Link& link, const KnownNode& node) {
  const PublicKey& shown = link.stream->peer().key;
  link.confirmed = link.confirmed || shown == node.key || shown == node.next_key;
  link.node = node;
  if (link.confirmed) return;
  link.node.key = shown;
  link.node.validator = false;
}

void PeerHub::index_links() {
  auto gone = std::exchange(ids_, {});
  for (const auto& [id, link] : links_) {
    ids_[link.node.key] = id;
    gone.erase(link.node.key);
  }
  for (const auto& [key, id] : gone) options_.gone(key);
}

Result<void> PeerHub::admissible(const PeerIdentity& peer) {
  const std::lock_guard lock(mutex_);
  return admissible_locked(peer);
}

Result<void> PeerHub::admissible_locked(const PeerIdentity& peer) const {
  const KnownNode& node = peer.node;
  if (const auto refused = refused_until_.find(node.id);
      refused != refused_until_.end() && refused->second > Clock::now())
    return fail(ErrorCode::kResourceExhausted, node.name + " was dropped less than 30 s ago");
  if (cut_.contains(node.name))
    return fail(ErrorCode::kUnavailable, "cut off from " + node.name + " by its operator");
  const auto before = links_.find(node.id);
  if (before != links_.end() && before->second.confirmed && !peer.confirmed)
    return fail(ErrorCode::kPermissionDenied, "the consensus key is not the one of " + node.name);
  return {};
}

Result<void> PeerHub::opened(const std::shared_ptr<PeerStream>& stream) {
  const PeerIdentity& peer = stream->peer();
  const KnownNode& node = peer.node;
  const Hash32& own = options_.settings.tls_key;
  std::shared_ptr<PeerStream> superseded;
  {
    const std::lock_guard lock(mutex_);
    const auto dial = std::find_if(dials_.begin(), dials_.end(), [&](const Dial& d) {
      return stream->side() == PeerSide::kDialler && d.address == stream->address();
    });
    if (dial != dials_.end()) {
      dial->id = node.id;
      dial->failures = 0;
      dial->self = node.tls_key == own;
    }
    if (node.tls_key == own)
      return fail(ErrorCode::kFailedPrecondition, "this node has dialled itself");
    USANCE_TRY(admissible_locked(peer));
    const auto before = links_.find(node.id);
    // Both sides may have dialled: the stream of the smaller key stays, on both ends alike. Of two
    // in the same direction the newer one: the older has lost its other end.
    const PeerSide kept = own < node.tls_key ? PeerSide::kDialler : PeerSide::kAcceptor;
    if (before != links_.end() && before->second.confirmed == peer.confirmed &&
        before->second.stream->side() != stream->side() && stream->side() != kept)
      return fail(ErrorCode::kAlreadyExists, kOtherWayRound);
    Link& current = links_[node.id];
    superseded = std::move(current.stream);
    current.stream = stream;
    current.confirmed = peer.confirmed;
    current.since_ms = milliseconds(Clock::now());
    label(current, node);
    index_links();
    last_heard_[node.id] = current.since_ms;
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
  if (!peer.confirmed)
    log::warning("peer.unconfirmed",
                 "the peer has another consensus key than the ledger names here: one of the two is "
                 "behind",
                 {{"peer", node.name}, {"key", to_hex(peer.key)}});
  return {};
}

void PeerHub::members_changed(const Directory& directory) {
  const PublicKey own = options_.settings.keys->in_force(directory).public_key();
  std::vector<std::shared_ptr<PeerStream>> over;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, link] : links_) {
      const KnownNode* node = directory.by_id(id);
      if (node == nullptr || node->tls_key != link.node.tls_key || link.stream->own_key() != own)
        over.push_back(link.stream);
      else
        label(link, *node);
    }
    index_links();
  }
  for (const auto& stream : over)
    stream->close({grpc::StatusCode::ABORTED, "the ledger names another key for one of the two"});
}

Result<void> PeerHub::received(const std::shared_ptr<PeerStream>& stream, v1::PeerFrames& frames) {
  KnownNode from;
  {
    const std::lock_guard lock(mutex_);
    const auto link = links_.find(stream->peer().node.id);
    if (link == links_.end() || link->second.stream != stream) return {};  // superseded
    last_heard_[link->first] = milliseconds(Clock::now());
    from = link->second.node;
  }
  auto handled = receiver_(from, frames);
  if (!handled) drop(from.key, handled.error().message);
  return handled;
}

void PeerHub::closed(const std::shared_ptr<PeerStream>& stream, const std::string& reason) {
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = links_.begin(); at != links_.end(); ++at) {
      if (at->second.stream != stream) continue;
      name = at->second.node.name;
      links_.erase(at);
      index_links();
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
    const auto id = ids_.find(peer);
    if (id == ids_.end()) return;
    stream = links_.at(id->second).stream;
  }
  stream->send(message);
}

bool PeerHub::send_aside(std::uint32_t node, const std::shared_ptr<const Bytes>& aside) {
  std::shared_ptr<PeerStream> stream;
  {
    const std::lock_guard lock(mutex_);
    const auto link = links_.find(node);
    if (link == links_.end()) return false;
    stream = link->second.stream;
  }
  return stream->send_aside(aside);
}

void PeerHub::broadcast(consensus::Audience audience, const std::shared_ptr<const Bytes>& message) {
  std::vector<std::shared_ptr<PeerStream>> to;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, link] : links_)
      if (audience == consensus::Audience::kAll ||
          (audience == consensus::Audience::kValidators) == link.node.validator)
        to.push_back(link.stream);
  }
  for (const auto& stream : to) stream->send(message);
}

void PeerHub::drop(const PublicKey& peer, const std::string& reason) {
  std::shared_ptr<PeerStream> stream;
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    const auto id = ids_.find(peer);
    if (id == ids_.end()) return;
    refused_until_[id->second] = Clock::now() + kRefusal;
    const Link& link = links_.at(id->second);
    stream = link.stream;
    name = link.node.name;
  }
  log::warning("peer.dropped", "a peer broke the protocol; refused for 30 s",
               {{"peer", name}, {"reason", reason}});
  stream->close({grpc::StatusCode::INVALID_ARGUMENT, reason});
}

void PeerHub::cut(std::set<std::string> nodes) {
  std::vector<std::shared_ptr<PeerStream>> gone;
  {
    const std::lock_guard lock(mutex_);
    cut_ = std::move(nodes);
    for (const auto& [id, link] : links_)
      if (cut_.contains(link.node.name)) gone.push_back(link.stream);
  }
  for (const auto& stream : gone)
    stream->close({grpc::StatusCode::UNAVAILABLE, "cut off by the operator"});
}

std::size_t PeerHub::connected() const {
  const std::lock_guard lock(mutex_);
  return links_.size();
}

std::vector<PeerState> PeerHub::peers() const {
  const auto directory = options_.settings.directory->get();
  std::vector<PeerState> all;
  const std::lock_guard lock(mutex_);
  for (const KnownNode& node : directory->nodes) {
    if (node.tls_key == options_.settings.tls_key) continue;
    PeerState state;
    state.node = node;
    if (const auto found = links_.find(node.id); found != links_.end()) {
      state.connected = true;
      state.connected_ms = found->second.since_ms;
      state.counters = found->second.stream->counters();
      state.certificate_not_after = found->second.stream->certificate_not_after();
    }
    if (const auto heard = last_heard_.find(node.id); heard != last_heard_.end())
      state.last_heard_ms = heard->second;
    for (const Dial& dial : dials_) {
      if (dial.id != node.id) continue;
      state.address = dial.address;
      if (!state.connected) state.last_error = dial.last_error;
    }
    all.push_back(std::move(state));
  }
  return all;
}

std::map<std::string, std::string> PeerHub::unanswered() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> out;
  // A peer that dials us first ends our attempts before they say whose address it is.
  const auto one_of_two = [](const std::string& reason) {
    return reason.find(kOtherWayRound) != std::string::npos ||
           reason.find("Cancelled") != std::string::npos;
  };
  for (const Dial& dial : dials_)
    if (!dial.self && !dial.id && dial.failures > 0 && !one_of_two(dial.last_error))
      out[dial.address] = dial.last_error;
  return out;
}

}  // namespace usance::node
