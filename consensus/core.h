// The inside of Replica: one open height, its votes, and what lies decided behind it. The member
// functions stand in one file per phase; see the comments of each group.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "consensus/block_rules.h"
#include "consensus/membership.h"
#include "consensus/mutation.h"
#include "consensus/signature_check.h"
#include "consensus/vote_record.h"

namespace usance::consensus {

// A decided block that is still needed: not executed, or recent enough that peers ask for it.
struct Decided {
  BlockPtr block;
  Certificate commit;
  std::vector<ReceiptStatus> marks;
};

// The leader's proposal for the open height in the current view.
struct Candidate {
  std::shared_ptr<const Message> message;  // as received or made; null after a restart
  View view;
  BlockHeader header;
  Hash32 hash;
  BlockPtr block;        // null while its bundles are being checked
  bool judged = false;   // nothing more to check: own, proven by a lock, or found valid
  bool refused = false;  // gets no vote; why stands in `reason`
  const char* reason = "";
};

// Newest vote per validator and kind on one height: bounded whatever peers send.
struct HeightVotes {
  std::vector<std::optional<Vote>> prepare;
  std::vector<std::optional<Vote>> commit;
};

struct ResultSlot {
  std::optional<Hash32> own;
  bool voted = false;  // since start
  std::vector<std::optional<Vote>> votes;
  std::optional<Certificate> certificate;
};

struct PeerInfo {
  Status status;
  std::uint64_t heard_ms = 0;        // 0 = never
  std::uint64_t answered_ms = 0;     // last unasked answer to something stale
  std::uint64_t avoid_until_ms = 0;  // as a source of blocks
};

// Bundles being decoded outside, and what waits for them.
struct CheckJob {
  enum class Purpose : std::uint8_t { kCandidate, kBody, kSync };
  Purpose purpose = Purpose::kCandidate;
  PeerId from;
  std::vector<std::shared_ptr<CheckedBlock>> blocks;  // null bundles: to be filled
  std::vector<Certificate> commits;                   // kSync: one per block
  std::vector<std::optional<Certificate>> results;    // kSync: one per block
};

// The newest lock for base + 1 that the view changes name; none if the next block is free.
[[nodiscard]] std::optional<LockRef> highest_lock(const NewViewProof& proof, Height base);

class Core {
 public:
  Core(const Config& config, const Recovery& recovery);
  void start(TimeMs wall, std::uint64_t mono, Outbox& out);
  void step(const Input& input, Outbox& out);
  [[nodiscard]] StatusReport status(std::uint64_t mono) const;
  [[nodiscard]] std::uint64_t timeout_ms() const;  // pacemaker.cpp
  [[nodiscard]] const ValidatorSet& set() const { return *set_; }
  [[nodiscard]] bool knows_bundle(const Hash32& hash) const { return pool_.find(hash) != nullptr; }

 private:
  // core.cpp: dispatch, and how outputs leave.
  void on(const Tick&);
  void on(const MessageReceived& event);
  void on(const PeerGone& event);
  void on(const BundleAdmitted& event);  // relay.cpp
  void on(const BundlesChecked& event);  // bodies.cpp
  void on(const Durable& event);
  void on(const Executed& event);         // execution.cpp
  void on(const DifferenceFound& event);  // halted.cpp
  void advance();
  void flush();
  void emit(Output output) { out_->push_back(std::move(output)); }
  void send(Audience audience, const Message& message, const PeerId& peer = {}, bool after = false);
  void send_bytes(Audience audience, std::shared_ptr<const Bytes> bytes, const PeerId& peer,
                  bool after);
  [[nodiscard]] bool concerns(const Message& message) const;
  void drop(const PeerId& peer, const char* reason);
  void halt(Height height, std::string reason, std::optional<Hash32> own = {},
            std::optional<Hash32> certified = {});

