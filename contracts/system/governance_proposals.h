// Proposals of changes of the whole network, and the organisations' votes on them.
#pragma once

#include "contracts/sdk/storage.h"
#include "contracts/system/governance_records.h"
#include "contracts/system/governance_statements.h"

namespace usance::governance {

class Proposals {
 public:
  Proposals(contract::Context& ctx, const Statements& statements)
      : ctx_(ctx), statements_(statements), counter_(ctx, kProposals), open_(ctx, kProposals) {}

  // Opens a proposal with the proposer's own vote for it. The request was checked as far as that
  // needs no state; the rest is checked when it is carried out.
  v1::Decision propose(std::string_view method, Bytes arguments);
  v1::Decision vote(std::uint64_t id, bool approve);
  v1::Decision withdraw(std::uint64_t id);

  [[nodiscard]] v1::ProposalDetails details(std::uint64_t id) const;
  [[nodiscard]] v1::ProposalList open() const;

 private:
  using Votes = contract::Collection<v1::Ballot>;
  [[nodiscard]] Votes votes(std::uint64_t id) const { return {ctx_, proposal_scope(id)}; }
  [[nodiscard]] v1::Proposal proposal(std::uint64_t id) const;
  [[nodiscard]] v1::Proposal open_proposal(std::uint64_t id) const;
  [[nodiscard]] v1::Decision count(const v1::Proposal& proposal) const;
  v1::Decision cast(v1::Proposal& proposal, bool approve);
  [[nodiscard]] bool expired(const v1::Proposal& proposal) const {
    return ctx_.now_ms() >= proposal.expires;
  }
  // Closes those whose time is over; how many remain open.
  std::size_t sweep();
  void close(v1::Proposal& proposal, v1::ProposalState state);
  void carry_out(const v1::Proposal& proposal);

  contract::Context& ctx_;
  const Statements& statements_;
  contract::Record<v1::ProposalCounter> counter_;
  contract::Collection<v1::OpenProposal> open_;
};

}  // namespace usance::governance
