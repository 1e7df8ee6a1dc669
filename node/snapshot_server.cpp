#include "node/snapshot_server.h"

#include <algorithm>

#include "node/hand_overs.h"
#include "node/log.h"

namespace usance::node {

namespace {

constexpr std::size_t kNewest = 3;                 // held in any case
constexpr std::size_t kMost = 8;                   // also of those that are being fetched
constexpr auto kLease = std::chrono::seconds(60);  // from the last request on
constexpr auto kLongest = std::chrono::hours(6);

std::shared_ptr<const Bytes> encoded(consensus::SnapshotAnswer answer) {
  return std::make_shared<const Bytes>(consensus::encode_snapshot_message(std::move(answer)));
}

}  // namespace

SnapshotServer::SnapshotServer(const storage::LedgerStore& store, QueryPool& queries,
                               DamageAlarm& damage, Send send)
    : store_(store), queries_(queries), damage_(damage), send_(std::move(send)) {}

void SnapshotServer::executed(Height height) {
  if (height.value % limits::kSnapshotInterval == 0) take();
}

void SnapshotServer::take() {
  auto taken = store_.take_snapshot();
  if (!taken) return damage_.saw(taken.error());
  auto held = std::make_shared<Held>();
  held->snapshot = *std::move(taken);
  held->taken = held->asked = Clock::now();
  const std::lock_guard lock(mutex_);
  held_.push_back(std::move(held));
  drop_old();
}

// A snapshot costs little to hold (what is overwritten meanwhile), so a slow fetch may end.
void SnapshotServer::drop_old() {
  const auto now = Clock::now();
  const std::size_t newest = held_.size() - std::min(held_.size(), kNewest);
  std::size_t at = 0;
  std::erase_if(held_, [&](const HeldPtr& held) {
    const bool old = at++ < newest;
    return now - held->taken > kLongest || (old && now - held->asked > kLease);
  });
  while (held_.size() > kMost) held_.pop_front();
}

std::size_t SnapshotServer::held() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

SnapshotServer::HeldPtr SnapshotServer::find(Height height) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(
      held_, [height](const HeldPtr& held) { return held->snapshot->height() == height; });
  if (found == held_.end()) return nullptr;
  (*found)->asked = Clock::now();
  return *found;
}

void SnapshotServer::receive(const PublicKey& from, consensus::SnapshotRequest request) {
  {
    const std::lock_guard lock(mutex_);
    if (!busy_.insert(from).second) return;
  }
  const auto done = [this, from] {
    const std::lock_guard lock(mutex_);
    busy_.erase(from);
  };
  const bool queued = queries_.submit([this, from, request = std::move(request), done](Executor&) {
    std::shared_ptr<const Bytes> bytes;
    const auto answered = unless_unreadable([&]() -> Result<void> {
      if (const auto* wanted = std::get_if<consensus::FetchSnapshot>(&request))
        bytes = offer_above(wanted->above);
      else if (const auto* state = std::get_if<consensus::FetchState>(&request))
        bytes = encoded(answer_to(*state));
      else
        bytes = encoded(answer_to(std::get<consensus::FetchOutcomes>(request)));
      return {};
    });
    if (!answered) damage_.saw(answered.error());
    done();
    if (bytes && bytes->size() <= consensus::kMaxMessageBytes) send_(from, bytes);
  });
  if (!queued) done();
}

consensus::SnapshotAnswer SnapshotServer::answer_to(const consensus::FetchState& request) {
  const HeldPtr held = find(request.height);
  if (!held) return consensus::SnapshotGone{request.height};
  auto piece = held->snapshot->piece(request.subtree);
  if (piece) return consensus::StateFetched{request.height, *std::move(piece)};
  damage_.saw(piece.error());
  return consensus::SnapshotGone{request.height};
}

consensus::SnapshotAnswer SnapshotServer::answer_to(const consensus::FetchOutcomes& request) {
  const HeldPtr held = find(request.height);
  if (!held) return consensus::SnapshotGone{request.height};
  auto piece = held->snapshot->outcomes(request.newest, request.first, request.lowest);
  if (piece) return consensus::OutcomesFetched{request.height, *std::move(piece)};
  damage_.saw(piece.error());
  return consensus::SnapshotGone{request.height};
}

// The newest one whose successors of W heights are certified: whoever installs it executes them
// before it can vote, and knows every state that its votes are judged by.
std::shared_ptr<const Bytes> SnapshotServer::offer_above(Height above) {
  std::vector<HeldPtr> held;
  {
    const std::lock_guard lock(mutex_);
    held.assign(held_.rbegin(), held_.rend());
  }
  for (const HeldPtr& one : held) {
    const Height height = one->snapshot->height();
    if (height <= above) break;
    if (!store_.result_certificate(Height(height.value + limits::kExecutionLag))) continue;
    std::shared_ptr<const Bytes> offer;
    {
      const std::lock_guard lock(mutex_);
      one->asked = Clock::now();
      offer = one->offer;
    }
    if (!offer) offer = make_offer(*one);
    if (!offer) continue;
    const std::lock_guard lock(mutex_);
    one->offer = offer;
    return offer;
  }
  return encoded(consensus::SnapshotGone{});
}

std::shared_ptr<const Bytes> SnapshotServer::make_offer(const Held& held) {
  auto offer = held.snapshot->offer();
  const Height height = held.snapshot->height();
  auto hand_overs = hand_overs_up_to(store_, height);
  if (!offer || !hand_overs) {
    damage_.saw(offer ? hand_overs.error() : offer.error());
    return nullptr;
  }
  // Who began with a snapshot has the outcomes of D heights only after as many.
  const std::uint64_t lowest =
      height.value > limits::kReplayHorizon ? height.value - limits::kReplayHorizon + 1 : 1;
  if (store_.base() != Height(0) && lowest <= store_.base().value) return nullptr;
  offer->hand_overs = *std::move(hand_overs);
  auto bytes = encoded(consensus::SnapshotOffered{*std::move(offer)});
  if (bytes->size() > consensus::kMaxMessageBytes) {
    log::warning("snapshot.too_many_epochs",
                 "no snapshot is offered: the hand-overs since the genesis exceed a message",
                 {{"height", height}, {"bytes", bytes->size()}});
    return nullptr;
  }
  return bytes;
}

}  // namespace usance::node