  // halted.cpp: what a node still does that executed something else than the quorum.
  void diverge(const Hash32& own, const Certificate& certified);
  void step_halted(const Event& event);
  void ask_for_parts();
  void on_message(const PeerId& from, const FetchResultParts& request);
  void on_message(const PeerId& from, const ResultParts& parts);
  void cast(VoteKind kind, Height height, const Hash32& hash);
  [[nodiscard]] bool can_vote() const;
  [[nodiscard]] bool is_leader() const;
  [[nodiscard]] Height open() const { return committed_.next(); }
  [[nodiscard]] bool knows_reference() const;
  [[nodiscard]] const Parameters& parameters_at(Height reference) const;
  [[nodiscard]] Height reference_of(Height height) const;
  [[nodiscard]] Height required_result(Height height) const;
  [[nodiscard]] Inclusion inclusion(Height height, TimeMs time) const;
  [[nodiscard]] PeerInfo* peer(const PeerId& id);
  void avoid(const PeerId& id, std::uint64_t for_ms);

  // propose.cpp: the leader's part.
  void try_propose();
  void propose_block(const BlockPtr& block, bool locked);
  void resume_proposal();
  std::shared_ptr<const Message> make_proposal(const BlockPtr& block);
  [[nodiscard]] bool needs_proof() const;
  [[nodiscard]] static bool holds_up_to(const NewViewProof& proof, Height base);
  [[nodiscard]] TimeMs next_time() const;

  // prepare.cpp: a proposal arrives; the first vote.
  void on_message(const PeerId& from, const std::shared_ptr<const Message>& message,
                  const Proposal& proposal);
  bool proposal_fits(const PeerId& from, const Proposal& proposal, const Hash32& hash, bool& locked,
                     std::optional<NewView>& begun);
  bool check_named_result(const PeerId& from, const Proposal& proposal);
  void note_leader(const SignedProposal& proposal);
  void try_prepare();
  [[nodiscard]] BlockJudgement judge(const Candidate& candidate) const;

  // commit.cpp: votes, locks, decisions.
  void on_message(const PeerId& from, const Vote& vote);
  void count_vote(const Vote& vote);
  void try_commit();
  void find_decision();
  bool learn_commit(const Certificate& certificate);
  [[nodiscard]] bool execution_keeps_up() const;
  void decide(BlockPtr block, Certificate certificate);
  void open_next();
  void store_for_vote(const BlockPtr& block);
  void store_decided();

  // epoch.cpp: changes of the validator set.
  void begin_epoch();
  void begin_epoch_late();
  void begin_with_key(const std::optional<PublicKey>& before);
  void meet_record();
  [[nodiscard]] const Signer* signer_at(
      Height height) const;  // null: this node does not vote on it
  [[nodiscard]] std::optional<std::uint32_t> index_at(Height height) const;
  [[nodiscard]] const Signer* voting_signer() const;
  [[nodiscard]] bool has_forgotten(const Signer& signer) const;
  [[nodiscard]] bool may_sign(Height height) const;
  void forget_key();
  [[nodiscard]] bool amnesiac() const;
  [[nodiscard]] bool is_own(const PublicKey& key) const;
  [[nodiscard]] bool is_validator() const;
  void carry_seen(const ValidatorSet* before);

  // execution.cpp: execution, result votes and certificates.
  void run_execution();
  void vote_results();
  void on_exec_vote(const PeerId& from, const Vote& vote);
  void count_exec_vote(const Vote& vote);
  bool learn_result(const Certificate& certificate);
  void certify();
  ResultSlot& result_slot(Height height);

  // view_change.cpp: leaving a view and beginning the next.
  void request_view(View view);
  void on_message(const PeerId& from, const ViewChange& change);
  bool view_change_holds(const ViewChange& change);
  void count_view_change(const ViewChange& change);
  void follow_others();
  void try_new_view();
  void on_message(const PeerId& from, const NewView& new_view);
  bool proof_holds(const NewViewProof& proof, View view, Height base);
  void enter_view(View view, std::optional<NewView> begun);
  void answer_stale(const PeerId& from);
  [[nodiscard]] std::size_t asking_for(View view) const;

  // pacemaker.cpp: when patience ends.
  void check_timers();
  [[nodiscard]] bool has_work() const;
  [[nodiscard]] bool others_are_ahead() const;
  [[nodiscard]] bool own_proposal_is_durable() const;
  void check_starvation();
  void note_passed_over(std::optional<std::uint64_t> newest_included_ms);
  void repeat_what_was_sent();

