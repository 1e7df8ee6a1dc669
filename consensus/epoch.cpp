// Changes of the validator set (C-9): which of this node's keys votes at a height, and the first
// height of an epoch.
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

const Signer* Core::signer_at(Height height) const {
  const ValidatorSet* set = sets_.at(height);
  if (set == nullptr) return nullptr;
  for (const Signer* signer : {config_.signer, config_.next_signer})
    if (signer != nullptr && set->index_of(signer->public_key())) return signer;
  return nullptr;
}

std::optional<std::uint32_t> Core::index_at(Height height) const {
  const Signer* signer = signer_at(height);
  return signer == nullptr ? std::nullopt : sets_.at(height)->index_of(signer->public_key());
}

// Of the open height, or of the results that a validator which left still votes on.
const Signer* Core::voting_signer() const {
  return signer_at(self_ ? open() : certified_.next());
}

bool Core::has_forgotten(const Signer& signer) const {
  return record_.forgot && *record_.forgot == signer.public_key();
}

bool Core::may_sign(Height height) const {
  const Signer* signer = signer_at(height);
  return signer != nullptr && (!has_forgotten(*signer) || mutated(Mutation::kForgottenKeySigns));
}

// C-7.4: durable, so that every further start knows it, also one that nobody can tell any more.
void Core::forget_key() {
  const Signer* signer = voting_signer();
  if (signer == nullptr) return;
  record_.forgot = signer->public_key();
  if (ahead_) ahead_->forgot = record_.forgot;
  dirty_ = true;
}

bool Core::amnesiac() const {
  if (!record_.forgot) return false;
  const Signer* signer = voting_signer();
  return signer != nullptr && has_forgotten(*signer);
}

bool Core::is_own(const PublicKey& key) const {
  return key == config_.self ||
         (config_.next_signer != nullptr && key == config_.next_signer->public_key());
}

// C-9.3: a validator that left still votes on the last results of its set.
bool Core::is_validator() const {
  return self_ || index_at(certified_.next());
}

// C-9.2: what was seen of keys goes on with them, those that left included: they may come back.
// Nothing is known of a new key, or of the set before if it is null.
void Core::carry_seen(const ValidatorSet* before) {
  std::vector<SeenOfKey> known;  // who left last comes first
  for (std::size_t i = 0; before != nullptr && i < before->size() && i < record_.seen.size(); ++i)
    known.push_back({before->validators[i].key, record_.seen[i]});
  known.insert(known.end(), record_.left.begin(), record_.left.end());
  record_.seen.assign(set_->size(), 0);
  record_.left.clear();
  for (const SeenOfKey& one : known) {
    if (const auto now = set_->index_of(one.key))
      record_.seen[*now] = one.sequence;
    else if (record_.left.size() < limits::kMaxValidators)
      record_.left.push_back(one);
  }
}

// The epoch's first height opens: views restart at 0 (C-1.5), nothing asked for in the old one
// counts (C-9.2).
void Core::begin_epoch() {
  const ValidatorSet* before = set_;
  const std::optional<PublicKey> key_before =
      self_ ? std::optional(set_->validators[*self_].key) : std::nullopt;
  set_ = sets_.at(open());
  self_ = index_at(open());
  if (!mutated(Mutation::kViewNotReset)) view_ = View{};
  asked_ = view_;
  changing_ = false;
  deadline_.reset();
  starved_ms_.reset();
  passed_over_ = 0;
  begun_.reset();
  own_change_.reset();
  view_changes_.assign(set_->size(), std::nullopt);
  last_signed_.assign(set_->size(), Height{});
  // a record that is ahead of the ledger is met below.
  if (!ahead_ && record_.epoch < set_->epoch && record_.height == open() &&
      recovered_behind(committed_) != nullptr)
    forget_votes();
  record_.epoch = set_->epoch;
  record_.view = view_;
  record_.view_change.reset();
  carry_seen(before);
  answered_.clear();  // indices of the old set
  saw_newer_.clear();
  if (ahead_ && ahead_->epoch <= set_->epoch) meet_record();
  if (self_ && set_->validators[*self_].key != key_before) begin_with_key(key_before);
}

// C-7.3: the ledger has caught up with the epoch of the record that it was behind.
void Core::meet_record() {
  const VoteRecord met = std::move(*ahead_);
  ahead_.reset();
  if (met.epoch != set_->epoch) return;
  record_.view = met.view;
  record_.view_change = met.view_change;
  record_.seen = met.seen;
  record_.left = met.left;
  record_.seen.resize(set_->size(), 0);
  resume_view();
}

// Who catches up may have opened the epoch's first height before it executed the block that names
// the set. It cannot have voted on it (C-4.1); what it kept for it is of the old set.
void Core::begin_epoch_late() {
  candidate_.reset();
  early_.reset();
  undecided_commit_.reset();
  leader_said_.reset();
  votes_.clear();
  begin_epoch();
}

// C-9.4: a key that votes for the first time has nothing to forget; that it has not voted already,
// in a life that this disk does not remember, the others must say.
void Core::begin_with_key(const std::optional<PublicKey>& before) {
  const std::optional<PublicKey> forgot = record_.forgot;
  if (record_.forgot == set_->validators[*self_].key) record_.forgot.reset();
  // Nobody can be asked any more whether the key before signed more than is known here.
  if (before && !started_) record_.forgot = before;
  // Else nothing is written before its first vote, from which on the log is this key's.
  if (record_.forgot != forgot) dirty_ = true;
  // What was written under the key before, in this life, is no lost record of this one.
  if (started_) found_ = record_.sequence;
  started_ = false;
  boot_nonce_ += 1;
  hello_ms_ = 0;
}

}  // namespace usance::consensus
