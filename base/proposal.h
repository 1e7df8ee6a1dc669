// The statement that a leader signs with its proposal. Votes: base/certificate.h.
#pragma once

#include "base/codec.h"
#include "base/hash.h"

namespace usance {

// What a leader signs; two of one (epoch, view, height) with different blocks are evidence.
struct ProposalContent {
  static constexpr std::uint16_t kTag = 0x0202;
  static constexpr std::uint8_t kVersion = 1;
  Epoch epoch;
  View view;
  Height height;
  Hash32 block;

  friend bool operator==(const ProposalContent&, const ProposalContent&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.epoch);
    a(s.view);
    a(s.height);
    a(s.block);
  }
};
[[nodiscard]] inline Hash32 proposal_digest(const ChainId& chain, const ProposalContent& content) {
  return tagged_hash("usance/proposal", chain, content);
}

}  // namespace usance