  // bodies.cpp: blocks whose bundles are not known here.
  void fetch_missing_bodies();
  void on_message(const PeerId& from, const FetchBody& request);
  void on_message(const PeerId& from, const BlockReply& reply);
  void on_message(const PeerId& from, const FetchProposal& request);
  std::shared_ptr<CheckedBlock> assemble(const BlockHeader& header, const Hash32& hash,
                                         const BlockBody& body, std::vector<Bytes>& unknown) const;
  void check_or_finish(CheckJob job, std::vector<Bytes> unknown, bool signatures);
  void finish(CheckJob job);
  void keep_body(const BlockPtr& block);

  // sync.cpp: where the others stand, and catching up with them.
  void on_message(const PeerId& from, const Status& status);
  void on_message(const PeerId& from, const Hello& hello);
  void on_message(const PeerId& from, const FetchBlocks& request);
  void on_message(const PeerId& from, const Blocks& blocks);
  void on_message(const PeerId& from, const FetchResults& request);
  void on_message(const PeerId& from, const Results& results);
  void on_message(const PeerId& from, const BundleGossip& bundle);
  void catch_up();
  void ask_peers();
  void announce();
  void finish_sync(CheckJob job);
  [[nodiscard]] Status own_status() const;
  [[nodiscard]] std::optional<PeerId> pick_source(bool results);
  void found(Evidence evidence);

  // relay.cpp: bundles of clients.
  void tend_mempool();

  // status.cpp
  void fill_phase(StatusReport& report) const;
  void fill_missing(StatusReport& report) const;

  // set_recovery.cpp: where the members said how it goes on.
  void recover_sets(const std::vector<Recovery::SetRecovery>& recoveries);
  void certify_recovered();
  [[nodiscard]] const Recovery::SetRecovery* recovered_behind(Height last) const;
  [[nodiscard]] bool needs_certificate(const ResultRef& result) const;
  [[nodiscard]] bool is_cancelled(const NextSet& next, Height named_at) const;
  [[nodiscard]] bool is_first_with_key() const;
  [[nodiscard]] BlockPtr carried() const;

  // recovery.cpp
  void recover(const Recovery& recovery);
  void recover_votes(const Recovery& recovery);
  void forget_votes();
  void resume_view();

  Config config_;
  SignatureCheck check_;
  TimeMs wall_;
  std::uint64_t mono_ = 0;
  Outbox* out_ = nullptr;  // of the step under way

  // The ledger as ordered.
  Membership sets_;
  std::vector<Recovery::SetRecovery> recoveries_;
  const ValidatorSet* set_ = nullptr;  // of the open height
  std::optional<std::uint32_t> self_;  // index in it
  KeyDirectory keys_;
  std::map<Height, Parameters> parameters_;  // in force in the state after that height
  RecentIds recent_;
  Mempool pool_;
  Height committed_;
  BlockHeader head_;  // of committed_
  Hash32 head_hash_;
  std::optional<Certificate> head_commit_;  // none at height 0
  std::map<Height, Decided> tail_;
  Height base_;       // no state below it is here
  Height executing_;  // last handed to execution
  Height executed_;
  ResultHeader executed_result_;
  Height certified_;
  Hash32 certified_hash_;
  std::optional<Certificate> certified_proof_;
  std::map<Height, ResultSlot> results_;        // above certified_
  std::map<Height, Certificate> certificates_;  // of recent certified heights, to serve

  // The open height and its view.
  VoteRecord record_;
  // The disk's record while its epoch is ahead of the ledger, which was lost and is fetched again.
  std::optional<VoteRecord> ahead_;
  View view_;
  View asked_;  // highest view asked for; above view_ while changing
  bool changing_ = false;
  std::optional<Candidate> candidate_;
  std::shared_ptr<const Message> early_;  // a proposal for the height after the open one
  PeerId early_from_;
  std::map<Height, HeightVotes> votes_;          // of the open height and the next
  std::map<Hash32, BlockPtr> bodies_;            // of the open height, by block hash
  std::set<Hash32> stored_bodies_;               // of these, given to a Persist
  std::set<Hash32> stored_ahead_;                // given to a Persist while they were undecided
  std::optional<Certificate> undecided_commit_;  // decides the open height, body missing
  std::optional<SignedProposal> leader_said_;    // in the current view, for evidence
  std::vector<std::optional<ViewChange>> view_changes_;  // one slot per validator
  std::optional<NewView> begun_;     // why view_ began: the proof, checked, with its base
  std::vector<Height> last_signed_;  // by validator

