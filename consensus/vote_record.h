// All that a validator must not forget, in one record: at most one height is open, so it fits
// (docs/spec/consensus.md, C-7.1). Durable before anything that depends on it is sent.
#pragma once

#include <optional>
#include <vector>

#include "consensus/messages.h"

namespace usance::consensus {

struct CastVote {
  static constexpr std::uint16_t kTag = 0x0221;
  static constexpr std::uint8_t kVersion = 1;
  View view;
  Hash32 block;

  friend bool operator==(const CastVote&, const CastVote&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.view);
    a(s.block);
  }
};

// The highest record sequence that was seen of a key.
struct SeenOfKey {
  static constexpr std::uint16_t kTag = 0x0222;
  static constexpr std::uint8_t kVersion = 1;
  PublicKey key;
  std::uint64_t sequence = 0;

  friend bool operator==(const SeenOfKey&, const SeenOfKey&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.key);
    a(s.sequence);
  }
};

inline constexpr std::size_t kMaxRecordedResults = 4 * limits::kExecutionLag;

struct VoteRecord {
  static constexpr std::uint16_t kTag = 0x0220;
  static constexpr std::uint8_t kVersion = 2;

  std::uint64_t sequence = 0;
  Epoch epoch;
  View view;                              // in which it votes
  std::optional<ViewChange> view_change;  // asked for and not entered; then view is left for good
  Height height;                          // open; what follows is of this height
  std::optional<CastVote> proposed;       // newest of each; votes of lower views are over
  std::optional<CastVote> prepared;
  std::optional<CastVote> committed;
  std::optional<Certificate> lock;  // newest prepare certificate
  std::vector<ResultRef> results;   // signed, of uncertified heights
  // Highest vote log sequence ever announced by each validator of the epoch, by index.
  std::vector<std::uint64_t> seen;
  // Of the keys that left last: they still vote on results of their epoch, and may come back.
  std::vector<SeenOfKey> left;
  // A key of this node that has signed what this record does not know (C-7.4): it signs no more.
  std::optional<PublicKey> forgot;

  friend bool operator==(const VoteRecord&, const VoteRecord&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.sequence);
    a(s.epoch);
    a(s.view);
    a.optional(s.view_change);
    a(s.height);
    a.optional(s.proposed);
    a.optional(s.prepared);
    a.optional(s.committed);
    a.optional(s.lock);
    a.vector(s.results, kMaxRecordedResults);
    a.vector(s.seen, limits::kMaxValidators);
    a.vector(s.left, limits::kMaxValidators);
    a.optional(s.forgot);
  }
};

}  // namespace usance::consensus
