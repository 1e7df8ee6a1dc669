// What nodes say to each other about consensus. Canonical structs, tags 0x0200 to 0x02ff; a
// message on the wire is encode() of exactly one of them (docs/spec/consensus.md, C-2.1).
//
// Votes, proposals and view changes are signed by their validator, because they end up as proofs
// (C-2.2). Requests, answers and Status are not (C-2.4): a peer's link is authenticated (its
// PeerId), and what an answer claims is proven by certificates and hashes.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "base/block.h"
#include "base/certificate.h"
#include "base/limits.h"
#include "base/proposal.h"
#include "base/receipt.h"
#include "base/result_header.h"

namespace usance::consensus {

// C-2.1: one block with the certificates and the new-view proof of the largest set fit.
inline constexpr std::size_t kMaxMessageBytes = 6 * 1024 * 1024;
// Bounds of one answer to a range request; the server stops at whichever comes first, and always
// sends at least one block.
inline constexpr std::size_t kMaxSyncBlocks = 64;
inline constexpr std::size_t kMaxSyncBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxResultsPerMessage = 64;
static_assert(kMaxMessageBytes > limits::kMaxBodyBytes + 512 * 1024);

struct Vote {
  static constexpr std::uint16_t kTag = 0x0201;
  static constexpr std::uint8_t kVersion = 1;
  VoteContent content;
  std::uint32_t signer = 0;  // index in the set of content.epoch
  Signature signature;       // over vote_digest()

  friend bool operator==(const Vote&, const Vote&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.content);
    a(s.signer);
    a(s.signature);
  }
};

struct LockRef {
  static constexpr std::uint16_t kTag = 0x0203;
  static constexpr std::uint8_t kVersion = 1;
  View view;  // of the prepare certificate
  Hash32 block;

  friend bool operator==(const LockRef&, const LockRef&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.view);
    a(s.block);
  }
};

struct ViewChangeContent {
  static constexpr std::uint16_t kTag = 0x0204;
  static constexpr std::uint8_t kVersion = 1;
  Epoch epoch;
  View view;                    // the view asked for
  Height last;                  // highest height decided when it was signed
  std::optional<LockRef> lock;  // for height last + 1

  friend bool operator==(const ViewChangeContent&, const ViewChangeContent&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.epoch);
    a(s.view);
    a(s.last);
    a.optional(s.lock);
    a.require(!s.lock || s.lock->view < s.view, "a lock is older than the view asked for");
  }
};
[[nodiscard]] Hash32 view_change_digest(const ChainId& chain, const ViewChangeContent& content);

struct SignedViewChange {
  static constexpr std::uint16_t kTag = 0x0205;
  static constexpr std::uint8_t kVersion = 1;
  ViewChangeContent content;
  std::uint32_t signer = 0;
  Signature signature;

  friend bool operator==(const SignedViewChange&, const SignedViewChange&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.content);
    a(s.signer);
    a(s.signature);
  }
};

struct ViewChange {
  static constexpr std::uint16_t kTag = 0x0206;
  static constexpr std::uint8_t kVersion = 1;
  SignedViewChange change;
  std::optional<Certificate> last_commit;  // of change.last; none for height 0
  std::optional<Certificate> lock;         // the prepare certificate, if a lock is named

  friend bool operator==(const ViewChange&, const ViewChange&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.change);
    a.optional(s.last_commit);
    a.optional(s.lock);
  }
};

// Why a view may begin: q view changes for exactly that view, ascending by signer, and the prepare
// certificate of the highest lock among them for the height that is proposed next.
struct NewViewProof {
  static constexpr std::uint16_t kTag = 0x0207;
  static constexpr std::uint8_t kVersion = 1;
  std::vector<SignedViewChange> changes;
  std::optional<Certificate> lock;

  friend bool operator==(const NewViewProof&, const NewViewProof&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.vector(s.changes, limits::kMaxValidators);
    a.optional(s.lock);
  }
};

struct Proposal {
  static constexpr std::uint16_t kTag = 0x0208;
  static constexpr std::uint8_t kVersion = 1;
  View view;  // in which it is proposed now; header.view is the first one
  std::uint32_t signer = 0;
  Signature signature;  // over proposal_digest()
  BlockHeader header;
  BlockBody body;
  std::optional<Certificate> parent;     // commit certificate of height - 1; none at height 1
  std::optional<Certificate> certified;  // of the result the header names; none for height 0
  std::optional<NewViewProof> new_view;  // unless view is 0 or the parent was decided in view

