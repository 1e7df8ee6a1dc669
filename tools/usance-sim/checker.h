// What must hold after every step, whatever fails and whoever lies (docs/spec/consensus.md, S-1 to
// S-16). Watches what honest nodes send, store and execute; reports the first thing that broke.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>

#include "consensus/membership.h"
#include "tools/usance-sim/ledger.h"
#include "tools/usance-sim/voting_trace.h"

namespace usance::sim {

class Checker {
 public:
  Checker(const ChainId& chain, const ValidatorSet& set, const Verifier& verifier,
          std::set<PublicKey> liars, const Executed& genesis)
      : chain_(chain), verifier_(verifier), liars_(std::move(liars)) {
    add_set(Height{}, set);
    learn(genesis);
  }

  // An honest node's message leaves it; disk is what is durable there at this moment.
  void sent(const PublicKey& node, const consensus::Message& message, const Disk& disk,
            TimeMs wall);
  // An honest node decided a height and executes it.
  void decided(std::size_t node, const PublicKey& key, const consensus::Execute& execution,
               const Disk& disk);
  void executed(std::size_t node, const LedgerEntry& entry);
  void certified(std::size_t node, const PublicKey& key, const consensus::ResultCertified& result);
  void halted(std::size_t node, const consensus::Halted& halt);
  // An honest validator's memory is gone, and enough others know: it signs nothing in this epoch.
  void forgot(const PublicKey& node, Epoch epoch) { forgetful_[node] = epoch; }
  // An honest node begins with a snapshot of this height and the certificate of its result.
  void began_at(const PublicKey& node, Height base) {
    certified_[node] = std::max(certified_[node], base);
  }
  // The key that is to take the place of one of a node. Votes of both are that node's.
  void replaces(const PublicKey& next, const PublicKey& node) { replaced_[next] = node; }
  [[nodiscard]] bool rekeyed() const { return rekeyed_; }  // whether such a key has voted
  // What a node found whose executor was damaged as the entry says.
  void diverged(std::size_t node, const LedgerEntry& entry, const std::string& what);
  void accused(std::size_t node, const consensus::Evidence& evidence);
  void dropped(std::size_t node, const std::string& peer, bool peer_is_honest,
               const std::string& reason);
  void broke(std::string what) {
    if (failure_.empty()) failure_ = std::move(what);
  }

  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] const ValidatorSet& set_at(Height height) const { return *sets_.at(height); }
  [[nodiscard]] bool was_executed(const TxId& id) const { return executed_ids_.contains(id); }
  [[nodiscard]] std::size_t transactions() const { return executed_ids_.size(); }

 private:
  void sent_vote(const consensus::Vote& vote, const Disk& disk, TimeMs wall);
  void judge_block(const VoteContent& vote, const Disk& disk, TimeMs wall);
  void count_stored_commit(const PublicKey& key, const VoteContent& commit, const Disk& disk);
  void judge_transactions(const consensus::Execute& execution);
  void judge_empty(const BlockHeader& header, const Height& height);
  void sent_proposal(const consensus::Proposal& proposal, const Disk& disk);
  void sent_view_change(const consensus::SignedViewChange& change, const Disk& disk);
  void learn(const Executed& executed);
  void add_set(Height first, const ValidatorSet& set);
  void follow(std::string off_path) {
    if (!off_path.empty()) broke(std::move(off_path));
  }
  void need_reference(const char* what, Height height, const Disk& disk);
  void need_stored(const char* what, Height height, const Hash32& block, const Disk& disk);

  void forbid_amnesiac(const PublicKey& node, Epoch epoch);
  [[nodiscard]] bool signs(const PublicKey& node, Epoch epoch, std::uint32_t signer);
  [[nodiscard]] const PublicKey& node_of(const PublicKey& key) const;

  ChainId chain_;
  consensus::Membership sets_;  // as the first node that executes it learns of the next
  const Verifier& verifier_;
  std::set<PublicKey> liars_;
  std::string failure_;
  // What honest validators signed: (epoch, signer, kind, view, height) -> hash; 0 = proposal.
  std::map<std::tuple<Epoch, std::uint32_t, int, View, Height>, Hash32> signed_;
  std::map<std::tuple<Epoch, std::uint32_t, View>, consensus::ViewChangeContent> view_changes_;
  std::map<std::tuple<Epoch, std::uint32_t, Height>, View> locks_;  // newest lock shown
  std::map<PublicKey, Epoch> forgetful_;
  std::map<PublicKey, PublicKey> replaced_;  // a node's next key -> its first one
  bool rekeyed_ = false;
  std::map<Height, Hash32> blocks_;
  std::map<Height, Hash32> results_;
  std::map<PublicKey, Height> certified_;  // highest result certificate that a node held
  std::map<Height, Hash32> roots_;
  // The ledger as the first node that executed it has it.
  std::map<Height, ResultHeader> headers_;
  std::map<Height, TimeMs> times_;
  std::map<Height, Parameters> parameters_;
  std::map<std::pair<OrgId, PublicKey>, consensus::KeyGrant> keys_;
  std::unordered_set<TxId, FixedBytesHash> executed_ids_;
  VotingTrace trace_;
};

}  // namespace usance::sim
