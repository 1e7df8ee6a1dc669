#include "consensus/signature_check.h"

#include <algorithm>

#include "consensus/mutation.h"

namespace usance::consensus {

#ifdef USANCE_MUTATIONS
Mutation& active_mutation() {
  static Mutation mutation = Mutation::kNone;
  return mutation;
}
#endif

std::size_t quorum_of(const ValidatorSet& set) {
  return set.quorum() - (mutated(Mutation::kQuorumOffByOne) ? 1 : 0);
}

bool SignatureCheck::signature(const PublicKey& key, const Hash32& digest,
                               const Signature& signature) {
  Verified one{key, digest, signature};
  if (verified_.contains(one)) return true;
  if (!verifier_.verify(key, digest, signature)) return false;
  order_.push_back(&*verified_.insert(one).first);
  if (order_.size() > kRemembered) {
    verified_.erase(verified_.find(*order_.front()));
    order_.pop_front();
  }
  return true;
}

const Hash32& SignatureCheck::digest_of(const VoteContent& content) {
  std::optional<Digest>& last =
      digests_.at(static_cast<std::size_t>(content.kind) % digests_.size());
  if (!last || last->content != content) last = Digest{content, vote_digest(chain_, content)};
  return last->hash;
}

bool SignatureCheck::vote(const ValidatorSet& set, const Vote& vote) {
  return vote.content.epoch == set.epoch && vote.signer < set.size() &&
         signature(set.validators[vote.signer].key, digest_of(vote.content), vote.signature);
}

bool SignatureCheck::proposal(const ValidatorSet& set, const SignedProposal& proposal) {
  return proposal.content.epoch == set.epoch && proposal.signer < set.size() &&
         signature(set.validators[proposal.signer].key, proposal_digest(chain_, proposal.content),
                   proposal.signature);
}

bool SignatureCheck::view_change(const ValidatorSet& set, const SignedViewChange& change) {
  return change.content.epoch == set.epoch && change.signer < set.size() &&
         signature(set.validators[change.signer].key, view_change_digest(chain_, change.content),
                   change.signature);
}

bool SignatureCheck::certificate(const ValidatorSet& set, const Certificate& certificate) {
  const std::size_t q = quorum_of(set);
  if (certificate.content.epoch != set.epoch) return false;
  if (certificate.bitmap.size() != (set.size() + 7) / 8) return false;
  const std::vector<std::uint32_t> who = signers(certificate);
  if (who.size() != q || certificate.signatures.size() != q || who.back() >= set.size())
    return false;
  if (mutated(Mutation::kCertificateUnchecked)) return true;
  const Hash32& digest = digest_of(certificate.content);
  for (std::size_t i = 0; i < who.size(); ++i)
    if (!signature(set.validators[who[i]].key, digest, certificate.signatures[i])) return false;
  return true;
}

std::vector<SignedVote> equal_votes(const std::vector<std::optional<Vote>>& slots,
                                    const VoteContent& content, std::size_t enough) {
  const auto equal = [&](const auto& slot) { return slot && slot->content == content; };
  const auto count = static_cast<std::size_t>(std::count_if(slots.begin(), slots.end(), equal));
  std::vector<SignedVote> out;
  if (count < enough) return out;
  out.reserve(count);
  for (const auto& slot : slots)
    if (equal(slot)) out.push_back(SignedVote{slot->signer, slot->signature});
  return out;
}

Certificate certificate_from(const ValidatorSet& set, const VoteContent& content,
                             std::vector<SignedVote> votes) {
  if (!mutated(Mutation::kQuorumOffByOne)) return make_certificate(set, content, std::move(votes));
  votes.resize(quorum_of(set));
  Certificate out{content, std::vector<std::uint8_t>((set.size() + 7) / 8), {}};
  for (const SignedVote& vote : votes) {
    std::uint8_t& byte = out.bitmap[vote.signer / 8];
    byte = static_cast<std::uint8_t>(byte | (1u << (vote.signer % 8)));
    out.signatures.push_back(vote.signature);
  }
  return out;
}

}  // namespace usance::consensus
