// The evidence bundle: one file that proves, years later and without any network, what the ledger
// said. The format is specified in docs/spec/evidence.md; base/evidence_verify.h checks it.
//
// A bundle reads from the bottom up: *subjects* (state items, an object's whole history, actions
// with their transactions and receipts, events) lie on Merkle paths to the roots in *result
// headers*; these lie on ledger paths to one *tip*: a header signed by a quorum of a validator
// set that hand-overs lead to from the genesis, or an anchor published elsewhere.
//
// The same facts, exported by the same node, give the same bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/certificate.h"
#include "base/codec.h"
#include "base/merkle.h"
#include "base/receipt.h"
#include "base/result_header.h"
#include "base/state_proof.h"
#include "base/transaction.h"
#include "base/validator_set.h"

namespace usance {

namespace limits {
inline constexpr std::size_t kMaxEvidenceBytes = 256 * 1024 * 1024;
inline constexpr std::size_t kMaxEvidenceEntries = 1'000'000;  // of each list
inline constexpr std::size_t kMaxInterfaceBytes = 256 * 1024;  // a contract's descriptor set
}  // namespace limits

// The quorum of one epoch certifies who votes in the next.
struct HandOver {
  static constexpr std::uint16_t kTag = 0x01a1;
  static constexpr std::uint8_t kVersion = 1;
  ResultHeader header;      // header.next names the set below
  Certificate certificate;  // by the set that came before
  ValidatorSet next;

  friend bool operator==(const HandOver&, const HandOver&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.header);
    a(s.certificate);
    a(s.next);
  }
};

struct CertifiedResult {
  static constexpr std::uint16_t kTag = 0x01a2;
  static constexpr std::uint8_t kVersion = 1;
  ResultHeader header;
  Certificate certificate;

  friend bool operator==(const CertifiedResult&, const CertifiedResult&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.header);
    a(s.certificate);
  }
};

// A result header as leaf header.height of a ledger tree: of the tip's, or of an anchor's.
struct ProvenResult {
  static constexpr std::uint16_t kTag = 0x01a3;
  static constexpr std::uint8_t kVersion = 1;
  ResultHeader header;
  MerklePath path;

  friend bool operator==(const ProvenResult&, const ProvenResult&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.header);
    a(s.path);
  }
};

// The validator set in force at a height that an anchor covers: where hand-overs may begin
// instead of at the genesis.
struct AnchoredSet {
  static constexpr std::uint16_t kTag = 0x01a4;
  static constexpr std::uint8_t kVersion = 1;
  ProvenResult result;  // its path leads to the anchor's root; its set_hash names the set
  ValidatorSet set;

  friend bool operator==(const AnchoredSet&, const AnchoredSet&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.result);
    a(s.set);
  }
};

// A transaction as its signer signed it, inside a bundle of `path.size`.
struct SignedTransaction {
  static constexpr std::uint16_t kTag = 0x01a5;
  static constexpr std::uint8_t kVersion = 1;
  Transaction transaction;
  MerklePath path;      // from the transaction's id to the bundle's root
  Signature signature;  // of transaction.user_key over the bundle

  friend bool operator==(const SignedTransaction&, const SignedTransaction&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.transaction);
    a(s.path);
    a(s.signature);
  }
};

// One action of a block, a transaction or a timer's run, and what became of it.
struct ActionProof {
  static constexpr std::uint16_t kTag = 0x01a6;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  MerklePath id_path;       // to transaction_root; its index is the action's
  MerklePath receipt_path;  // to receipt_root; same index and size
  Receipt receipt;
  std::optional<SignedTransaction> transaction;  // absent for a timer's run only

  friend bool operator==(const ActionProof&, const ActionProof&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.id_path);
    a(s.receipt_path);
    a(s.receipt);
    a.optional(s.transaction);
    a.require(s.receipt.timer != s.transaction.has_value(),
              "a transaction's action carries the transaction, a timer's none");
  }
  [[nodiscard]] std::uint64_t index() const { return id_path.index; }
};

struct EventProof {
  static constexpr std::uint16_t kTag = 0x01a7;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  MerklePath path;  // to event_root
  Event event;

  friend bool operator==(const EventProof&, const EventProof&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.path);
    a(s.event);
  }
};

// The value of one item, or its absence, in the state after a block.
struct ItemProof {
  static constexpr std::uint16_t kTag = 0x01a8;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  StateKey key;
  StateProof proof;

  friend bool operator==(const ItemProof&, const ItemProof&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.key);
    a(s.proof);
  }
};

// All changes that an object ever had up to a height.
struct ObjectProof {
  static constexpr std::uint16_t kTag = 0x01a9;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  std::string contract;
  Bytes scope;
  CompletenessProof history;

