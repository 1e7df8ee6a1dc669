// Dispatch of events, and how outputs leave.
#include "consensus/core.h"

#include <algorithm>

#include "consensus/replica.h"

namespace usance::consensus {

namespace {

constexpr std::size_t kMaxPeers = 512;
static_assert(kMaxPeers > limits::kMaxValidators, "strangers always make room for a validator");

// Followers, and validators before they are ready, use only these.
bool is_for_everybody(const Message& message) {
  return !std::holds_alternative<Vote>(message) && !std::holds_alternative<Proposal>(message) &&
         !std::holds_alternative<ViewChange>(message) && !std::holds_alternative<NewView>(message);
}

}  // namespace

void Core::step(const Input& input, Outbox& out) {
  wall_ = input.wall;
  mono_ = std::max(mono_, input.monotonic_ms);
  out_ = &out;
  if (!halted_.empty()) {
    step_halted(input.event);
    out_ = nullptr;
    return;
  }
  std::visit([this](const auto& event) { on(event); }, input.event);
  advance();
  flush();
  out_ = nullptr;
}

void Core::start(TimeMs wall, std::uint64_t mono, Outbox& out) {
  wall_ = wall;
  mono_ = mono;
  out_ = &out;
  if (!halted_.empty()) {
    emit(Halted{executed_, halted_, {}, {}});
    out_ = nullptr;
    return;
  }
  parent_seen_ms_ = mono;
  on(Tick{});
  advance();
  flush();
  out_ = nullptr;
}

void Core::on(const Tick&) {
  ask_peers();
  announce();
  catch_up();
  fetch_missing_bodies();
  tend_mempool();
  repeat_what_was_sent();
  check_timers();
}

void Core::on(const MessageReceived& event) {
  if (PeerInfo* info = peer(event.from)) info->heard_ms = std::max<std::uint64_t>(mono_, 1);
  gone_.erase(event.from);
  if (!concerns(*event.message)) return;
  std::visit(
      [&](const auto& message) {
        using T = std::decay_t<decltype(message)>;
        if constexpr (std::is_same_v<T, Proposal>) {
          on_message(event.from, event.message, message);
        } else {
          on_message(event.from, message);
        }
      },
      *event.message);
}

void Core::on(const PeerGone& event) {
  peers_.erase(event.peer);
  std::erase_if(gone_, [this](const PeerId& id) { return !set_->index_of(id); });
  if (set_->index_of(event.peer)) gone_.insert(event.peer);
  // Nothing more will come of what it was asked for.
  if (event.peer == fetch_from_ && fetch_deadline_ms_ != 0) fetch_deadline_ms_ = mono_;
  if (event.peer == results_from_ && results_deadline_ms_ != 0) results_deadline_ms_ = mono_;
}

void Core::on(const Durable& event) {
  durable_ = std::max(durable_, event.token);
  std::vector<OwnVote> ready;
  std::erase_if(own_votes_, [&](const OwnVote& own) {
    if (own.token > durable_) return false;
    ready.push_back(own);
    return true;
  });
  for (const OwnVote& own : ready) {
    if (own.vote.content.kind == VoteKind::kExec) {
      count_exec_vote(own.vote);
    } else {
      count_vote(own.vote);
    }
  }
  if (own_change_ && own_change_->token <= durable_) {
    const ViewChange change = std::move(own_change_->change);
    own_change_.reset();
    if (change.change.content.view == asked_) count_view_change(change);
  }
}

// A follower takes no part: a vote or a proposal says nothing that it could not fetch with its
// proof. A validator that has left still gathers the last results of its set.
bool Core::concerns(const Message& message) const {
  if (self_ || is_for_everybody(message)) return true;
  const Vote* vote = std::get_if<Vote>(&message);
  return vote != nullptr && vote->content.kind == VoteKind::kExec && is_validator();
}

// Everything that may have become possible; each part checks its own conditions.
void Core::advance() {
  if (!halted_.empty()) return;
  run_execution();
  vote_results();
  certify();
  try_new_view();
  try_propose();
  try_prepare();
  try_commit();
  check_timers();
  if (announce_due_) announce();
}

void Core::flush() {
  if (dirty_) {
    dirty_ = false;
    record_.sequence += 1;
    record_.view = view_;
    store_decided();
    const Signer* signer = voting_signer();
    if (ahead_) ahead_->sequence = record_.sequence;
    emit(Persist{record_.sequence, signer != nullptr ? signer->public_key() : config_.self,
                 encode(ahead_ ? *ahead_ : record_), std::move(to_store_)});
    to_store_.clear();
  }
  for (Output& output : deferred_) emit(std::move(output));
  deferred_.clear();
}

void Core::send_bytes(Audience audience, std::shared_ptr<const Bytes> bytes, const PeerId& peer,
                      bool after) {
  if (after && mutated(Mutation::kSendBeforeDurable)) after = false;
  Send out{audience, peer, std::move(bytes), after ? record_.sequence + 1 : 0};
  if (after) {
    USANCE_INVARIANT(dirty_);
    deferred_.emplace_back(std::move(out));
  } else {
    emit(std::move(out));
  }
}

void Core::send(Audience audience, const Message& message, const PeerId& peer, bool after) {
  send_bytes(audience, std::make_shared<const Bytes>(encode_message(message)), peer, after);
}

// C-2.5: what breaks the protocol is ignored whole, and its sender not asked for blocks for a
// while.
void Core::drop(const PeerId& peer, const char* reason) {
  avoid(peer, 30'000);
  emit(DropPeer{peer, reason});
}

void Core::halt(Height height, std::string reason, std::optional<Hash32> own,
                std::optional<Hash32> certified) {
  if (!halted_.empty()) return;
  halted_ = reason;
  emit(Halted{height, std::move(reason), own, certified});
}

// Signs a vote, makes it durable, sends it then (C-7.2), and counts it then (C-3.6).
void Core::cast(VoteKind kind, Height height, const Hash32& hash) {
  const ValidatorSet& set = *sets_.at(height);
  Vote vote;
  vote.content =
      VoteContent{kind, set.epoch, kind == VoteKind::kExec ? View{} : view_, height, hash};
  vote.signer = *index_at(height);
  vote.signature = signer_at(height)->sign(vote_digest(config_.chain, vote.content));
  dirty_ = true;
  send(Audience::kValidators, vote, {},
       kind != VoteKind::kExec || !mutated(Mutation::kResultVoteEarly));
  own_votes_.push_back(OwnVote{record_.sequence + 1, vote});
}

bool Core::can_vote() const {
  return !amnesiac() && started_ && halted_.empty() && open() >= vote_floor_;
}

bool Core::is_leader() const {
  return self_ && *self_ == set_->leader(view_, open());
}

// A(h) = the state after block h - W; genesis for h <= W.
Height Core::reference_of(Height height) const {
  return Height(height.value > limits::kExecutionLag ? height.value - limits::kExecutionLag : 0);
}

// C-4.1: the state that decides the validity of the open height's block is here.
bool Core::knows_reference() const {
  const Height reference = reference_of(open());
  return executed_ >= reference && base_ <= reference;
}

// The result that must be certified before the height may be proposed: h - W, and E - 1 for the
// first height of an epoch.
// C-4.2: the lowest height whose result the header at this height may name.
Height Core::required_result(Height height) const {
  if (height.value > 1 && sets_.begins_at(height)) return Height(height.value - 1);
  return reference_of(height);
}

const Parameters& Core::parameters_at(Height reference) const {
  auto after = parameters_.upper_bound(reference);
  USANCE_INVARIANT(after != parameters_.begin());
  return std::prev(after)->second;
}

Inclusion Core::inclusion(Height height, TimeMs time) const {
  const Height reference = reference_of(height);
  return Inclusion{height, time, reference, parameters_at(reference), keys_, recent_};
}

// Whoever is linked has an entry; validators whatever others do.
PeerInfo* Core::peer(const PeerId& id) {
  const auto known = peers_.find(id);
  if (known != peers_.end()) return &known->second;
  if (is_own(id)) return nullptr;
  if (peers_.size() >= kMaxPeers) {
    if (!set_->index_of(id)) return nullptr;
    const auto stranger = std::find_if(peers_.begin(), peers_.end(), [this](const auto& entry) {
      return !set_->index_of(entry.first);
    });
    if (stranger == peers_.end()) return nullptr;
    peers_.erase(stranger);
  }
  return &peers_[id];
}

void Core::avoid(const PeerId& id, std::uint64_t for_ms) {
  if (const auto known = peers_.find(id); known != peers_.end())
    known->second.avoid_until_ms = mono_ + for_ms;
}

Replica::Replica(const Config& config, const Recovery& recovery)
    : core_(std::make_unique<Core>(config, recovery)) {}
Replica::~Replica() = default;
void Replica::start(TimeMs wall, std::uint64_t monotonic_ms, Outbox& out) {
  core_->start(wall, monotonic_ms, out);
}
void Replica::step(const Input& input, Outbox& out) {
  core_->step(input, out);
}
StatusReport Replica::status(std::uint64_t monotonic_ms) const {
  return core_->status(monotonic_ms);
}
std::uint64_t Replica::timeout_ms() const {
  return core_->timeout_ms();
}
bool Replica::knows_bundle(const Hash32& bundle) const {
  return core_->knows_bundle(bundle);
}
const ValidatorSet& Replica::validators() const {
  return core_->set();
}

}  // namespace usance::consensus