  // Durability.
  bool dirty_ = false;  // record_ changed: Persist at the end of the step
  std::vector<Persist::StoredBlock> to_store_;
  Height stored_;  // decided blocks up to here are durable or on their way
  Token durable_ = 0;
  std::vector<Output> deferred_;  // sends that wait for this step's record
  struct OwnVote {
    Token token;
    Vote vote;
  };
  std::vector<OwnVote> own_votes_;  // counted once durable
  struct OwnChange {
    Token token;
    ViewChange change;
  };
  std::optional<OwnChange> own_change_;

  // Timers, in monotonic milliseconds.
  std::optional<std::uint64_t> deadline_;
  std::uint32_t failures_ = 0;        // views failed since the last decision
  std::uint64_t parent_seen_ms_ = 0;  // when the head's proposal was seen here
  std::uint64_t candidate_ms_ = 0;
  std::uint64_t repeated_ms_ = 0;
  std::uint64_t asked_body_ms_ = 0;
  std::uint64_t asked_proposal_ms_ = 0;
  struct Withheld {
    Height height;
    std::string why;
  };
  Withheld withheld_;  // the newest proposal that got no vote; for people
  std::uint64_t view_changes_entered_ = 0;
  std::uint64_t picked_ms_ = 0;              // when the mempool last had nothing for a block
  std::optional<std::uint64_t> starved_ms_;  // since when the oldest bundle is passed over
  Hash32 starved_;
  std::uint32_t passed_over_ = 0;
  std::uint32_t rotation_ = 0;  // which voter or peer to ask next

  // Sync.
  std::map<PeerId, PeerInfo> peers_;
  std::set<PeerId> gone_;  // validators whose stream ended, and nothing has come from them since
  std::optional<std::uint64_t> behind_since_ms_;
  std::uint64_t fetch_deadline_ms_ = 0;  // 0 = no request under way
  PeerId fetch_from_;
  std::uint64_t results_deadline_ms_ = 0;
  PeerId results_from_;
  std::optional<std::uint64_t> results_behind_ms_;
  std::uint64_t announced_ms_ = 0;
  std::uint64_t status_ms_ = 0;
  bool announce_due_ = false;
  std::map<std::uint64_t, CheckJob> jobs_;
  std::uint64_t next_ticket_ = 1;
  bool syncing_job_ = false;
  std::uint64_t swept_ms_ = 0;
  std::uint64_t relayed_ms_ = 0;

  // Whether it may vote.
  Height vote_floor_;     // the record is of this height: what was signed below it is not known
  bool started_ = false;  // the others were asked what they saw of this node's votes
  Token found_ = 0;       // the sequence of the record that the others are asked about
  std::set<std::uint32_t> answered_;  // saw no newer record of this node than that
  std::set<std::uint32_t> saw_newer_;
  std::uint64_t boot_nonce_ = 0;
  std::uint64_t hello_ms_ = 0;
  std::string halted_;

  // Halted by another result (C-8.6): the certificate, and whom to ask what it is made of.
  std::optional<Certificate> other_result_;
  std::vector<PeerId> witnesses_;  // who signed it; empty once one has answered
  PeerId witness_;                 // asked last
  std::uint64_t witness_asked_ms_ = 0;

  // Contradictions reported already: (signer, kind or 0 for proposals, epoch, view, height).
  std::set<std::tuple<std::uint32_t, std::uint8_t, Epoch, View, Height>> contradictions_;
  std::map<PublicKey, std::size_t> contradictions_of_;  // of these, by validator
};

}  // namespace usance::consensus
