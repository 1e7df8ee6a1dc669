// What nodes say to each other about snapshots (docs/spec/snapshot.md): requests of a node that
// joins, and answers, which are proven by themselves. Canonical structs, tags 0x0230 to 0x0236, at
// most kMaxMessageBytes each. Apart from consensus/messages.h: they never reach a Replica.
#pragma once

#include <variant>

#include "base/snapshot.h"
#include "consensus/messages.h"

namespace usance::consensus {

// The newest snapshot that the peer holds above a height. Answered by SnapshotOffered or
// SnapshotGone.
struct FetchSnapshot {
  static constexpr std::uint16_t kTag = 0x0230;
  static constexpr std::uint8_t kVersion = 1;
  Height above;

  friend bool operator==(const FetchSnapshot&, const FetchSnapshot&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.above);
  }
};

struct SnapshotOffered {
  static constexpr std::uint16_t kTag = 0x0231;
  static constexpr std::uint8_t kVersion = 1;
  SnapshotOffer offer;

  friend bool operator==(const SnapshotOffered&, const SnapshotOffered&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.offer);
  }
};

// A subtree of the state in the snapshot of a height. Answered by StateFetched or SnapshotGone.
struct FetchState {
  static constexpr std::uint16_t kTag = 0x0232;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  Subtree subtree;

  friend bool operator==(const FetchState&, const FetchState&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.subtree);
  }
};

struct StateFetched {
  static constexpr std::uint16_t kTag = 0x0233;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  StatePiece piece;

  friend bool operator==(const StateFetched&, const StateFetched&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.piece);
  }
};

// Outcomes in the snapshot of a height: `newest` from its receipt `first` on, and those below, not
// below `lowest`. Answered by OutcomesFetched or SnapshotGone.
struct FetchOutcomes {
  static constexpr std::uint16_t kTag = 0x0234;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  Height newest;
  std::uint32_t first = 0;
  Height lowest;

  friend bool operator==(const FetchOutcomes&, const FetchOutcomes&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.newest);
    a(s.first);
    a(s.lowest);
  }
};

struct OutcomesFetched {
  static constexpr std::uint16_t kTag = 0x0235;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  OutcomePiece piece;

  friend bool operator==(const OutcomesFetched&, const OutcomesFetched&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.piece);
  }
};

// The peer does not hold the snapshot of that height, or (height 0) none at all.
struct SnapshotGone {
  static constexpr std::uint16_t kTag = 0x0236;
  static constexpr std::uint8_t kVersion = 1;
  Height height;

  friend bool operator==(const SnapshotGone&, const SnapshotGone&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
  }
};

using SnapshotRequest = std::variant<FetchSnapshot, FetchState, FetchOutcomes>;
using SnapshotAnswer = std::variant<SnapshotOffered, StateFetched, OutcomesFetched, SnapshotGone>;
using SnapshotMessage = std::variant<SnapshotRequest, SnapshotAnswer>;

// Whether the bytes begin as one of these.
[[nodiscard]] bool is_snapshot_message(ByteView bytes);
[[nodiscard]] Bytes encode_snapshot_message(const SnapshotMessage& message);
// Errors as decode_message's. Verifies nothing.
[[nodiscard]] Result<SnapshotMessage> decode_snapshot_message(ByteView bytes);

}  // namespace usance::consensus
