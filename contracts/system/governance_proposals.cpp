#include "contracts/system/governance_proposals.h"

#include "contracts/system/governance_members.h"
#include "contracts/system/governance_nodes.h"
#include "contracts/system/governance_parameters.h"
#include "contracts/system/record_view.h"

namespace usance::governance {

namespace {

using contract::fail;
using contract::ordered_key;

constexpr std::size_t kMostOpen = 64;
// In block time: without empty blocks heights are no clock.
constexpr std::int64_t kLifeMs = std::int64_t{30} * 24 * 3'600 * 1'000;

}  // namespace

v1::Decision Proposals::propose(std::string_view method, Bytes arguments) {
  if (sweep() >= kMostOpen) fail(v1::errors::too_many_proposals(kMostOpen));
  v1::ProposalCounter counter = counter_.find().value_or(v1::ProposalCounter{});
  v1::Proposal proposal;
  proposal.id = ++counter.last;
  proposal.method = method;
  proposal.arguments = std::move(arguments);
  proposal.proposer = ctx_.actor();
  proposal.proposed = static_cast<std::uint64_t>(ctx_.height());
  proposal.state = v1::ProposalState::kOpen;
  proposal.expires = ctx_.now_ms() + kLifeMs;
  counter_.put(counter);
  open_.put(ordered_key(proposal.id), v1::OpenProposal{proposal.id});
  contract::Record<v1::Proposal>(ctx_, proposal_scope(proposal.id)).put(proposal);
  ctx_.emit(v1::ProposalMade{proposal.proposer.organisation, proposal.proposer.user, proposal.id,
                             proposal.method});
  return cast(proposal, true);
}

v1::Decision Proposals::vote(std::uint64_t id, bool approve) {
  v1::Proposal proposal = open_proposal(id);
  return cast(proposal, approve);
}

v1::Decision Proposals::withdraw(std::uint64_t id) {
  v1::Proposal proposal = open_proposal(id);
  if (proposal.proposer.organisation != ctx_.organisation())
    fail(v1::errors::not_proposer(id, proposal.proposer.organisation));
  close(proposal, v1::ProposalState::kWithdrawn);
  return count(proposal);
}

v1::Decision Proposals::cast(v1::Proposal& proposal, bool approve) {
  const v1::Ballot ballot{ctx_.actor(), approve, static_cast<std::uint64_t>(ctx_.height())};
  votes(proposal.id).put(ctx_.organisation(), ballot);
  ctx_.emit(v1::VoteCast{ballot.voter.organisation, ballot.voter.user, proposal.id, approve});
  v1::Decision decision = count(proposal);
  const std::size_t members = Members(ctx_).count();
  if (decision.approvals >= decision.needed) {
    close(proposal, v1::ProposalState::kAccepted);
    carry_out(proposal);
  } else if (decision.refusals > members - decision.needed) {
    close(proposal, v1::ProposalState::kRefused);
  }
  decision.state = proposal.state;
  return decision;
}

v1::Decision Proposals::count(const v1::Proposal& proposal) const {
  const Members members(ctx_);
  v1::Decision decision;
  decision.proposal = proposal.id;
  decision.state = proposal.state;
  decision.needed = static_cast<std::uint32_t>(quorum(members.count()));
  votes(proposal.id).each([&](const Bytes&, const v1::Ballot& ballot) {
    if (members.is_member(ballot.voter.organisation))
      ++(ballot.approve ? decision.approvals : decision.refusals);
    return true;
  });
  return decision;
}

std::size_t Proposals::sweep() {
  std::vector<v1::Proposal> over;
  std::size_t remain = 0;
  open_.each([&](const Bytes&, const v1::OpenProposal& open) {
    v1::Proposal one = proposal(open.id);
    if (expired(one))
      over.push_back(std::move(one));
    else
      ++remain;
    return true;
  });
  for (v1::Proposal& one : over) close(one, v1::ProposalState::kExpired);
  return remain;
}

void Proposals::close(v1::Proposal& proposal, v1::ProposalState state) {
  proposal.state = state;
  proposal.decided = static_cast<std::uint64_t>(ctx_.height());
  contract::Record<v1::Proposal>(ctx_, proposal_scope(proposal.id)).put(proposal);
  open_.erase(ordered_key(proposal.id));
  ctx_.emit(v1::ProposalDecided{proposal.method, proposal.id, state});
}

void Proposals::carry_out(const v1::Proposal& proposal) {
  const auto is = [&](const contract::MethodRules& rules) { return rules.name == proposal.method; };
  const Bytes& raw = proposal.arguments;
  Members members(ctx_);
  Nodes nodes(ctx_, statements_);
  if (is(v1::method::ProposeOrganisation::kRules)) {
    members.add(decode_record<v1::NewOrganisation>(raw));
  } else if (is(v1::method::ProposeOrganisationChange::kRules)) {
    members.change(decode_record<v1::OrganisationTerms>(raw));
  } else if (is(v1::method::ProposeOrganisationRemoval::kRules)) {
    const auto request = decode_record<v1::OrganisationName>(raw);
    nodes.remove_all_of(request.id);
    members.remove(request.id);
  } else if (is(v1::method::ProposeNode::kRules)) {
    nodes.add(decode_record<v1::NodeTerms>(raw));
  } else if (is(v1::method::ProposeNodeChange::kRules)) {
    nodes.change(decode_record<v1::NodeChange>(raw));
  } else if (is(v1::method::ProposeNodeRemoval::kRules)) {
    nodes.remove(decode_record<v1::NodeId>(raw).id);
  } else if (is(v1::method::ProposeValidator::kRules)) {
    nodes.add_validator(decode_record<v1::NewValidator>(raw));
  } else if (is(v1::method::ProposeValidatorRemoval::kRules)) {
    nodes.remove_validator(decode_record<v1::NodeId>(raw).id);
  } else {
    USANCE_INVARIANT(is(v1::method::ProposeParameters::kRules));
    set_parameters(ctx_, decode_record<v1::Parameters>(raw));
  }
}

v1::Proposal Proposals::proposal(std::uint64_t id) const {
  return contract::Record<v1::Proposal>(ctx_, proposal_scope(id)).get([&] {
    return v1::errors::unknown_proposal(id);
  });
}

v1::Proposal Proposals::open_proposal(std::uint64_t id) const {
  v1::Proposal found = proposal(id);
  if (found.state != v1::ProposalState::kOpen) fail(v1::errors::proposal_closed(id));
  if (expired(found)) fail(v1::errors::proposal_expired(id));
  return found;
}

v1::ProposalDetails Proposals::details(std::uint64_t id) const {
  v1::ProposalDetails details;
  details.proposal = proposal(id);
  // Written down when the next proposal is made; true from the moment on.
  if (details.proposal.state == v1::ProposalState::kOpen && expired(details.proposal))
    details.proposal.state = v1::ProposalState::kExpired;
  votes(id).each([&](const Bytes&, const v1::Ballot& ballot) {
    details.votes.push_back(ballot);
    return true;
  });
  return details;
}

v1::ProposalList Proposals::open() const {
  v1::ProposalList list;
  open_.each([&](const Bytes&, const v1::OpenProposal& open) {
    v1::Proposal one = proposal(open.id);
    if (!expired(one)) list.proposals.push_back(std::move(one));
    return true;
  });
  return list;
}

}  // namespace usance::governance
