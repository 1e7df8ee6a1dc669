#include "consensus/snapshot_fetch.h"

#include <algorithm>

namespace usance::consensus {

namespace {

constexpr std::uint64_t kOffersMs = 3'000;     // from the first request for an offer on
constexpr std::uint64_t kAnswerMs = 10'000;    // for one piece
constexpr std::uint64_t kLeftAloneMs = 1'000;  // after a failure; twice as long after the next
constexpr std::uint32_t kMaxFailures = 5;      // in a row
constexpr std::uint64_t kNobodyMs = 30'000;

// An answer to an earlier request for outcomes: the walk has gone on since.
bool is_behind(const OutcomeWalk& walk, const OutcomePiece& piece) {
  if (piece.heights.empty()) return false;
  const SnapshotOutcome& newest = piece.heights.back();
  return newest.result.height > walk.next ||
         (newest.result.height == walk.next && newest.before.size() < walk.first);
}

}  // namespace

Height SnapshotFetch::height() const {
  return phase_ != Phase::kOffers && offer_ ? offer_->height() : Height(0);
}

void SnapshotFetch::connected(const PeerId& peer) {
  if (!blamed_.contains(peer)) sources_.try_emplace(peer);
}

void SnapshotFetch::gone(const PeerId& peer) {
  const auto found = sources_.find(peer);
  if (found == sources_.end()) return;
  put_back(found->second);
  sources_.erase(found);
}

SnapshotFetch::Outputs SnapshotFetch::receive(std::uint64_t monotonic_ms, const PeerId& from,
                                              SnapshotAnswer answer) {
  now_ms_ = monotonic_ms;
  Outputs out;
  const auto found = sources_.find(from);
  // Too late, or never asked for.
  if (found == sources_.end() || !found->second.asked) return out;
  std::visit([&](auto& which) { take(found->second, from, which, out); }, answer);
  advance(out);
  return out;
}

SnapshotFetch::Outputs SnapshotFetch::tick(std::uint64_t monotonic_ms) {
  now_ms_ = monotonic_ms;
  Outputs out;
  expire();
  advance(out);
  return out;
}

void SnapshotFetch::advance(Outputs& out) {
  if (phase_ == Phase::kOffers) choose_offer(out);
  if (phase_ == Phase::kPieces && left_.empty() && walk_.done() && !under_way<ProvenSubtree>() &&
      !under_way<Outcomes>())
    phase_ = Phase::kWhole;
  if (phase_ == Phase::kOffers || phase_ == Phase::kPieces) assign(out);
  const bool somebody =
      std::ranges::any_of(sources_, [](const auto& entry) { return !entry.second.useless; });
  if (somebody) {
    nobody_since_ms_ = 0;
  } else if (nobody_since_ms_ == 0) {
    nobody_since_ms_ = std::max<std::uint64_t>(now_ms_, 1);
  } else if (phase_ == Phase::kPieces && now_ms_ >= nobody_since_ms_ + kNobodyMs) {
    phase_ = Phase::kFailed;
  }
}

// The highest that was offered, once all have answered or had their time.
void SnapshotFetch::choose_offer(Outputs& out) {
  if (!offers_until_ms_) return;
  if (under_way<FetchSnapshot>() && now_ms_ < *offers_until_ms_) return;
  if (!offer_) {
    if (now_ms_ >= *offers_until_ms_) phase_ = Phase::kFailed;
    return;
  }
  phase_ = Phase::kPieces;
  walk_ = OutcomeWalk::begin(*offer_);
  if (offer_->tip.header.state_root != kEmptyTree)
    left_.push_back({{}, offer_->tip.header.state_root});
  // Who has not offered it may still hold it.
  for (auto& [peer, source] : sources_) source = Source{};
  out.begin = offer_;
}

void SnapshotFetch::take(Source& source, const PeerId& from, SnapshotOffered& answer,
                         Outputs& out) {
  if (!std::holds_alternative<FetchSnapshot>(*source.asked)) return;
  put_back(source);
  source.useless = true;  // until the pieces are asked for
  const SnapshotOffer& offer = answer.offer;
  if (offer.height() <= options_.above || (offer_ && offer.height() <= offer_->height())) return;
  const auto verified =
      verify_offer(offer, *options_.genesis, *options_.recoveries, *options_.verifier);
  if (!verified)
    return blame(from, "a snapshot that no quorum signed: " + verified.error().message, out);
  offer_ = std::move(answer.offer);
}

void SnapshotFetch::take(Source& source, const PeerId& from, StateFetched& answer, Outputs& out) {
  const auto* asked = std::get_if<ProvenSubtree>(&*source.asked);
  // A late answer to a request that another peer has by now is no wrong one.
  if (asked == nullptr || answer.height != height() || answer.piece.subtree != asked->subtree)
    return;
  auto left = verify_piece(*asked, answer.piece);
  if (!left) return blame(from, "a wrong piece of the state: " + left.error().message, out);
  source = Source{};
  ++pieces_;
  left_.insert(left_.end(), left->begin(), left->end());
  out.pieces.emplace_back(std::move(answer.piece));
}

void SnapshotFetch::take(Source& source, const PeerId& from, OutcomesFetched& answer,
                         Outputs& out) {
  if (!std::holds_alternative<Outcomes>(*source.asked) || answer.height != height()) return;
  if (is_behind(walk_, answer.piece)) return;
  const auto verified = verify_outcomes(walk_, options_.genesis->chain_id, answer.piece);
  if (!verified) return blame(from, "wrong outcomes: " + verified.error().message, out);
  source = Source{};
  ++pieces_;
  out.pieces.emplace_back(std::move(answer.piece));
}

void SnapshotFetch::take(Source& source, const PeerId&, SnapshotGone&, Outputs&) {
  put_back(source);
  source.useless = true;
}

void SnapshotFetch::blame(const PeerId& peer, std::string why, Outputs& out) {
  gone(peer);
  blamed_.insert(peer);
  out.blamed.push_back({peer, std::move(why)});
}

// What the peer was asked for is asked of another one.
void SnapshotFetch::put_back(Source& source) {
  if (!source.asked) return;
  if (const auto* subtree = std::get_if<ProvenSubtree>(&*source.asked)) left_.push_back(*subtree);
  source.asked.reset();
}

void SnapshotFetch::expire() {
  for (auto& [peer, source] : sources_) {
    if (!source.asked || now_ms_ < source.deadline_ms) continue;
    put_back(source);
    source.avoid_until_ms = now_ms_ + (kLeftAloneMs << source.failures);
    source.useless = ++source.failures >= kMaxFailures;
  }
}

void SnapshotFetch::assign(Outputs& out) {
  for (auto& [peer, source] : sources_) {
    if (source.asked || source.useless || now_ms_ < source.avoid_until_ms) continue;
    const auto request = next_for(source);
    if (!request) continue;
    source.deadline_ms = now_ms_ + (phase_ == Phase::kOffers ? kOffersMs : kAnswerMs);
    out.requests.push_back({peer, *request});
  }
}

std::optional<SnapshotRequest> SnapshotFetch::next_for(Source& source) {
  if (phase_ == Phase::kOffers) {
    if (!offers_until_ms_) offers_until_ms_ = now_ms_ + kOffersMs;
    source.asked = FetchSnapshot{options_.above};
    return FetchSnapshot{options_.above};
  }
  if (!walk_.done() && !under_way<Outcomes>()) {
    source.asked = Outcomes{};
    return FetchOutcomes{height(), walk_.next, walk_.first, walk_.lowest};
  }
  if (left_.empty()) return std::nullopt;
  source.asked = left_.back();
  left_.pop_back();
  return FetchState{height(), std::get<ProvenSubtree>(*source.asked).subtree};
}

}  // namespace usance::consensus
