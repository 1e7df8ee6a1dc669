#include "consensus/snapshot_fetch.h"

#include <algorithm>
#include <utility>

namespace usance::consensus {

namespace {

constexpr std::uint64_t kOffersMs = 3'000;     // from the first request for an offer on
constexpr std::uint64_t kAnswerMs = 10'000;    // for one piece
constexpr std::uint64_t kPatienceMs = 2'000;   // then an idle peer is asked for it, too
constexpr std::uint64_t kLeftAloneMs = 1'000;  // after a failure; twice as long after the next
constexpr std::uint32_t kMaxFailures = 5;      // in a row
constexpr std::uint64_t kNobodyMs = 30'000;    // while nobody offers, or serves, one
constexpr std::uint64_t kLongestMs = 6 * 3'600'000;  // as long as any peer holds one
constexpr std::uint32_t kMaxLetDowns = 2;

// An answer to an earlier request for outcomes: the walk has gone on since.
bool is_behind(const OutcomeWalk& walk, const OutcomePiece& piece) {
  if (piece.heights.empty()) return false;
  const SnapshotOutcome& newest = piece.heights.back();
  return newest.result.height > walk.next ||
         (newest.result.height == walk.next && newest.before.size() < walk.first);
}

}  // namespace

Height SnapshotFetch::height() const {
  return chosen_ ? chosen_->offer.height() : Height(0);
}

void SnapshotFetch::connected(const PeerId& peer) {
  here_.insert(peer);
  if (!blamed_.contains(peer)) sources_.try_emplace(peer);
}

void SnapshotFetch::gone(const PeerId& peer) {
  here_.erase(peer);
  forget(peer);
}

void SnapshotFetch::forget(const PeerId& peer) {
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
  if (std::holds_alternative<Superseded>(*found->second.asked) &&
      !std::holds_alternative<SnapshotGone>(answer))
    found->second = Source{};
  else
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
  if (phase_ == Phase::kPieces) {
    if (left_.empty() && walk_.done() && !under_way<Part>())
      phase_ = Phase::kWhole;
    else if (is_stuck())
      begin_anew();
  }
  if (phase_ == Phase::kOffers || phase_ == Phase::kPieces) assign(out);
}

// Once all have answered or had their time: the highest of those that f + 1 peers offer, so that it
// is no liar's alone; else the highest.
void SnapshotFetch::choose_offer(Outputs& out) {
  if (!offers_until_ms_) return;
  if (under_way<FetchSnapshot>() && now_ms_ < *offers_until_ms_) return;
  if (offers_.empty()) {
    const bool none =
        std::ranges::all_of(sources_, [](const auto& entry) { return entry.second.useless; });
    if (here_.empty())
      offers_until_ms_ = now_ms_ + kOffersMs;  // cut off: whoever comes back is asked
    else if (now_ms_ >= *offers_until_ms_ + (none ? 0 : kNobodyMs))
      phase_ = Phase::kFailed;
    return;
  }
  const std::size_t faults = options_.genesis->validators().faults();
  auto best = std::find_if(offers_.rbegin(), offers_.rend(),
                           [faults](const auto& entry) { return entry.second.by.size() > faults; });
  if (best == offers_.rend()) best = offers_.rbegin();
  chosen_ = std::move(best->second);
  offers_.clear();
  phase_ = Phase::kPieces;
  begun_ms_ = now_ms_;
  nobody_since_ms_.reset();
  walk_ = OutcomeWalk::begin(chosen_->offer);
  if (chosen_->offer.tip.header.state_root != kEmptyTree)
    left_.push_back({{{}, chosen_->offer.tip.header.state_root}, {}});
  // Who has not offered it may still hold it.
  for (auto& [peer, source] : sources_) source = Source{};
  out.begin = chosen_->offer;
}

// Without any connection there is nothing better to do than to wait for one.
bool SnapshotFetch::is_stuck() {
  if (now_ms_ >= begun_ms_ + kLongestMs) return true;
  const bool somebody =
      std::ranges::any_of(sources_, [](const auto& entry) { return !entry.second.useless; });
  if (somebody || here_.empty())
    nobody_since_ms_.reset();
  else if (!nobody_since_ms_)
    nobody_since_ms_ = now_ms_;
  return nobody_since_ms_ && now_ms_ >= *nobody_since_ms_ + kNobodyMs;
}

bool SnapshotFetch::is_let_down_by(const PeerId& peer) const {
  const auto found = let_down_.find(peer);
  return found != let_down_.end() && found->second >= kMaxLetDowns;
}

// With another snapshot, or with the same one if others still offer it.
void SnapshotFetch::begin_anew() {
  for (const PeerId& peer : chosen_->by) ++let_down_[peer];
  chosen_.reset();
  left_.clear();
  walk_ = {};
  for (auto& [peer, source] : sources_) {
    source = Source{};
    source.useless = is_let_down_by(peer);
  }
  offers_until_ms_ = now_ms_ + kOffersMs;
  phase_ = Phase::kOffers;
}

void SnapshotFetch::take(Source& source, const PeerId& from, SnapshotOffered& answer,
                         Outputs& out) {
  if (!std::holds_alternative<FetchSnapshot>(*source.asked)) return;
  put_back(source);
  source.useless = true;  // until the pieces are asked for
  SnapshotOffer& offer = answer.offer;
  if (offer.height() <= options_.above) return;
  const auto known = offers_.find(offer.height());
  if (known != offers_.end() && known->second.offer.tip.header == offer.tip.header) {
    known->second.by.insert(from);
    return;
  }
  const auto verified =
      verify_offer(offer, *options_.genesis, *options_.recoveries, *options_.verifier);
  if (!verified)
    return blame(from, "a snapshot that no quorum signed: " + verified.error().message, out);
  const Height height = offer.height();
  offers_.try_emplace(height, Offered{std::move(offer), {from}});
}

void SnapshotFetch::take(Source& source, const PeerId& from, StateFetched& answer, Outputs& out) {
  const auto* asked = std::get_if<Part>(&*source.asked);
  // A late answer to a request that another peer has by now is no wrong one.
  if (asked == nullptr || answer.height != height() || answer.piece.subtree != asked->tree.subtree)
    return;
  const auto left = verify_piece(asked->tree, answer.piece);
  if (!left) return blame(from, "a wrong piece of the state: " + left.error().message, out);
  const Part part = *asked;
  answered(source);
  for (const ProvenSubtree& tree : *left) left_.push_back({tree, from});
  blame_for_holding_back(part, answer.piece, out);
  out.pieces.emplace_back(std::move(answer.piece));
}

// SN-3: a scope comes without its items if they are large. Whoever splits off small ones makes a
// request of each scope.
void SnapshotFetch::blame_for_holding_back(const Part& asked, const StatePiece& piece,
                                           Outputs& out) {
  const Subtree& subtree = asked.tree.subtree;
  if (!subtree.scope || subtree.depth != 0 || !piece.parts.empty()) return;
  std::size_t bytes = 0;
  for (const ProvenItem& item : piece.items) bytes += snapshot_bytes(item);
  if (bytes > limits::kSnapshotScopeBytes || blamed_.contains(asked.said)) return;
  blame(asked.said, "a small scope came without its items", out);
}

void SnapshotFetch::take(Source& source, const PeerId& from, OutcomesFetched& answer,
                         Outputs& out) {
  if (!std::holds_alternative<Outcomes>(*source.asked) || answer.height != height()) return;
  if (is_behind(walk_, answer.piece)) return;
  const auto verified = verify_outcomes(walk_, options_.genesis->chain_id, answer.piece);
  if (!verified) return blame(from, "wrong outcomes: " + verified.error().message, out);
  answered(source);
  out.pieces.emplace_back(std::move(answer.piece));
}

void SnapshotFetch::take(Source& source, const PeerId&, SnapshotGone&, Outputs&) {
  put_back(source);
  source.useless = true;
}

void SnapshotFetch::blame(const PeerId& peer, std::string why, Outputs& out) {
  forget(peer);
  blamed_.insert(peer);
  out.blamed.push_back({peer, std::move(why)});
}

bool SnapshotFetch::same(const Work& one, const Work& other) {
  const auto* part = std::get_if<Part>(&one);
  const auto* others = std::get_if<Part>(&other);
  if (part != nullptr && others != nullptr) return part->tree.subtree == others->tree.subtree;
  return one.index() == other.index();
}

bool SnapshotFetch::is_asked(const Work& work) const {
  return std::ranges::any_of(sources_, [&](const auto& entry) {
    return entry.second.asked && same(*entry.second.asked, work);
  });
}

// What the peer was asked for is asked of another one.
void SnapshotFetch::put_back(Source& source) {
  if (!source.asked) return;
  const Work work = *std::exchange(source.asked, std::nullopt);
  if (const auto* part = std::get_if<Part>(&work); part != nullptr && !is_asked(work))
    left_.push_back(*part);
}

void SnapshotFetch::answered(Source& source) {
  const Work work = *source.asked;
  source = Source{};
  for (auto& [peer, other] : sources_)
    if (other.asked && same(*other.asked, work)) other.asked = Superseded{};
  ++pieces_;
}

void SnapshotFetch::expire() {
  for (auto& [peer, source] : sources_) {
    if (!source.asked || now_ms_ < source.deadline_ms) continue;
    put_back(source);
    source.avoid_until_ms = now_ms_ + (kLeftAloneMs << source.failures);
    source.useless = ++source.failures >= kMaxFailures;
  }
}

// In turn, from behind the one that was asked last.
void SnapshotFetch::assign(Outputs& out) {
  auto at = sources_.upper_bound(last_asked_);
  for (std::size_t i = 0; i < sources_.size(); ++i, ++at) {
    if (at == sources_.end()) at = sources_.begin();
    auto& [peer, source] = *at;
    if (source.asked || source.useless || now_ms_ < source.avoid_until_ms) continue;
    source.asked = next_work(peer);
    if (!source.asked) continue;
    source.asked_ms = now_ms_;
    source.deadline_ms = now_ms_ + (phase_ == Phase::kOffers ? kOffersMs : kAnswerMs);
    last_asked_ = peer;
    out.requests.push_back({peer, request_for(*source.asked)});
  }
}

std::optional<SnapshotFetch::Work> SnapshotFetch::next_work(const PeerId& peer) {
  if (phase_ == Phase::kOffers) {
    if (is_let_down_by(peer)) return std::nullopt;
    if (!offers_until_ms_) offers_until_ms_ = now_ms_ + kOffersMs;
    return FetchSnapshot{options_.above};
  }
  // Not of the same one again while there is another: nobody has the walk for itself.
  if (!walk_.done() && !under_way<Outcomes>() && (left_.empty() || peer != last_walker_)) {
    last_walker_ = peer;
    return Outcomes{};
  }
  if (left_.empty()) return slow_work();
  Part part = std::move(left_.back());
  left_.pop_back();
  return part;
}

// What is waited for longest, if nobody was asked for it lately: one slow peer does not hold up
// the others.
std::optional<SnapshotFetch::Work> SnapshotFetch::slow_work() const {
  const Source* slowest = nullptr;
  for (const auto& [peer, source] : sources_) {
    if (!source.asked || std::holds_alternative<Superseded>(*source.asked)) continue;
    const bool lately = std::ranges::any_of(sources_, [&](const auto& entry) {
      return entry.second.asked && same(*entry.second.asked, *source.asked) &&
             now_ms_ < entry.second.asked_ms + kPatienceMs;
    });
    if (!lately && (slowest == nullptr || source.asked_ms < slowest->asked_ms)) slowest = &source;
  }
  return slowest == nullptr ? std::nullopt : slowest->asked;
}

SnapshotRequest SnapshotFetch::request_for(const Work& work) const {
  if (const auto* part = std::get_if<Part>(&work)) return FetchState{height(), part->tree.subtree};
  if (std::holds_alternative<Outcomes>(work))
    return FetchOutcomes{height(), walk_.next, walk_.first, walk_.lowest};
  return FetchSnapshot{options_.above};
}

}  // namespace usance::consensus
