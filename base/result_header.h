// The outcome of a block, signed by a quorum in its result certificate: what every proof ends in.
#pragma once

#include <optional>

#include "base/block.h"
#include "base/codec.h"
#include "base/merkle.h"
#include "base/receipt.h"
#include "base/validator_set.h"

namespace usance {

// The validator set that takes over at `height`; the certificate over a result header that names
// it is the hand-over which an offline verifier walks.
struct NextSet {
  static constexpr std::uint16_t kTag = 0x0150;
  static constexpr std::uint8_t kVersion = 1;
  Epoch epoch;
  Hash32 set_hash;
  Height height;

  friend bool operator==(const NextSet&, const NextSet&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.epoch);
    a(s.set_hash);
    a(s.height);
  }
};

struct ResultHeader {
  static constexpr std::uint16_t kTag = 0x0151;
  static constexpr std::uint8_t kVersion = 1;

  ChainId chain;
  Height height;
  Hash32 block;  // block hash
  TimeMs time;   // the block's time, so that a proof can say "as of"
  Epoch epoch;
  Hash32 set_hash;              // of the set that signs this height
  std::optional<NextSet> next;  // a pending change of the set
  Hash32 state_root;
  Hash32 transaction_root;  // the three: counted_root over the block's actions or events
  Hash32 receipt_root;
  Hash32 event_root;
  std::uint32_t actions = 0;  // timers and transactions
  Hash32 ledger_root;         // RFC 9162 root over ledger_leaf(0 .. height-1)
  Hash32 parameter_hash;
  std::uint32_t execution_version = 1;
  TimeMs next_timer_due;  // 0 = none
  std::uint64_t gas_used = 0;

  friend bool operator==(const ResultHeader&, const ResultHeader&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.chain);
    a(s.height);
    a(s.block);
    a(s.time);
    a(s.epoch);
    a(s.set_hash);
    a.optional(s.next);
    a(s.state_root);
    a(s.transaction_root);
    a(s.receipt_root);
    a(s.event_root);
    a(s.actions);
    a(s.ledger_root);
    a(s.parameter_hash);
    a(s.execution_version);
    a(s.next_timer_due);
    a(s.gas_used);
  }
};

[[nodiscard]] Hash32 result_hash(const ResultHeader& header);
// leaf(i) of the ledger tree: H(0x00, block hash i, result hash i).
[[nodiscard]] Hash32 ledger_leaf(const Hash32& block, const Hash32& result);

// The block that stands for the genesis at height 0: nobody proposed it, its body is empty.
[[nodiscard]] BlockHeader genesis_block_header(const ChainId& chain, TimeMs time);

}  // namespace usance
