// Votes and quorum certificates. Every vote is signed, so that a certificate proves its claim to
// anybody who knows the epoch's validator set.
#pragma once

#include <vector>

#include "base/codec.h"
#include "base/signature.h"
#include "base/validator_set.h"

namespace usance {

enum class VoteKind : std::uint8_t {
  kPrepare = 1,  // hash = block hash
  kCommit = 2,   // hash = block hash
  kExec = 3,     // hash = result hash, which commits to the block hash; view is 0
};
[[nodiscard]] std::string_view to_string(VoteKind kind);

// What a validator signs (docs/spec/consensus.md, C-2.2).
struct VoteContent {
  static constexpr std::uint16_t kTag = 0x0142;
  static constexpr std::uint8_t kVersion = 1;

  VoteKind kind = VoteKind::kPrepare;
  Epoch epoch;
  View view;
  Height height;
  Hash32 hash;

  friend bool operator==(const VoteContent&, const VoteContent&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.within(s.kind, VoteKind::kPrepare, VoteKind::kExec);
    a(s.epoch);
    a(s.view);
    a(s.height);
    a(s.hash);
  }
};

[[nodiscard]] Hash32 vote_digest(const ChainId& chain, const VoteContent& content);

// C-2.3: exactly q signatures, in ascending order of their signers' index; popcount(bitmap) = q;
// spare bits are zero. Nodes hold different subsets for one decision, so a certificate's own hash
// never enters a header.
struct Certificate {
  static constexpr std::uint16_t kTag = 0x0143;
  static constexpr std::uint8_t kVersion = 1;

  VoteContent content;
  std::vector<std::uint8_t> bitmap;  // bit i of byte i/8: validator i signed; ceil(n/8) bytes
  std::vector<Signature> signatures;

  friend bool operator==(const Certificate&, const Certificate&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.content);
    a.vector(s.bitmap, (limits::kMaxValidators + 7) / 8);
    a.vector(s.signatures, limits::kMaxValidators);
  }
};

// The signers' indices of a certificate, ascending.
[[nodiscard]] std::vector<std::uint32_t> signers(const Certificate& certificate);

struct SignedVote {
  std::uint32_t signer = 0;  // index in the set
  Signature signature;
};
// Takes q of the votes (the lowest indices); the votes must be of distinct signers and at least q.
[[nodiscard]] Certificate make_certificate(const ValidatorSet& set, const VoteContent& content,
                                           std::vector<SignedVote> votes);

// Every signature is verified. Errors: kMalformed (shape), kBadSignature, kInvalidArgument (the
// certificate is of another epoch than the set).
[[nodiscard]] Result<void> verify_certificate(const ChainId& chain, const ValidatorSet& set,
                                              const Certificate& certificate,
                                              const Verifier& verifier);

}  // namespace usance
