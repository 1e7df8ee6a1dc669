#include "node/snapshot_server.h"

#include <algorithm>
#include <utility>

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
  held->taken = Clock::now();
  const std::lock_guard lock(mutex_);
  held_.push_back(std::move(held));
  drop_old();
}

// A snapshot costs little to hold (what is overwritten meanwhile), so a slow fetch may end.
void SnapshotServer::drop_old() {
  const auto now = Clock::now();
  std::erase_if(leases_, [now](const auto& lease) { return now - lease.second.asked > kLease; });
  const std::size_t newest = held_.size() - std::min(held_.size(), kNewest);
  std::size_t at = 0;
  std::erase_if(held_, [&](const HeldPtr& held) {
    if (at++ >= newest) return false;
    const bool fetched = std::ranges::any_of(leases_, [&](const auto& lease) {
      return lease.second.height == held->snapshot->height();
    });
    return !fetched || now - held->taken > kLongest;
  });
  while (held_.size() > kMost) held_.pop_front();
}

std::size_t SnapshotServer::held() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

SnapshotServer::HeldPtr SnapshotServer::find(const PublicKey& from, Height height) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(
      held_, [height](const HeldPtr& held) { return held->snapshot->height() == height; });
  if (found == held_.end()) return nullptr;
  leases_[from] = {height, Clock::now()};
  return *found;
}

void SnapshotServer::receive(const PublicKey& from, consensus::SnapshotRequest request) {
  {
    const std::lock_guard lock(mutex_);
    if (!busy_.insert(from).second) return;
    waiting_.push_back({from, std::move(request)});
    if (std::exchange(answering_, true)) return;
  }
  answer_next();
}

// One at a time, and queries of clients between them.
void SnapshotServer::answer_next() {
  const bool queued = queries_.submit([this](Executor&) {
    std::optional<Waiting> next;
    {
      const std::lock_guard lock(mutex_);
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    answer(*next);
    {
      const std::lock_guard lock(mutex_);
      answering_ = !waiting_.empty();
      if (!answering_) return;
    }
    answer_next();
  });
  if (queued) return;
  const std::lock_guard lock(mutex_);
  for (const Waiting& lost : waiting_) busy_.erase(lost.from);
  waiting_.clear();
  answering_ = false;
}

void SnapshotServer::answer(const Waiting& next) {
  std::shared_ptr<const Bytes> bytes;
  const auto answered = unless_unreadable([&]() -> Result<void> {
    if (const auto* wanted = std::get_if<consensus::FetchSnapshot>(&next.request))
      bytes = offer_above(next.from, wanted->above);
    else if (const auto* state = std::get_if<consensus::FetchState>(&next.request))
      bytes = encoded(answer_to(next.from, *state));
    else
      bytes = encoded(answer_to(next.from, std::get<consensus::FetchOutcomes>(next.request)));
    return {};
  });
  if (!answered) damage_.saw(answered.error());
  {
    // Before the answer is sent: the next request may follow at once.
    const std::lock_guard lock(mutex_);
    busy_.erase(next.from);
  }
  const bool fits = bytes && bytes->size() <= consensus::kMaxMessageBytes;
  send_(next.from, fits ? bytes : encoded(consensus::SnapshotGone{}));
}

consensus::SnapshotAnswer SnapshotServer::answer_to(const PublicKey& from,
                                                    const consensus::FetchState& request) {
  const HeldPtr held = find(from, request.height);
  if (!held) return consensus::SnapshotGone{request.height};
  auto piece = held->snapshot->piece(request.subtree);
  if (piece) return consensus::StateFetched{request.height, *std::move(piece)};
  damage_.saw(piece.error());
  return consensus::SnapshotGone{request.height};
}

consensus::SnapshotAnswer SnapshotServer::answer_to(const PublicKey& from,
                                                    const consensus::FetchOutcomes& request) {
  const HeldPtr held = find(from, request.height);
  if (!held) return consensus::SnapshotGone{request.height};
  auto piece = held->snapshot->outcomes(request.newest, request.first, request.lowest);
  if (piece) return consensus::OutcomesFetched{request.height, *std::move(piece)};
  damage_.saw(piece.error());
  return consensus::SnapshotGone{request.height};
}

// The newest one whose successors of W heights are certified: whoever installs it executes them
// before it can vote, and knows every state that its votes are judged by.
std::shared_ptr<const Bytes> SnapshotServer::offer_above(const PublicKey& from, Height above) {
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
      offer = one->offer;
    }
    if (!offer) offer = make_offer(*one);
    if (!offer) continue;
    const std::lock_guard lock(mutex_);
    one->offer = offer;
    leases_[from] = {height, Clock::now()};
    return offer;
  }
  return encoded(consensus::SnapshotGone{});
}

std::shared_ptr<const Bytes> SnapshotServer::make_offer(const Held& held) {
  const Height height = held.snapshot->height();
  // Who began with a snapshot has the outcomes of D heights only after as many.
  const std::uint64_t lowest =
      height.value > limits::kReplayHorizon ? height.value - limits::kReplayHorizon + 1 : 1;
  if (store_.base() != Height(0) && lowest <= store_.base().value) return nullptr;
  auto offer = held.snapshot->offer();
  auto hand_overs = hand_overs_up_to(store_, height);
  if (!offer || !hand_overs) {
    damage_.saw(offer ? hand_overs.error() : offer.error());
    return nullptr;
  }
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
