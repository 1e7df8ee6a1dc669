// Leaving a view and beginning the next (C-6).
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

std::optional<LockRef> highest_lock(const NewViewProof& proof, Height base) {
  std::optional<LockRef> highest;
  for (const SignedViewChange& change : proof.changes)
    if (change.content.last == base && change.content.lock &&
        (!highest || (mutated(Mutation::kLowestLock) ? change.content.lock->view < highest->view
                                                     : highest->view < change.content.lock->view)))
      highest = change.content.lock;
  return highest;
}

// C-6.1: signed once per view; the bytes are stored and repeated, never signed anew.
void Core::request_view(View view) {
  USANCE_INVARIANT(can_vote() && self_ && view > view_ && view > asked_);
  ViewChange change;
  change.change.signer = *self_;
  change.change.content = ViewChangeContent{set_->epoch, view, committed_, std::nullopt};
  change.last_commit = head_commit_;
  if (record_.lock && !mutated(Mutation::kLockForgotten)) {
    change.change.content.lock = LockRef{record_.lock->content.view, record_.lock->content.hash};
    change.lock = record_.lock;
  }
  change.change.signature =
      signer_at(open())->sign(view_change_digest(config_.chain, change.change.content));
  asked_ = view;
  changing_ = true;
  deadline_.reset();
  starved_ms_.reset();
  passed_over_ = 0;
  record_.view_change = change;
  dirty_ = true;
  send(Audience::kValidators, change, {}, true);
  own_change_ = OwnChange{record_.sequence + 1, change};
  repeated_ms_ = mono_;
}

void Core::on_message(const PeerId& from, const ViewChange& change) {
  const ViewChangeContent& content = change.change.content;
  if (content.epoch != set_->epoch) {
    if (content.epoch < set_->epoch) answer_stale(from);
    return;
  }
  if (change.change.signer >= set_->size()) return drop(from, "a view change of nobody");
  if (change.change.signer == self_) return;
  if (content.view <= view_ && !changing_) answer_stale(from);
  // Decided last by a set that is not known any more (C-9.1): nothing here can judge it.
  if (content.last.value != 0 && sets_.at(content.last) == nullptr) return answer_stale(from);
  const auto& slot = view_changes_[change.change.signer];
  if (slot && slot->change.content.view >= content.view) return;
  // The sender's own signature first, then what it attached; one bad part rejects the whole.
  if (!check_.view_change(*set_, change.change))
    return drop(from, "a view change's signature does not verify");
  if (!view_change_holds(change) && !mutated(Mutation::kViewChangeUnchecked))
    return drop(from, "a view change without its certificates");
  last_signed_[change.change.signer] =
      std::max(last_signed_[change.change.signer], content.last.next());
  if (change.last_commit && !learn_commit(*change.last_commit)) return;
  if (PeerInfo* info = peer(from))
    info->status.committed = std::max(info->status.committed, content.last);
  if (content.epoch != set_->epoch || content.view <= view_) return;  // the certificate moved us on
  count_view_change(change);
}

bool Core::view_change_holds(const ViewChange& change) {
  const ViewChangeContent& content = change.change.content;
  if (content.last.value != 0) {
    if (!change.last_commit) return false;
    const VoteContent& last = change.last_commit->content;
    if (last.kind != VoteKind::kCommit || last.height != content.last ||
        !check_.certificate(*sets_.at(content.last), *change.last_commit))
      return false;
  } else if (change.last_commit) {
    return false;
  }
  if (content.lock.has_value() != change.lock.has_value()) return false;
  return !change.lock ||
         (change.lock->content == VoteContent{VoteKind::kPrepare, content.epoch, content.lock->view,
                                              content.last.next(), content.lock->block} &&
          check_.certificate(*set_, *change.lock));
}

void Core::count_view_change(const ViewChange& change) {
  if (change.change.content.epoch != set_->epoch) return;
  view_changes_[change.change.signer] = change;
  follow_others();
}

std::size_t Core::asking_for(View view) const {
  return static_cast<std::size_t>(
      std::count_if(view_changes_.begin(), view_changes_.end(),
                    [&](const auto& slot) { return slot && slot->change.content.view >= view; }));
}

// C-6.4: if f + 1 others ask for more than this node did, at least one honest one does.
void Core::follow_others() {
  if (!can_vote() || !self_) return;
  std::vector<View> asked;
  for (std::size_t i = 0; i < view_changes_.size(); ++i)
    if (view_changes_[i] && i != *self_) asked.push_back(view_changes_[i]->change.content.view);
  const std::size_t f = mutated(Mutation::kOneMovesAll) ? 0 : set_->faults();
  if (asked.size() <= f) return;
  std::sort(asked.rbegin(), asked.rend());
  if (asked[f] > std::max(asked_, view_)) request_view(asked[f]);
}

