// Verifies each signature once (C-2.3): a certificate's signatures are mostly those of votes that
// arrived before it, and nodes repeat what they sent.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <unordered_set>

#include "consensus/messages.h"

namespace usance::consensus {

class SignatureCheck {
 public:
  // Remembers this many verified signatures, 128 bytes and a table slot each.
  static constexpr std::size_t kRemembered = 16'384;

  SignatureCheck(const ChainId& chain, const Verifier& verifier)
      : chain_(chain), verifier_(verifier) {}

  [[nodiscard]] bool vote(const ValidatorSet& set, const Vote& vote);
  [[nodiscard]] bool proposal(const ValidatorSet& set, const SignedProposal& proposal);
  [[nodiscard]] bool view_change(const ValidatorSet& set, const SignedViewChange& change);
  // Exactly q signatures of the set over the content, as base/certificate.h defines.
  [[nodiscard]] bool certificate(const ValidatorSet& set, const Certificate& certificate);

 private:
  // Compared whole. The table's hash is of digest and key alone: a signer chooses part of the
  // signature's bytes freely.
  struct Verified {
    PublicKey key;
    Hash32 digest;
    Signature signature;
    bool operator==(const Verified&) const = default;
  };
  struct VerifiedHash {
    std::size_t operator()(const Verified& v) const noexcept {
      return FixedBytesHash{}(v.digest) ^ FixedBytesHash {}(v.key);
    }
  };
  struct Digest {
    VoteContent content;
    Hash32 hash;
  };

  bool signature(const PublicKey& key, const Hash32& digest, const Signature& signature);
  const Hash32& digest_of(const VoteContent& content);

  ChainId chain_;
  const Verifier& verifier_;
  std::unordered_set<Verified, VerifiedHash> verified_;  // looked up, never iterated
  std::deque<const Verified*> order_;                    // oldest first
  // The last content of each kind: the votes of a height come one after the other.
  std::array<std::optional<Digest>, 4> digests_;
};

// The votes of exactly this content, if there are enough of them; none otherwise.
[[nodiscard]] std::vector<SignedVote> equal_votes(const std::vector<std::optional<Vote>>& slots,
                                                  const VoteContent& content, std::size_t enough);
// q of the votes of one content as a certificate.
[[nodiscard]] Certificate certificate_from(const ValidatorSet& set, const VoteContent& content,
                                           std::vector<SignedVote> votes);
// Votes needed: the set's quorum.
[[nodiscard]] std::size_t quorum_of(const ValidatorSet& set);

}  // namespace usance::consensus
