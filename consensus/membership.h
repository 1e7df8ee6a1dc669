// The validator sets of the epochs, by the heights they vote on (C-9).
#pragma once

#include <iterator>
#include <map>

#include "base/validator_set.h"
#include "consensus/mutation.h"

namespace usance::consensus {

class Membership {
 public:
  // The set votes on heights from `first` on, until the next one's first.
  void add(Height first, ValidatorSet set) { sets_[first] = std::move(set); }
  // The members recovered the network behind `last` (docs/spec/recovery.md): what was to begin
  // above it in an older epoch never does.
  void recover(Height last, const ValidatorSet& next) {
    std::erase_if(sets_, [&](const auto& entry) {
      return entry.first > last && entry.second.epoch < next.epoch;
    });
    // A set that begins below the first one known would only stand in its way.
    if (!sets_.empty() && sets_.begin()->first <= last && of(next.epoch) == nullptr)
      add(last.next(), next);
  }
  // The set of the epoch that the height belongs to; null if it is below the first one known.
  [[nodiscard]] const ValidatorSet* at(Height height) const {
    auto after = sets_.upper_bound(height);
    return after == sets_.begin() ? nullptr : &std::prev(after)->second;
  }
  [[nodiscard]] const ValidatorSet* of(Epoch epoch) const {
    for (const auto& [first, set] : sets_)
      if (set.epoch == epoch) return &set;
    return nullptr;
  }
  // Whether a set begins to vote at this height.
  [[nodiscard]] bool begins_at(Height height) const { return sets_.contains(height); }
  // Drops sets whose last height is below, except the newest of them: who has just opened an
  // epoch's first height proves by certificates of the set before.
  void forget_below(Height height) {
    const std::ptrdiff_t kept = mutated(Mutation::kSetForgotten) ? 1 : 2;
    while (std::ssize(sets_) > kept && std::next(sets_.begin(), kept)->first <= height)
      sets_.erase(sets_.begin());
  }

 private:
  std::map<Height, ValidatorSet> sets_;
};

}  // namespace usance::consensus
