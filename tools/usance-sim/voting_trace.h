// Checks that what honest validators sign is a path of the model (voting_rules.h): every vote, view
// change and decision must be a step that the model allows after all that was signed before.
#pragma once

#include <map>
#include <set>
#include <string>

#include "consensus/messages.h"
#include "tools/usance-sim/voting_rules.h"

namespace usance::sim {

class VotingTrace {
 public:
  // The epoch's validators, and how many of them lie.
  void begin(const ValidatorSet& set, std::size_t liars);

  // Each returns what the model does not allow; empty if it allows the step. For every message that
  // an honest validator signs for the first time.
  std::string prepared(const VoteContent& vote, std::uint32_t signer);
  std::string committed(const VoteContent& vote, std::uint32_t signer);
  // A commit that a durable record holds and that may never have left: signed before any view
  // change that left since.
  void recorded_prepare(const VoteContent& of_block, std::uint32_t signer);
  std::string recorded(const VoteContent& commit, std::uint32_t signer);
  // in_view: the view that the validator's durable record says it votes in.
  std::string asked(const consensus::ViewChangeContent& change, std::uint32_t signer, View in_view);
  std::string decided(const VoteContent& commit);

 private:
  struct Votes {
    std::map<Hash32, std::set<std::uint32_t>> by_block;
    [[nodiscard]] std::size_t of(const Hash32& block) const {
      const auto found = by_block.find(block);
      return found == by_block.end() ? 0 : found->second.size();
    }
    [[nodiscard]] bool other_than(const Hash32& block, std::uint32_t signer) const {
      for (const auto& [hash, signers] : by_block)
        if (hash != block && signers.contains(signer)) return true;
      return false;
    }
  };
  struct OneHeight {
    std::map<View, Votes> prepares, commits;
  };
  struct OneEpoch {
    Electorate rules;
    std::map<Height, OneHeight> heights;
    std::map<View, std::map<std::uint32_t, consensus::ViewChangeContent>> changes;
    std::map<std::uint32_t, View> asked;  // highest per validator
    View reached;                         // highest view that an honest one asked for or voted in
  };

  [[nodiscard]] bool parent_decided_in(const OneEpoch& epoch, Height height, View view) const;
  [[nodiscard]] bool justified(const OneEpoch& epoch, const VoteContent& vote) const;

  std::map<Epoch, OneEpoch> epochs_;
};

}  // namespace usance::sim
