#include "node/services/proposals.h"

#include "contracts/system/governance_records.h"
#include "contracts/system/governance_view.h"
#include "contracts/system/record_view.h"
#include "contracts/system/registry_records.h"
#include "proto/bytes.h"

namespace usance::node {

namespace {

std::string state_name(governance::v1::ProposalState state) {
  switch (state) {
    case governance::v1::ProposalState::kOpen: return "open";
    case governance::v1::ProposalState::kAccepted: return "accepted";
    case governance::v1::ProposalState::kRefused: return "refused";
    case governance::v1::ProposalState::kWithdrawn: return "withdrawn";
    case governance::v1::ProposalState::kExpired: return "expired";
    default: return "none";
  }
}

std::string state_name(registry::v1::ProposalState state) {
  switch (state) {
    case registry::v1::ProposalState::kOpen: return "open";
    case registry::v1::ProposalState::kAccepted: return "accepted";
    case registry::v1::ProposalState::kWithdrawn: return "withdrawn";
    default: return "none";
  }
}

void add_votes(const StateView& state, const governance::v1::Proposal& proposal,
               v1::Proposal& out) {
  out.set_kind(proposal.method);
  for (const auto& ballot : read_entries<governance::v1::Ballot>(
           state, governance::kContract, governance::proposal_scope(proposal.id)))
    if (ballot.approve) out.add_approvals(ballot.voter.organisation);
}

void add_votes(const StateView& state, const registry::v1::Proposal& proposal, v1::Proposal& out) {
  out.set_kind((proposal.from_version == 0 ? "Deploy " : "Upgrade ") + proposal.name);
  for (const auto& approval : read_entries<registry::v1::Approval>(
           state, registry::kContract, registry::proposal_scope(proposal.id)))
    out.add_approvals(approval.approver.organisation);
}

template <class Proposal, class Counter>
void list(const StateView& state, std::string_view contract, std::string_view counter_scope,
          std::string (*scope)(std::uint64_t), bool open_only, v1::ListProposalsResponse& out) {
  const auto counter = read_record<Counter>(state, contract, counter_scope);
  if (!counter) return;
  std::uint64_t listed = 0;
  for (std::uint64_t id = counter->last; id > 0 && listed < kMostProposals; --id) {
    const auto proposal = read_record<Proposal>(state, contract, scope(id));
    if (!proposal) continue;
    const std::string name = state_name(proposal->state);
    if (open_only && name != "open") continue;
    v1::Proposal& one = *out.add_proposals();
    one.set_id(id);
    one.set_contract(std::string(contract));
    one.set_proposer(proposal->proposer.organisation);
    one.set_state(name);
    one.set_content(proto::to_string(ByteView(contract::to_wire(*proposal))));
    add_votes(state, *proposal, one);
    ++listed;
  }
}

}  // namespace

void list_proposals(const StateView& state, bool open_only, v1::ListProposalsResponse& out) {
  list<governance::v1::Proposal, governance::v1::ProposalCounter>(
      state, governance::kContract, governance::kProposals, governance::proposal_scope, open_only,
      out);
  list<registry::v1::Proposal, registry::v1::ProposalCounter>(
      state, registry::kContract, registry::kProposals, registry::proposal_scope, open_only, out);
}

}  // namespace usance::node