  friend bool operator==(const Proposal&, const Proposal&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.view);
    a(s.signer);
    a(s.signature);
    a(s.header);
    a(s.body);
    a.optional(s.parent);
    a.optional(s.certified);
    a.optional(s.new_view);
  }
};

// A view begins before its leader has something to propose. Proven by what it carries, so anybody
// may pass it on.
struct NewView {
  static constexpr std::uint16_t kTag = 0x0209;
  static constexpr std::uint8_t kVersion = 1;
  NewViewProof proof;
  std::optional<Certificate> base;  // commit certificate at or above every last height

  friend bool operator==(const NewView&, const NewView&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.proof);
    a.optional(s.base);
  }
};

// Where a node stands: sent on progress to those that are not validators, to everybody now and
// then, and as the answer to anything stale. What it announces can be fetched from the sender.
struct Status {
  static constexpr std::uint16_t kTag = 0x020a;
  static constexpr std::uint8_t kVersion = 1;
  Epoch epoch;
  View view;
  Height committed;
  Height certified;
  std::uint64_t sequence = 0;       // of the sender's durable vote record
  std::uint64_t echo = 0;           // nonce of the Hello it answers; 0 = none
  std::uint64_t seen_sequence = 0;  // highest sequence ever seen from the receiver, with echo
  std::uint32_t software_version = 1;

  friend bool operator==(const Status&, const Status&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.epoch);
    a(s.view);
    a(s.committed);
    a(s.certified);
    a(s.sequence);
    a(s.echo);
    a(s.seen_sequence);
    a(s.software_version);
  }
};

// A starting validator asks what the others saw of it before it votes.
struct Hello {
  static constexpr std::uint16_t kTag = 0x020b;
  static constexpr std::uint8_t kVersion = 1;
  std::uint64_t nonce = 0;  // fresh per start, not 0

  friend bool operator==(const Hello&, const Hello&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.nonce);
  }
};

// Decided blocks from `from` on.
struct FetchBlocks {
  static constexpr std::uint16_t kTag = 0x020c;
  static constexpr std::uint8_t kVersion = 1;
  Height from;
  std::uint32_t count = 0;

  friend bool operator==(const FetchBlocks&, const FetchBlocks&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.from);
    a.within(s.count, 1u, static_cast<std::uint32_t>(kMaxSyncBlocks));
  }
};

struct SyncedBlock {
  static constexpr std::uint16_t kTag = 0x020d;
  static constexpr std::uint8_t kVersion = 1;
  Block block;
  Certificate commit;
  std::optional<Certificate> result;  // where the sender has it

  friend bool operator==(const SyncedBlock&, const SyncedBlock&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.block);
    a(s.commit);
    a.optional(s.result);
  }
};

struct Blocks {
  static constexpr std::uint16_t kTag = 0x020e;
  static constexpr std::uint8_t kVersion = 1;
  std::vector<SyncedBlock> blocks;  // consecutive heights, ascending

  friend bool operator==(const Blocks&, const Blocks&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.vector(s.blocks, kMaxSyncBlocks);
  }
};

// An undecided block by its hash: the body behind a lock. Answered by BlockReply.
struct FetchBody {
  static constexpr std::uint16_t kTag = 0x020f;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  Hash32 block;

  friend bool operator==(const FetchBody&, const FetchBody&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.block);
  }
};

struct BlockReply {
  static constexpr std::uint16_t kTag = 0x0210;
  static constexpr std::uint8_t kVersion = 1;
  Block block;

  friend bool operator==(const BlockReply&, const BlockReply&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.block);
  }
};

// A leader's proposal that others voted for and that did not arrive here. Answered by Proposal.
struct FetchProposal {
  static constexpr std::uint16_t kTag = 0x0211;
  static constexpr std::uint8_t kVersion = 1;
  Epoch epoch;
  View view;
  Height height;

  friend bool operator==(const FetchProposal&, const FetchProposal&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.epoch);
    a(s.view);
    a(s.height);
  }
};

