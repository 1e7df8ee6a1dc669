#include "base/certificate.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace usance {

std::string_view to_string(VoteKind kind) {
  switch (kind) {
    case VoteKind::kPrepare: return "prepare";
    case VoteKind::kCommit: return "commit";
    case VoteKind::kExec: return "exec";
  }
  return "unknown";
}

Hash32 vote_digest(const ChainId& chain, const VoteContent& content) {
  return tagged_hash("usance/vote", chain, content);
}

std::vector<std::uint32_t> signers(const Certificate& certificate) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < certificate.bitmap.size() * 8; ++i)
    if ((certificate.bitmap[i / 8] >> (i % 8)) & 1) out.push_back(static_cast<std::uint32_t>(i));
  return out;
}

Certificate make_certificate(const ValidatorSet& set, const VoteContent& content,
                             std::vector<SignedVote> votes) {
  std::sort(votes.begin(), votes.end(),
            [](const SignedVote& a, const SignedVote& b) { return a.signer < b.signer; });
  USANCE_INVARIANT(votes.size() >= set.quorum());
  votes.resize(set.quorum());
  Certificate out{content, std::vector<std::uint8_t>((set.size() + 7) / 8), {}};
  for (const SignedVote& vote : votes) {
    USANCE_INVARIANT(vote.signer < set.size());
    std::uint8_t& byte = out.bitmap[vote.signer / 8];
    const auto bit = static_cast<std::uint8_t>(1u << (vote.signer % 8));
    USANCE_INVARIANT((byte & bit) == 0);
    byte = static_cast<std::uint8_t>(byte | bit);
    out.signatures.push_back(vote.signature);
  }
  return out;
}

Result<void> verify_certificate(const ChainId& chain, const ValidatorSet& set,
                                const Certificate& certificate, const Verifier& verifier) {
  if (certificate.content.epoch != set.epoch)
    return fail(ErrorCode::kInvalidArgument, "the certificate is of another epoch than the set");
  if (certificate.bitmap.size() != (set.size() + 7) / 8)
    return fail(ErrorCode::kMalformed, "the certificate's bitmap has another size than the set");
  const std::vector<std::uint32_t> who = signers(certificate);
  if (who.size() != set.quorum() || certificate.signatures.size() != set.quorum())
    return fail(ErrorCode::kMalformed, "the certificate does not carry exactly " +
                                           std::to_string(set.quorum()) + " signatures");
  if (who.back() >= set.size())
    return fail(ErrorCode::kMalformed, "the certificate names a validator outside the set");
  const Hash32 digest = vote_digest(chain, certificate.content);
  for (std::size_t i = 0; i < who.size(); ++i) {
    const Validator& validator = set.validators[who[i]];
    if (!verifier.verify(validator.key, digest, certificate.signatures[i]))
      return fail(ErrorCode::kBadSignature, "the signature of validator " +
                                                std::to_string(validator.id) + " (" +
                                                validator.org.value + ") does not verify");
  }
  return {};
}

}  // namespace usance
