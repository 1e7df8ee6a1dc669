// A snapshot: the ledger after one height as a new node takes it from others, in pieces that are
// each proven against what a quorum signed. docs/spec/snapshot.md has the rules; code and tests
// name its numbered lines.
//
// It consists of an *offer* (the result header of the height with its certificate, and the way to
// it from the genesis), the *state*, fetched as subtrees of its Merkle trees from the root down,
// and the *outcomes* of the last D heights, fetched backwards from the newest: their transactions'
// ids are remembered against duplicates.
//
// Pure functions and canonical structures; the sizes of what others send are bounded by the
// structures' limits and, in bytes, by the message that carries them.
#pragma once

#include <optional>
#include <vector>

#include "base/evidence.h"

namespace usance {

namespace limits {
// Nodes hold snapshots of the heights that are multiples of it, so that several serve the same one.
inline constexpr std::uint64_t kSnapshotInterval = 128;
// A piece holds at most so many bytes of keys, values or receipts, or one item or receipt more. The
// leaves of one bucket of a tree always fit.
inline constexpr std::size_t kSnapshotPieceBytes = 1'250'000;
// A scope with larger items is fetched by subtrees of its own.
inline constexpr std::size_t kSnapshotScopeBytes = 32 * 1024;
inline constexpr std::size_t kMaxSnapshotLeaves = 65'536;  // scopes or items of one piece
inline constexpr std::size_t kMaxSnapshotHeights = 1'024;  // of one piece of outcomes
inline constexpr std::size_t kMaxHandOvers = 4'096;
inline constexpr std::size_t kMaxBlockActions = kMaxBlockTransactions + kMaxTimersPerBlock;
}  // namespace limits

// What an item takes of a piece's bytes.
[[nodiscard]] inline std::size_t snapshot_bytes(const ProvenItem& item) {
  constexpr std::size_t kBesides = 16;  // tags, lengths
  return kBesides + item.item.size() + item.value.size();
}

// What a snapshot is of, and why to believe it.
struct SnapshotOffer {
  static constexpr std::uint16_t kTag = 0x01d0;
  static constexpr std::uint8_t kVersion = 1;

  CertifiedResult tip;  // of the snapshot's height
  BlockHeader block;    // of that height, with the certificate that decided it
  Certificate commit;
  MerkleFrontier ledger;             // of the heights below: its root is the tip's ledger root
  std::vector<HandOver> hand_overs;  // from the genesis to the set that signed the tip

  friend bool operator==(const SnapshotOffer&, const SnapshotOffer&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.tip);
    a(s.block);
    a(s.commit);
    a(s.ledger);
    a.vector(s.hand_overs, limits::kMaxHandOvers);
  }
  [[nodiscard]] Height height() const { return tip.header.height; }
};

// All leaves of a tree whose path begins with the first `depth` half bytes of `prefix`.
struct Subtree {
  static constexpr std::uint16_t kTag = 0x01d1;
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::uint8_t kMaxDepth = 63;

  std::optional<Hash32> scope;  // the path of the scope whose items they are; none: the scopes
  Hash32 prefix;
  std::uint8_t depth = 0;

  friend auto operator<=>(const Subtree&, const Subtree&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.optional(s.scope);
    a(s.prefix);
    a.within(s.depth, std::uint8_t{0}, kMaxDepth);
    a.require(s.is_canonical(), "a subtree's prefix goes on behind its depth");
  }
  // Zero behind the first `depth` half bytes.
  [[nodiscard]] bool is_canonical() const;
  [[nodiscard]] bool holds(const Hash32& path) const;
  // The one of its sixteen parts with this half byte next.
  [[nodiscard]] Subtree part(std::size_t half_byte) const;
};

// What stands for one of the sixteen parts of a subtree. A leaf shows what it hashes, so that no
// node passes for one: a leaf takes no level of the tree, a node does.
struct SubtreePart {
  static constexpr std::uint16_t kTag = 0x01d2;
  static constexpr std::uint8_t kVersion = 1;

  enum class Kind : std::uint8_t { kEmpty = 0, kNode = 1, kScope = 2, kItem = 3 };
  Kind kind = Kind::kEmpty;
  Hash32 node;            // kNode
  ScopePath::Leaf scope;  // kScope: its only leaf
  ItemPath::Leaf item;    // kItem: its only leaf

  friend bool operator==(const SubtreePart&, const SubtreePart&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.within(s.kind, Kind::kEmpty, Kind::kItem);
    if (s.kind == Kind::kNode) a(s.node);
    if (s.kind == Kind::kScope) a(s.scope);
    if (s.kind == Kind::kItem) a(s.item);
  }
};

// A scope as a leaf of its tree. One with many items comes without them; they are fetched by the
// subtrees of its object root.
struct SnapshotScope {
  static constexpr std::uint16_t kTag = 0x01d3;
  static constexpr std::uint8_t kVersion = 1;

  std::string contract;
  Bytes scope;
  ScopeSummary summary;
  bool whole = true;
  std::vector<ProvenItem> items;  // if whole; ascending by item

  friend bool operator==(const SnapshotScope&, const SnapshotScope&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.contract, limits::kMaxNameBytes);
    a.bytes(s.scope, limits::kMaxScopeBytes);
    a(s.summary);
    a(s.whole);
    a.vector(s.items, limits::kMaxSnapshotLeaves);
    a.require(s.whole || s.items.empty(), "a scope comes with all of its items or none");
  }
};

// A subtree: all of its leaves, or, when they are too many for one piece, its sixteen parts.
struct StatePiece {
  static constexpr std::uint16_t kTag = 0x01d4;
  static constexpr std::uint8_t kVersion = 1;

  Subtree subtree;
  std::vector<SubtreePart> parts;     // none, or sixteen; then nothing of the following
  std::vector<SnapshotScope> scopes;  // ascending by path
  std::vector<ProvenItem> items;      // ascending by path

  friend bool operator==(const StatePiece&, const StatePiece&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.subtree);
    a.vector(s.parts, 16);
    a.vector(s.scopes, limits::kMaxSnapshotLeaves);
    a.vector(s.items, limits::kMaxSnapshotLeaves);
  }
};

// The outcome of one height: its result and its receipts, or, of a height with very many, some of
// them and the hashes of the others.
struct SnapshotOutcome {
  static constexpr std::uint16_t kTag = 0x01d5;
  static constexpr std::uint8_t kVersion = 1;

  ResultHeader result;
  std::vector<Hash32> before;  // receipt_leaf() of the receipts before these
  std::vector<Receipt> receipts;
  std::vector<Hash32> after;

  friend bool operator==(const SnapshotOutcome&, const SnapshotOutcome&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.result);
    a.vector(s.before, limits::kMaxBlockActions);
    a.vector(s.receipts, limits::kMaxBlockActions);
    a.vector(s.after, limits::kMaxBlockActions);
  }
};

// Outcomes of consecutive heights, ascending. One with missing receipts stands alone.
struct OutcomePiece {
  static constexpr std::uint16_t kTag = 0x01d6;
  static constexpr std::uint8_t kVersion = 1;

  MerkleFrontier ledger;  // of the heights below the first of these
  std::vector<SnapshotOutcome> heights;

  friend bool operator==(const OutcomePiece&, const OutcomePiece&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.ledger);
    a.vector(s.heights, limits::kMaxSnapshotHeights);
  }
};

}  // namespace usance