// C-6.5: the new leader counts all view changes for the view, because at a term's boundary who
// leads depends on the height, and begins the view once it holds every height they decided.
void Core::try_new_view() {
  if (!can_vote() || !self_ || !changing_) return;
  if (*self_ != set_->leader(asked_, open()) || undecided_commit_) return;
  std::vector<const ViewChange*> all;
  for (const auto& slot : view_changes_) {
    if (!slot || slot->change.content.view != asked_) continue;
    if (slot->change.content.last > committed_) return;  // catching up first
    all.push_back(&*slot);
  }
  if (all.size() < quorum_of(*set_)) return;
  // The highest lock first, so that it is among the q.
  const auto rank = [&](const ViewChange* change) {
    const ViewChangeContent& c = change->change.content;
    return c.last == committed_ && c.lock ? c.lock->view.value + 1 : 0;
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const ViewChange* a, const ViewChange* b) { return rank(a) > rank(b); });
  all.resize(quorum_of(*set_));
  NewViewProof proof;
  if (rank(all.front()) != 0) proof.lock = all.front()->lock;
  std::sort(all.begin(), all.end(), [](const ViewChange* a, const ViewChange* b) {
    return a->change.signer < b->change.signer;
  });
  for (const ViewChange* change : all) proof.changes.push_back(change->change);
  enter_view(asked_, NewView{std::move(proof), head_commit_});
  dirty_ = true;
  send(Audience::kValidators, *begun_, {}, true);
}

bool Core::proof_holds(const NewViewProof& proof, View view, Height base) {
  if (proof.changes.size() != quorum_of(*set_)) return false;
  for (std::size_t i = 0; i < proof.changes.size(); ++i) {
    const SignedViewChange& change = proof.changes[i];
    if (i > 0 && proof.changes[i - 1].signer >= change.signer) return false;
    if (change.content.epoch != set_->epoch || change.content.view != view ||
        change.content.last > base || !check_.view_change(*set_, change))
      return false;
  }
  return true;
}

// A view's begin without a proposal: proven by itself, whoever passes it on.
void Core::on_message(const PeerId& from, const NewView& message) {
  if (message.proof.changes.empty()) return drop(from, "a new view without view changes");
  const ViewChangeContent& first = message.proof.changes.front().content;
  if (first.epoch != set_->epoch || first.view < asked_ ||
      (first.view <= view_ && !(changing_ && first.view == asked_)))
    return;
  Height base;
  if (message.base) {
    const ValidatorSet* base_set = sets_.at(message.base->content.height);
    if (base_set == nullptr) return;
    if (message.base->content.kind != VoteKind::kCommit ||
        !check_.certificate(*base_set, *message.base))
      return drop(from, "a new view without its base certificate");
    base = message.base->content.height;
  }
  if (!proof_holds(message.proof, first.view, base))
    return drop(from, "a new view whose proof does not hold");
  if (message.base) {
    if (PeerInfo* info = peer(from))
      info->status.committed = std::max(info->status.committed, base);
    if (!learn_commit(*message.base)) return;
    if (first.epoch != set_->epoch || first.view <= view_) return;
  }
  enter_view(first.view, message);
}

// The view may begin: by a proof, or because a height was decided in it.
void Core::enter_view(View view, std::optional<NewView> begun) {
  USANCE_INVARIANT(view > view_ && view >= asked_);
  view_ = view;
  asked_ = view;
  changing_ = false;
  begun_ = std::move(begun);
  record_.view = view;
  record_.view_change.reset();
  own_change_.reset();
  deadline_.reset();
  candidate_.reset();
  leader_said_.reset();
  starved_ms_.reset();
  passed_over_ = 0;
  view_changes_entered_ += 1;
  for (auto& slot : view_changes_)
    if (slot && slot->change.content.view <= view) slot.reset();
  // Bodies of failed views go, except those behind this node's own votes and lock.
  std::erase_if(bodies_, [&](const auto& body) {
    const Hash32& hash = body.first;
    return !(record_.lock && record_.lock->content.hash == hash) &&
           !(record_.prepared && record_.prepared->block == hash) &&
           !(record_.proposed && record_.proposed->block == hash) &&
           !(undecided_commit_ && undecided_commit_->content.hash == hash);
  });
}

// Whoever sends something stale learns where this node stands, now and then.
void Core::answer_stale(const PeerId& from) {
  PeerInfo* info = peer(from);
  if (info == nullptr || info->answered_ms + 100 > mono_) return;
  info->answered_ms = mono_;
  send(Audience::kPeer, own_status(), from);
  if (begun_ && !changing_) send(Audience::kPeer, *begun_, from);
}

}  // namespace usance::consensus
