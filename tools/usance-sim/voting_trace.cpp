#include "tools/usance-sim/voting_trace.h"

#include <algorithm>

namespace usance::sim {

using consensus::ViewChangeContent;

namespace {

std::string off_path(const char* what, Height height, View view) {
  return std::string("not a step of the model: ") + what + " at height " +
         std::to_string(height.value) + ", view " + std::to_string(view.value);
}

}  // namespace

void VotingTrace::begin(const ValidatorSet& set, std::size_t liars) {
  OneEpoch& epoch = epochs_[set.epoch];
  epoch.rules.validators = set.size();
  epoch.rules.quorum = set.quorum();
  epoch.rules.liars = liars;
}

// C-6.6: q members voted in the view, so it has begun.
bool VotingTrace::parent_decided_in(const OneEpoch& epoch, Height height, View view) const {
  if (height.value < 2) return false;
  const auto parent = epoch.heights.find(Height(height.value - 1));
  if (parent == epoch.heights.end()) return false;
  const auto votes = parent->second.commits.find(view);
  if (votes == parent->second.commits.end()) return false;
  return std::any_of(votes->second.by_block.begin(), votes->second.by_block.end(),
                     [&](const auto& block) { return epoch.rules.certifies(block.second.size()); });
}

bool VotingTrace::justified(const OneEpoch& epoch, const VoteContent& vote) const {
  if (vote.view.value == 0 || parent_decided_in(epoch, vote.height, vote.view)) return true;
  const auto found = epoch.changes.find(vote.view);
  static const std::map<std::uint32_t, ViewChangeContent> kNone;
  const auto& changes = found == epoch.changes.end() ? kNone : found->second;
  // Of those that this height's proof may hold.
  Changes free;
  const auto names_lock = [&](const ViewChangeContent& change) {
    return change.lock && change.last.next() == vote.height;
  };
  for (const auto& [signer, change] : changes) {
    if (change.last >= vote.height) continue;
    ++free.all;
    if (!names_lock(change)) ++free.unlocked;
  }
  if (may_be_free(epoch.rules, free)) return true;
  const auto height = epoch.heights.find(vote.height);
  if (height == epoch.heights.end()) return false;
  for (const auto& [locked_in, prepares] : height->second.prepares) {
    if (locked_in >= vote.view || prepares.of(vote.hash) == 0) continue;
    Changes locked;
    for (const auto& [signer, change] : changes) {
      if (change.last >= vote.height) continue;
      ++locked.all;
      if (!names_lock(change) || change.lock->view <= locked_in) ++locked.locked_up_to;
      if (names_lock(change) && change.lock->view == locked_in && change.lock->block == vote.hash)
        locked.names_it = true;
    }
    if (may_be_locked(epoch.rules, locked, prepares.of(vote.hash))) return true;
  }
  return false;
}

std::string VotingTrace::prepared(const VoteContent& vote, std::uint32_t signer) {
  OneEpoch& epoch = epochs_[vote.epoch];
  OneHeight& height = epoch.heights[vote.height];
  Votes& votes = height.prepares[vote.view];
  if (!may_prepare(epoch.rules, votes.other_than(vote.hash, signer),
                   epoch.asked[signer] > vote.view))
    return off_path("a second prepare, or one below the view asked for", vote.height, vote.view);
  if (!justified(epoch, vote))
    return off_path("a prepare of a block that no proof of its view allows", vote.height,
                    vote.view);
  // What may be decided already is never voted against.
  for (const auto& [view, commits] : height.commits)
    for (const auto& [block, signers] : commits.by_block)
      if (view < vote.view && block != vote.hash && epoch.rules.certifies(signers.size()))
        return off_path("a prepare against a block that may be decided", vote.height, vote.view);
  votes.by_block[vote.hash].insert(signer);
  epoch.reached = std::max(epoch.reached, vote.view);
  return {};
}

std::string VotingTrace::committed(const VoteContent& vote, std::uint32_t signer) {
  OneEpoch& epoch = epochs_[vote.epoch];
  OneHeight& height = epoch.heights[vote.height];
  Votes& votes = height.commits[vote.view];
  if (!may_commit(epoch.rules, height.prepares[vote.view].of(vote.hash),
                  votes.other_than(vote.hash, signer), epoch.asked[signer] > vote.view))
    return off_path("a commit without q prepares, a second one, or one below the view asked for",
                    vote.height, vote.view);
  votes.by_block[vote.hash].insert(signer);
  epoch.reached = std::max(epoch.reached, vote.view);
  return {};
}

void VotingTrace::recorded_prepare(const VoteContent& of_block, std::uint32_t signer) {
  Votes& votes = epochs_[of_block.epoch].heights[of_block.height].prepares[of_block.view];
  if (!votes.other_than(of_block.hash, signer)) votes.by_block[of_block.hash].insert(signer);
}

std::string VotingTrace::recorded(const VoteContent& vote, std::uint32_t signer) {
  OneEpoch& epoch = epochs_[vote.epoch];
  OneHeight& height = epoch.heights[vote.height];
  Votes& votes = height.commits[vote.view];
  if (!may_commit(epoch.rules, height.prepares[vote.view].of(vote.hash),
                  votes.other_than(vote.hash, signer), false))
    return off_path("a recorded commit without q prepares, or a second one", vote.height,
                    vote.view);
  votes.by_block[vote.hash].insert(signer);
  return {};
}

std::string VotingTrace::asked(const ViewChangeContent& change, std::uint32_t signer,
                               View in_view) {
  OneEpoch& epoch = epochs_[change.epoch];
  const Height height = change.last.next();
  // The lock is that of the newest commit.
  const auto votes = epoch.heights.find(height);
  if (votes != epoch.heights.end())
    for (const auto& [view, commits] : votes->second.commits)
      for (const auto& [block, signers] : commits.by_block)
        if (view < change.view && signers.contains(signer) &&
            (!change.lock || change.lock->view < view))
          return off_path("a view change that forgets a lock", height, change.view);
  if (change.lock &&
      (votes == epoch.heights.end() ||
       !epoch.rules.certifies(votes->second.prepares[change.lock->view].of(change.lock->block))))
    return off_path("a lock without q prepares", height, change.view);
  // C-6.4: f liars move nobody. C-6.3: who has asked goes on only with a quorum.
  if (change.view.value > epoch.reached.value + 1)
    return off_path("a view that no honest validator asked for", height, change.view);
  const View before = epoch.asked[signer];
  const auto others_asking = [&](View view) {
    return static_cast<std::size_t>(
        std::count_if(epoch.asked.begin(), epoch.asked.end(),
                      [&](const auto& one) { return one.first != signer && one.second >= view; }));
  };
  const std::size_t faults = (epoch.rules.validators - 1) / 3;
  const bool joins = others_asking(change.view) + epoch.rules.liars > faults;
  if (before > in_view && !joins && !epoch.rules.certifies(others_asking(before) + 1))
    return off_path("a view asked for before a quorum asked for the last", height, change.view);
  epoch.changes[change.view].emplace(signer, change);
  epoch.asked[signer] = std::max(before, change.view);
  epoch.reached = std::max(epoch.reached, change.view);
  return {};
}

std::string VotingTrace::decided(const VoteContent& commit) {
  OneEpoch& epoch = epochs_[commit.epoch];
  if (epoch.rules.certifies(epoch.heights[commit.height].commits[commit.view].of(commit.hash)))
    return {};
  return off_path("a decision without q commits", commit.height, commit.view);
}

}  // namespace usance::sim
