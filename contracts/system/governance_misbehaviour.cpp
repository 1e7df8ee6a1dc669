#include "contracts/system/governance_misbehaviour.h"

#include "base/certificate.h"
#include "base/proposal.h"

namespace usance::governance {

namespace {

using contract::fail;

constexpr std::size_t kMostListed = 256;

std::optional<VoteKind> vote_kind(v1::StatementKind kind) {
  switch (kind) {
    case v1::StatementKind::kPrepare: return VoteKind::kPrepare;
    case v1::StatementKind::kCommit: return VoteKind::kCommit;
    case v1::StatementKind::kResult: return VoteKind::kExec;
    default: return std::nullopt;
  }
}

// What the validator signed with one of the two hashes.
Hash32 digest(const ChainId& chain, const v1::Contradiction& proof, const Hash32& hash) {
  const Epoch epoch(proof.epoch);
  const View view(proof.view);
  const Height height(proof.height);
  if (const auto kind = vote_kind(proof.kind))
    return vote_digest(chain, VoteContent{*kind, epoch, view, height, hash});
  return proposal_digest(chain, ProposalContent{epoch, view, height, hash});
}

}  // namespace

v1::Misbehaviour Cases::report(const v1::Contradiction& proof) {
  Hash32 first, second;
  if (proof.kind == v1::StatementKind::kStatementKindNone)
    fail(v1::errors::no_contradiction("no kind of statement is named"));
  if (!fixed_from(ByteView(proof.first_hash), first) ||
      !fixed_from(ByteView(proof.second_hash), second))
    fail(v1::errors::no_contradiction("a hash has 32 bytes"));
  if (first == second) fail(v1::errors::no_contradiction("the two hashes are the same"));
  const auto node = Nodes(ctx_, statements_).by_consensus_key(proof.consensus_key);
  if (!node) fail(v1::errors::no_contradiction("no node has or had this consensus key"));
  const auto signed_by_it = [&](const Hash32& hash, const Bytes& signature) {
    return statements_.hold(proof.consensus_key, digest(statements_.chain(), proof, hash),
                            signature);
  };
  if (!signed_by_it(first, proof.first_signature) || !signed_by_it(second, proof.second_signature))
    fail(v1::errors::no_contradiction("a signature does not verify"));
  const Bytes key = case_key(proof);
  if (cases_.exists(key)) fail(v1::errors::already_reported());
  v1::Misbehaviour record;
  record.proof = proof;
  record.node = node->terms.id;
  record.organisation = node->terms.organisation;
  record.reporter = ctx_.actor();
  record.reported = static_cast<std::uint64_t>(ctx_.height());
  cases_.put(key, record);
  ctx_.emit(v1::MisbehaviourRecorded{record.organisation, record.node, proof.kind, proof.epoch,
                                     proof.view, proof.height});
  return record;
}

v1::MisbehaviourList Cases::list() const {
  v1::MisbehaviourList out;
  cases_.each([&](const Bytes&, const v1::Misbehaviour& one) {
    out.cases.push_back(one);
    return out.cases.size() < kMostListed;
  });
  return out;
}

}  // namespace usance::governance
