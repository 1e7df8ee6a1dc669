// The consensus core: sequential, fully signed PBFT with certified results, as specified by
// docs/spec/consensus.md. One class for validators and followers, for production and simulation.
//
//   Replica replica(config, recovery);
//   Outbox out;
//   replica.start(wall, monotonic_ms, out);               // what recovery makes it do
//   replica.step(Input{wall, monotonic_ms, event}, out);  // for every event, for ever
//
// Deterministic: the same construction and inputs give the same outputs. Not thread-safe; owned by
// one thread. Bad input from peers never aborts.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "consensus/io.h"

namespace usance::consensus {

// How far ordering may run ahead of execution while catching up: as many as ordering itself may.
inline constexpr std::uint64_t kMaxUnexecuted = limits::kExecutionLag;

struct MempoolLimits {
  std::size_t bytes = 64 * 1024 * 1024;
  std::size_t bundles = 100'000;
  std::size_t bytes_per_org = 16 * 1024 * 1024;
  std::size_t bundles_per_org = 25'000;
};

struct Config {
  ChainId chain;
  Hash32 genesis_result;  // result hash of height 0, which has no certificate
  PeerId self;            // this node's consensus key
  // Of that key; null: never votes, a follower (C-11.3). It votes at heights whose set holds the
  // key. Outlives the replica, as the next one does.
  const Signer* signer = nullptr;
  const Signer* next_signer =
      nullptr;                         // of the key that replaces it by a change of the set (C-9.4)
  const Verifier* verifier = nullptr;  // outlives the replica
  MempoolLimits mempool;
};

// What the node found on its disk.
struct Recovery {
  // The newest record of the vote log (VoteLog::newest()->record), none on a new node. If it does
  // not decode, or is missing or older where ledger_vote_sequence says that there was one, the node
  // may have forgotten votes and does not vote (amnesiac).
  std::optional<Bytes> vote_record;
  Token vote_log_sequence = 0;     // of that record in the log, also if it does not decode
  Token ledger_vote_sequence = 0;  // Execute::vote_sequence stored with the highest executed block
  bool amnesiac = false;           // known otherwise, e.g. a restored backup
  std::uint64_t boot_nonce = 0;    // fresh random number per start, not 0

  // The epochs' sets with their first heights, ascending; at least the one of the open height and
  // of every uncertified height, the one before these (C-9.1), and the pending one.
  struct SetFrom {
    Height first;
    ValidatorSet set;
  };
  std::vector<SetFrom> sets;

  // C-11.4: where the ledger begins here, above 0 if the node began with a snapshot.
  Height base;

  // The highest executed block; genesis (genesis_block_header, height 0) on a new ledger.
  BlockHeader head;
  std::optional<Certificate> head_commit;  // none at height 0
  ResultHeader head_result;
  Hash32 head_result_hash;

  Height certified;                            // highest height up to which all are certified
  std::optional<Certificate> certified_proof;  // its certificate; none at height 0
  std::vector<ResultRef> uncertified;          // own results of certified + 1 .. head, ascending

  // Decided above the head, ascending without gaps, with their commit certificates.
  struct OrderedBlock {
    BlockPtr block;
    Certificate commit;
  };
  std::vector<OrderedBlock> ordered;
  // Other stored blocks that are not decided: those of Persist with heights above the above.
  std::vector<BlockPtr> undecided;

  // Ids (not void) of the executed blocks above head - D.
  struct IdsOf {
    Height height;
    std::vector<TxId> ids;
  };
  std::vector<IdsOf> recent_ids;
  std::vector<KeyGrant> keys;
  // Parameters by the height after which they are in force, ascending; the first at or below
  // head - W (or genesis).
  struct ParametersFrom {
    Height height;
    Parameters parameters;
  };
  std::vector<ParametersFrom> parameters;

  // Where the members named the validators that go on (docs/spec/recovery.md), ascending; each was
  // judged by the caller, against the ledger as far as it is here.
  struct SetRecovery {
    Height last;  // of the validators before; its result needs no certificate
    Hash32 result_hash;
    ValidatorSet next;  // signs from last + 1 on
    BlockPtr carried;   // whose bundles the first block of `next` must hold; null: any
  };
  std::vector<SetRecovery> recoveries;
};

// What a person or a metric wants to know.
struct StatusReport {
  enum class Phase : std::uint8_t {
    kIdle,          // nothing to order
    kProposing,     // this node leads and has work, but may not propose yet
    kWaitProposal,  // work is there, the leader's proposal is not
    kPreparing,     // proposal accepted, waiting for q prepares
    kCommitting,    // locked, waiting for q commits
    kWaitResult,    // ResultCert(h - W) is missing: execution or its votes lag
    kViewChange,    // waiting for the new view's leader
    kSyncing,       // peers have decided heights that this node has not
    kWaitPeers,     // just started: asking the others what they saw of its votes
    kHalted,
  };
  Phase phase = Phase::kIdle;
  Epoch epoch;
  std::vector<std::uint32_t> validators;  // governance ids of the epoch's set, by index
  View view;
  Height height;  // open: being ordered
  Height executed;
  Height certified;
  // The height that others have decided: f + 1 validators claim at least it, so one honest one
  // does. Of fewer connected validators, the lowest claim; of none, the same of the other peers.
  Height best_peer;
  std::map<PeerId, Height> peers;     // what each connected peer announced last as decided
  std::uint32_t leader = 0;           // index in the set
  std::optional<std::uint32_t> self;  // index in the set; none for a follower
  bool voting = false;                // false: follower, amnesiac, starting or halted
  bool amnesiac = false;
  std::string halted;  // reason, if so
  // Validators (indices) that are missing for the next step of this phase.
  std::vector<std::uint32_t> missing;
  // Validators not heard from in the last kSilentAfterMs, and whether the others make a quorum.
  std::vector<std::uint32_t> silent;
  bool quorum_possible = true;
  // Why this validator gave one of the two newest heights' proposals no vote; empty: it voted.
  std::string withheld;
  std::uint64_t view_changes = 0;  // entered since start
  std::uint64_t timeout_ms = 0;    // T_k now
  std::size_t mempool_bundles = 0;
  std::size_t mempool_bytes = 0;
  Token vote_sequence = 0;
  std::vector<Height> last_signed;  // per validator: highest height it was seen to vote on
};
[[nodiscard]] const char* to_string(StatusReport::Phase phase);
// Who was not heard for so long is silent.
inline constexpr std::uint64_t kSilentAfterMs = 5'000;

class Core;

class Replica {
 public:
  Replica(const Config& config, const Recovery& recovery);
  ~Replica();
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  // Once, before the first step: re-executes what was ordered, repeats what was signed.
  void start(TimeMs wall, std::uint64_t monotonic_ms, Outbox& out);
  // Appends to out.
  void step(const Input& input, Outbox& out);

  [[nodiscard]] StatusReport status(std::uint64_t monotonic_ms) const;
  // How long the open view's leader has (C-6.2).
  [[nodiscard]] std::uint64_t timeout_ms() const;
  // Whether the bundle waits in the mempool: it need not be verified again when gossiped twice.
  [[nodiscard]] bool knows_bundle(const Hash32& bundle) const;
  // The set that votes on the open height: Audience::kValidators.
  [[nodiscard]] const ValidatorSet& validators() const;

 private:
  std::unique_ptr<Core> core_;
};

}  // namespace usance::consensus
