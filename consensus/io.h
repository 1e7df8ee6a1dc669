// What goes into the consensus core and what comes out. The core is a pure function of these: it
// reads no clock, makes no random number, starts no thread, logs nothing, touches no file or
// socket. Whoever drives it (the daemon's core thread, the simulator) does what the outputs say.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/parameters.h"
#include "base/receipt.h"
#include "base/transaction.h"
#include "consensus/key_directory.h"
#include "consensus/messages.h"

namespace usance::consensus {

// A node on the peer network: the consensus key of its genesis or governance entry.
using PeerId = PublicKey;
// A durability token: the sequence number of a vote record. 0 = nothing to wait for.
using Token = std::uint64_t;
using BundlePtr = std::shared_ptr<const CheckedBundle>;

// A block whose bundles are decoded. Immutable once made.
struct CheckedBlock {
  BlockHeader header;
  Hash32 hash;  // block_hash(header)
  std::vector<BundlePtr> bundles;

  [[nodiscard]] BlockBody body() const;  // copies the bundles' bytes
};
using BlockPtr = std::shared_ptr<const CheckedBlock>;

// ---------------------------------------------------------------------------------------- events

// Time passed. Drives every timeout; every 5 to 20 ms in production.
struct Tick {};

struct MessageReceived {
  PeerId from;  // the authenticated peer of the link it came over
  std::shared_ptr<const Message> message;
};

// No link with that peer is left: what it claimed is forgotten. What it sent before may still
// arrive; then it is known again.
struct PeerGone {
  PeerId peer;
};

// A bundle, its signature verified outside (CheckedBundle::check). Until Halted, Admission answers.
struct BundleAdmitted {
  BundlePtr bundle;
  std::optional<PeerId> from;  // none: submitted by a client of this node
};

// The answer to CheckBundles: in the same order; null where a bundle is invalid.
struct BundlesChecked {
  std::uint64_t ticket = 0;
  std::vector<BundlePtr> bundles;
};

// The Persist with this token, and all before it, are durable.
struct Durable {
  Token token = 0;
};

// The block of result.height was executed and its batch is durable. In order of height.
struct Executed {
  ResultHeader result;
  Hash32 result_hash;
  std::optional<Parameters> parameters;  // if the block changed them
  std::vector<KeyGrant> keys;            // grants that the block added or changed
  std::optional<ValidatorSet> next_set;  // with result.next, once: the set whose hash it names
};

// Where this node's result and the certified one part, in words: the answer to Diverged.
struct DifferenceFound {
  std::string what;  // first_difference()
};

using Event = std::variant<Tick, MessageReceived, PeerGone, BundleAdmitted, BundlesChecked, Durable,
                           Executed, DifferenceFound>;

struct Input {
  TimeMs wall;                     // UTC; may step. Only for the time of blocks and expiry
  std::uint64_t monotonic_ms = 0;  // never goes back while the process lives. For timeouts
  Event event;
};

// --------------------------------------------------------------------------------------- outputs

enum class Audience : std::uint8_t {
  kPeer,        // Send::peer alone
  kValidators,  // every other validator of the current sets
  kFollowers,   // every connected peer that is not a validator
  kAll,         // every connected peer
};

// Bytes for peers, lost without harm. Must not leave before Durable{after} was reported.
struct Send {
  Audience audience = Audience::kPeer;
  PeerId peer;
  std::shared_ptr<const Bytes> bytes;  // encode_message(); shared between receivers
  Token after = 0;
};

// Record, blocks and certificates become durable together: Durable{token} once all of them are,
// and the record not before the blocks. Sequences ascend by one, so the log may keep only the
// newest record of a batch.
struct Persist {
  struct StoredBlock {
    BlockPtr block;
    bool body_stored = false;  // an earlier Persist carried this block: only the certificate is new
    std::optional<Certificate> commit;  // present once it is decided
  };
  Token token = 0;
  PublicKey validator;  // whose votes; VoteLog::hand_over when it is another than before
  Bytes record;         // encode(VoteRecord), for VoteLog::append(token, record)
  std::vector<StoredBlock> blocks;  // to be found again by Recovery
};

// Decode these outside the core; with signatures unless a certificate already vouches for them.
// Answered by BundlesChecked. Tickets ascend.
struct CheckBundles {
  std::uint64_t ticket = 0;
  bool signatures = true;  // true: CheckedBundle::check, false: CheckedBundle::decode_certified
  std::vector<Bytes> bundles;
};

// A height is decided: position final, outcome unknown. Execute it after all lower ones, store
// block, certificate and outcome in one synced batch, then report Executed. At most
// kMaxUnexecuted are under way.
struct Execute {
  BlockPtr block;
  // One per transaction in block order: kOk, or the void status with which it is not executed.
  std::vector<ReceiptStatus> marks;
  Certificate commit;
  // The vote log's durable sequence at this time: stored with the block, comes back as
  // Recovery::ledger_vote_sequence, so that a lost or older log is noticed.
  Token vote_sequence = 0;
};

// The result of a height is certified: outcome final and provable. Ascending, without gaps.
struct ResultCertified {
  Height height;
  Certificate certificate;
};

// A peer asks for decided blocks that the core no longer holds: send it Blocks from the store,
// heights from .. below from + count, within the bounds of messages.h; nothing if there is none.
struct ServeBlocks {
  PeerId peer;
  Height from;
  std::uint32_t count = 0;
};

// The same for result certificates: send it Results.
struct ServeResults {
  PeerId peer;
  Height from;
  std::uint32_t count = 0;
};

// A peer whose result differs asks what this node's consists of: send it ResultParts of the height,
// which is executed here.
struct ServeResultParts {
  PeerId peer;
  Height height;
};

// After Halted, C-8.6: a peer's proven parts of the certified result. Compare them with those of
// this node and answer with DifferenceFound.
struct Diverged {
  PeerId peer;
  ResultParts certified;
};

// The peer broke the protocol: close its connection and refuse it for 30 s.
struct DropPeer {
  PeerId peer;
  std::string reason;
};

// What became of a BundleAdmitted. The bundle is in the mempool if there is no error.
struct Admission {
  Hash32 bundle;  // CheckedBundle::hash()
  std::optional<Error> error;
};

// A bundle left the mempool without having been ordered (expired, key revoked, no longer fits).
struct Evicted {
  BundlePtr bundle;
  Error reason;
};

// A validator contradicted itself. Kept by the node; never a reason to stop.
struct EvidenceFound {
  PublicKey validator;  // its consensus key
  Evidence evidence;
};

// This node must not go on: its own result or ledger contradicts a quorum. It votes no more, and
// learns and announces nothing; it answers requests for certified blocks. No bundle gets a further
// answer, neither those in its mempool nor new ones: who gave them is to be told now.
struct Halted {
  Height height;
  std::string reason;
  std::optional<Hash32> own;        // result hash here
  std::optional<Hash32> certified;  // result hash of the quorum
};

using Output =
    std::variant<Send, Persist, CheckBundles, Execute, ResultCertified, ServeBlocks, ServeResults,
                 ServeResultParts, DropPeer, Admission, Evicted, EvidenceFound, Halted, Diverged>;

// In the order in which they were produced; do them in that order.
using Outbox = std::vector<Output>;

}  // namespace usance::consensus