// Result certificates from `from` on. Answered by Results.
struct FetchResults {
  static constexpr std::uint16_t kTag = 0x0212;
  static constexpr std::uint8_t kVersion = 1;
  Height from;
  std::uint32_t count = 0;

  friend bool operator==(const FetchResults&, const FetchResults&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.from);
    a.within(s.count, 1u, static_cast<std::uint32_t>(kMaxResultsPerMessage));
  }
};

struct Results {
  static constexpr std::uint16_t kTag = 0x0213;
  static constexpr std::uint8_t kVersion = 1;
  std::vector<Certificate> certificates;  // consecutive heights, ascending

  friend bool operator==(const Results&, const Results&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.vector(s.certificates, kMaxResultsPerMessage);
  }
};

// A client's bundle on its way to the validators. The receiving node verifies it outside the core
// and hands it in as BundleAdmitted.
struct BundleGossip {
  static constexpr std::uint16_t kTag = 0x0214;
  static constexpr std::uint8_t kVersion = 1;
  Bytes raw;

  friend bool operator==(const BundleGossip&, const BundleGossip&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.bytes(s.raw, limits::kMaxBundleBytes);
  }
};

struct SignedProposal {
  static constexpr std::uint16_t kTag = 0x0215;
  static constexpr std::uint8_t kVersion = 1;
  ProposalContent content;
  std::uint32_t signer = 0;
  Signature signature;

  friend bool operator==(const SignedProposal&, const SignedProposal&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.content);
    a(s.signer);
    a(s.signature);
  }
};

// Two signatures of one validator that no honest one gives. Exactly one pair is present. Not sent
// to peers: the node that finds it keeps it (EvidenceFound).
struct Evidence {
  static constexpr std::uint16_t kTag = 0x0216;
  static constexpr std::uint8_t kVersion = 1;
  std::vector<Vote> votes;                // of one kind, epoch, view, height; different hashes
  std::vector<SignedProposal> proposals;  // of one epoch, view, height; different blocks

  friend bool operator==(const Evidence&, const Evidence&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.vector(s.votes, 2);
    a.vector(s.proposals, 2);
    a.require((s.votes.size() == 2 && s.proposals.empty()) ||
                  (s.votes.empty() && s.proposals.size() == 2),
              "evidence is one pair");
  }
};
// Both signatures verify and contradict each other. Errors: kInvalidArgument (no contradiction),
// kBadSignature.
[[nodiscard]] Result<void> verify_evidence(const ChainId& chain, const ValidatorSet& set,
                                           const Evidence& evidence, const Verifier& verifier);

// What a height's result consists of, asked by a node that has another one (C-8.6). Answered by
// ResultParts.
struct FetchResultParts {
  static constexpr std::uint16_t kTag = 0x0217;
  static constexpr std::uint8_t kVersion = 1;
  Height height;

  friend bool operator==(const FetchResultParts&, const FetchResultParts&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
  }
};

// A result header with the hashes behind its receipt and transaction roots: its hash is what the
// certificate signs, so the whole is proven. Index i is action i of the block, timers first.
struct ResultParts {
  static constexpr std::uint16_t kTag = 0x0218;
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kMaxActions =
      limits::kMaxBlockTransactions + limits::kMaxTimersPerBlock;
  ResultHeader header;
  std::vector<Hash32> transactions;  // ids
  std::vector<Hash32> receipts;      // receipt_leaf()

  friend bool operator==(const ResultParts&, const ResultParts&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.header);
    a.vector(s.transactions, kMaxActions);
    a.vector(s.receipts, kMaxActions);
    a.require(s.transactions.size() == s.receipts.size(), "a receipt per action");
  }
};

using Message = std::variant<Vote, Proposal, ViewChange, NewView, Status, Hello, FetchBlocks,
                             Blocks, FetchBody, BlockReply, FetchProposal, FetchResults, Results,
                             BundleGossip, FetchResultParts, ResultParts>;

[[nodiscard]] Bytes encode_message(const Message& message);
// Errors: kMalformed (does not decode), kResourceExhausted (over kMaxMessageBytes), kUnsupported
// (an unknown tag). Checks no signature.
[[nodiscard]] Result<Message> decode_message(ByteView bytes);

}  // namespace usance::consensus
