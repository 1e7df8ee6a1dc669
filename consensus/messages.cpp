#include "consensus/messages.h"

#include "base/hash.h"
#include "consensus/tagged_message.h"

namespace usance::consensus {

Hash32 view_change_digest(const ChainId& chain, const ViewChangeContent& content) {
  return tagged_hash("usance/view-change", chain, content);
}

namespace {

Result<void> verify_signed(const ValidatorSet& set, std::uint32_t signer, Epoch epoch,
                           const Hash32& digest, const Signature& signature,
                           const Verifier& verifier) {
  if (epoch != set.epoch)
    return fail(ErrorCode::kInvalidArgument, "the evidence is of another epoch than the set");
  if (signer >= set.size())
    return fail(ErrorCode::kInvalidArgument, "the evidence names a validator outside the set");
  if (!verifier.verify(set.validators[signer].key, digest, signature))
    return fail(ErrorCode::kBadSignature, "a signature in the evidence does not verify");
  return {};
}

}  // namespace

Result<void> verify_evidence(const ChainId& chain, const ValidatorSet& set,
                             const Evidence& evidence, const Verifier& verifier) {
  if (evidence.votes.size() == 2) {
    const Vote& a = evidence.votes[0];
    const Vote& b = evidence.votes[1];
    const VoteContent& ca = a.content;
    const VoteContent& cb = b.content;
    if (a.signer != b.signer || ca.kind != cb.kind || ca.epoch != cb.epoch || ca.view != cb.view ||
        ca.height != cb.height || ca.hash == cb.hash)
      return fail(ErrorCode::kInvalidArgument, "the two votes do not contradict each other");
    for (const Vote& vote : evidence.votes)
      USANCE_TRY(verify_signed(set, vote.signer, vote.content.epoch,
                               vote_digest(chain, vote.content), vote.signature, verifier));
    return {};
  }
  if (evidence.proposals.size() != 2)
    return fail(ErrorCode::kInvalidArgument, "evidence is one pair");
  const SignedProposal& a = evidence.proposals[0];
  const SignedProposal& b = evidence.proposals[1];
  if (a.signer != b.signer || a.content.epoch != b.content.epoch ||
      a.content.view != b.content.view || a.content.height != b.content.height ||
      a.content.block == b.content.block)
    return fail(ErrorCode::kInvalidArgument, "the two proposals do not contradict each other");
  for (const SignedProposal& p : evidence.proposals)
    USANCE_TRY(verify_signed(set, p.signer, p.content.epoch, proposal_digest(chain, p.content),
                             p.signature, verifier));
  return {};
}

Bytes encode_message(const Message& message) {
  return std::visit([](const auto& m) { return encode(m); }, message);
}

Result<Message> decode_message(ByteView bytes) {
  USANCE_ASSIGN(const std::uint16_t tag, tag_of_message(bytes));
  return decode_alternative<Message>(tag, bytes);
}

}  // namespace usance::consensus