  friend bool operator==(const ObjectProof&, const ObjectProof&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a.text(s.contract, limits::kMaxNameBytes);
    a.bytes(s.scope, limits::kMaxScopeBytes);
    a(s.history);
  }
};

// A contract's module, so that its interface decodes what the contract wrote. The registry's
// record of the contract, proven in the state, names the module's SHA-256. System contracts have
// no module: their interfaces are part of the verifier.
struct InterfaceProof {
  static constexpr std::uint16_t kTag = 0x01aa;
  static constexpr std::uint8_t kVersion = 1;
  std::string contract;
  Bytes code;        // with the custom section "usance.interface"
  ItemProof record;  // an item of the registry's scope of this contract

  friend bool operator==(const InterfaceProof&, const InterfaceProof&) = default;
  friend bool operator<(const InterfaceProof& a, const InterfaceProof& b) {
    return a.contract < b.contract;
  }
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.contract, limits::kMaxNameBytes);
    a.bytes(s.code, limits::kMaxCodeBytes);
    a(s.record);
  }
};

// Where the proof's trust begins.
enum class EvidenceBasis : std::uint8_t {
  kGenesis = 1,      // hand-overs from the genesis' validators to the tip's
  kAnchoredSet = 2,  // hand-overs from a set that an anchor proves to the tip's
  kAnchor = 3,       // the anchor's ledger root itself: no signatures are needed
};

// What the bundle was exported for. What else it carries explains the subject: the actions behind
// an object's changes, the events of a transaction.
enum class EvidenceSubject : std::uint8_t {
  kTransaction = 1,  // actions has one entry, events all of its events
  kEvent = 2,        // events has one entry, actions the action that emitted it
  kItem = 3,         // items has one entry
  kObject = 4,       // objects has one entry, actions all that changed it, events none
};

struct Evidence {
  static constexpr std::uint16_t kTag = 0x01a0;
  static constexpr std::uint8_t kVersion = 1;

  ChainId chain;
  EvidenceSubject subject = EvidenceSubject::kTransaction;
  EvidenceBasis basis = EvidenceBasis::kGenesis;
  std::optional<AnchoredSet> anchored_set;  // exactly with kAnchoredSet
  std::vector<HandOver> hand_overs;         // ascending; none with kAnchor
  std::optional<CertifiedResult> tip;       // none with kAnchor
  std::vector<ProvenResult> results;        // ascending by height; below the tip or anchor
  std::vector<ItemProof> items;
  std::vector<ObjectProof> objects;
  std::vector<ActionProof> actions;        // ascending by (height, action)
  std::vector<EventProof> events;          // ascending by (height, position)
  std::vector<InterfaceProof> interfaces;  // ascending by contract

  friend bool operator==(const Evidence&, const Evidence&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.chain);
    a.within(s.subject, EvidenceSubject::kTransaction, EvidenceSubject::kObject);
    a.within(s.basis, EvidenceBasis::kGenesis, EvidenceBasis::kAnchor);
    a.optional(s.anchored_set);
    a.vector(s.hand_overs, limits::kMaxEvidenceEntries);
    a.optional(s.tip);
    a.vector(s.results, limits::kMaxEvidenceEntries);
    a.vector(s.items, limits::kMaxEvidenceEntries);
    a.vector(s.objects, limits::kMaxEvidenceEntries);
    a.vector(s.actions, limits::kMaxEvidenceEntries);
    a.vector(s.events, limits::kMaxEvidenceEntries);
    a.ascending(s.interfaces, limits::kMaxEvidenceEntries);
  }
};

// A bundle's file: the bytes "usance-evidence/1\n", the canonical Evidence, and the SHA-256 of all
// that. The checksum proves nothing; it catches damage that turns one true statement into another,
// as a changed name does where absence is proven.
[[nodiscard]] Bytes write_evidence(const Evidence& evidence);
// kMalformed (also when the checksum differs), or kInvalidArgument for a file that is no evidence
// bundle or over the limit.
[[nodiscard]] Result<Evidence> read_evidence(ByteView file);
// The same in two steps, so that a verifier can first name what is wrong with the contents.
struct EvidenceFile {
  Evidence evidence;
  bool intact = false;  // the checksum fits
};
[[nodiscard]] Result<EvidenceFile> read_evidence_file(ByteView file);

// The FileDescriptorSet in a module's custom section "usance.interface". Linear in the module.
// Errors: kMalformed (no WebAssembly module), kNotFound (it carries no interface).
[[nodiscard]] Result<Bytes> interface_of_module(ByteView code);

}  // namespace usance
