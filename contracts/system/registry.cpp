#include "contracts/system/registry.h"

#include <algorithm>

#include "base/hash.h"
#include "contracts/system/governance_members.h"
#include "contracts/system/interfaces.h"
#include "contracts/system/registry_code.h"
#include "contracts/system/registry_records.h"

namespace usance::registry {

namespace {

using contract::Context;
using contract::fail;
using contract::ordered_key;

constexpr std::uint32_t kPage = 100;
constexpr std::uint32_t kMostPage = 256;

Bytes bytes_of(const Hash32& hash) {
  return Bytes(hash.bytes.begin(), hash.bytes.end());
}

bool is_member(Context& ctx, const std::string& org) {
  // Governance keeps the members; a read of another contract's records goes through a call.
  const auto found =
      governance::v1::GovernanceClient(ctx, governance::kContract).get_organisation({org});
  return found.status == 0 && found.response.removed == 0;
}

std::size_t count_members(Context& ctx) {
  governance::v1::GovernanceClient client(ctx, governance::kContract);
  std::size_t n = 0;
  governance::v1::PageRequest request;
  for (;;) {
    const auto page = contract::require(client.list_organisations(request));
    for (const auto& organisation : page.organisations)
      if (organisation.removed == 0) ++n;
    if (page.organisations.empty()) return n;
    request.after = page.organisations.back().terms.id;
  }
}

bool has_say(const v1::Policy& policy, const std::string& org) {
  return policy.organisations.empty() ||
         std::ranges::find(policy.organisations, org) != policy.organisations.end();
}

class Contracts final : public v1::Contracts {
 public:
  explicit Contracts(Invocation& invocation) : invocation_(invocation) {}

  v1::Decision deploy(Context& ctx, const v1::DeployRequest& request) override {
    if (!is_wellformed_name(request.name) || is_system_contract(request.name) ||
        request.name.starts_with("system."))
      fail(v1::errors::invalid_name(request.name));
    if (record(ctx, request.name).exists()) fail(v1::errors::contract_exists(request.name));
    const v1::Policy policy = request.policy.value_or(network_policy(ctx));
    return propose(ctx, request.name, 0, request.code, policy);
  }
  v1::Decision upgrade(Context& ctx, const v1::UpgradeRequest& request) override {
    const v1::Contract current = existing(ctx, request.name);
    if (current.code_hash == bytes_of(sha256(request.code)))
      fail(v1::errors::same_code(request.name));
    return propose(ctx, request.name, current.version, request.code,
                   request.policy.value_or(current.policy));
  }
  v1::Decision approve(Context& ctx, const v1::ProposalId& request) override {
    v1::Proposal proposal = open_proposal(ctx, request.proposal);
    return approve(ctx, proposal);
  }
  v1::Decision withdraw(Context& ctx, const v1::ProposalId& request) override {
    v1::Proposal proposal = open_proposal(ctx, request.proposal);
    if (proposal.proposer.organisation != ctx.organisation())
      fail(v1::errors::not_proposer(request.proposal, proposal.proposer.organisation));
    close(ctx, proposal, v1::ProposalState::kWithdrawn);
    return decision(ctx, proposal);
  }

  v1::ContractDetails get(Context& ctx, const v1::ContractName& request) override {
    v1::ContractDetails details;
    details.contract = existing(ctx, request.name);
    contract::Collection<v1::Version>(ctx, contract_scope(request.name))
        .each([&](const Bytes&, const v1::Version& version) {
          details.versions.push_back(version);
          return true;
        });
    return details;
  }
  v1::ContractList list(Context& ctx, const v1::PageRequest& request) override {
    const contract::Collection<v1::Listed> names(ctx, kNames);
    const std::size_t limit = request.limit == 0 ? kPage : std::min(request.limit, kMostPage);
    v1::ContractList list;
    auto entry = request.after.empty() ? names.first_from("") : names.first_after(request.after);
    while (entry && list.contracts.size() < limit) {
      list.contracts.push_back(existing(ctx, entry->value.name));
      entry = names.first_after(entry->key);
    }
    return list;
  }
  v1::ProposalDetails get_proposal(Context& ctx, const v1::ProposalId& request) override {
    v1::ProposalDetails details;
    details.proposal = proposal(ctx, request.proposal);
    approvals(ctx, request.proposal).each([&](const Bytes&, const v1::Approval& approval) {
      details.approvals.push_back(approval);
      return true;
    });
    return details;
  }
  v1::ProposalList list_open_proposals(Context& ctx, const contract::Empty&) override {
    v1::ProposalList list;
    contract::Collection<v1::OpenProposal>(ctx, kProposals)
        .each([&](const Bytes&, const v1::OpenProposal& open) {
          list.proposals.push_back(proposal(ctx, open.id));
          return true;
        });
    return list;
  }

 private:
  static contract::Record<v1::Contract> record(Context& ctx, std::string_view name) {
    return {ctx, contract_scope(name)};
  }
  static contract::Collection<v1::Approval> approvals(Context& ctx, std::uint64_t id) {
    return {ctx, proposal_scope(id)};
  }
  static v1::Contract existing(Context& ctx, const std::string& name) {
    return record(ctx, name).get([&] { return v1::errors::unknown_contract(name); });
  }
  static v1::Proposal proposal(Context& ctx, std::uint64_t id) {
    return contract::Record<v1::Proposal>(ctx, proposal_scope(id)).get([&] {
      return v1::errors::unknown_proposal(id);
    });
  }
  static v1::Proposal open_proposal(Context& ctx, std::uint64_t id) {
    v1::Proposal found = proposal(ctx, id);
    if (found.state != v1::ProposalState::kOpen) fail(v1::errors::proposal_closed(id));
    return found;
  }
  static std::uint64_t height(Context& ctx) { return static_cast<std::uint64_t>(ctx.height()); }

  // Who must agree to a new contract: one member where the network is for development, else a
  // quorum of the members.
  static v1::Policy network_policy(Context& ctx) {
    const auto network = contract::require(
        governance::v1::GovernanceClient(ctx, governance::kContract).get_network({}));
    v1::Policy policy;
    policy.approvals =
        network.development ? 1 : static_cast<std::uint32_t>(quorum(count_members(ctx)));
    return policy;
  }
  static void check_policy(Context& ctx, const v1::Policy& policy) {
    if (std::ranges::adjacent_find(policy.organisations, std::greater_equal<>()) !=
        policy.organisations.end())
      fail(v1::errors::invalid_policy("name the organisations once each, in ascending order"));
    for (const std::string& org : policy.organisations)
      if (!is_member(ctx, org)) fail(v1::errors::invalid_policy(org + " is not a member"));
    const std::size_t voters =
        policy.organisations.empty() ? count_members(ctx) : policy.organisations.size();
    if (policy.approvals == 0 || policy.approvals > voters)
      fail(v1::errors::invalid_policy("approvals must be between 1 and " + std::to_string(voters)));
  }

  // Whose approvals count for the proposal: the network's rule for a new contract, the present
  // policy for an upgrade.
  static v1::Policy deciding_policy(Context& ctx, const v1::Proposal& proposal) {
    return proposal.from_version == 0 ? network_policy(ctx) : existing(ctx, proposal.name).policy;
  }

  v1::Decision propose(Context& ctx, const std::string& name, std::uint32_t from_version,
                       const Bytes& code, const v1::Policy& policy) {
    check_code(invocation_, code);
    check_policy(ctx, policy);
    contract::Record<v1::ProposalCounter> counter(ctx, kProposals);
    v1::ProposalCounter ids = counter.find().value_or(v1::ProposalCounter{});
    v1::Proposal proposal;
    proposal.id = ++ids.last;
    proposal.name = name;
    proposal.from_version = from_version;
    proposal.code_hash = bytes_of(store_code(ctx, code));
    proposal.policy = policy;
    proposal.proposer = ctx.actor();
    proposal.proposed = height(ctx);
    proposal.state = v1::ProposalState::kOpen;
    counter.put(ids);
    contract::Record<v1::Proposal>(ctx, proposal_scope(proposal.id)).put(proposal);
    contract::Collection<v1::OpenProposal>(ctx, kProposals)
        .put(ordered_key(proposal.id), v1::OpenProposal{proposal.id});
    ctx.emit(v1::Proposed{name, proposal.id, proposal.proposer.organisation, from_version + 1,
                          proposal.code_hash});
    return approve(ctx, proposal);
  }

  v1::Decision approve(Context& ctx, v1::Proposal& proposal) {
    if (!has_say(deciding_policy(ctx, proposal), ctx.organisation()))
      fail(v1::errors::not_in_policy(ctx.organisation(), proposal.name));
    approvals(ctx, proposal.id).put(ctx.organisation(), v1::Approval{ctx.actor(), height(ctx)});
    ctx.emit(v1::Approved{proposal.name, proposal.id, ctx.organisation()});
    v1::Decision outcome = decision(ctx, proposal);
    if (outcome.approvals >= outcome.needed) {
      close(ctx, proposal, v1::ProposalState::kAccepted);
      carry_out(ctx, proposal);
      outcome.state = proposal.state;
    }
    return outcome;
  }

  v1::Decision decision(Context& ctx, const v1::Proposal& proposal) {
    const v1::Policy policy = deciding_policy(ctx, proposal);
    v1::Decision out;
    out.proposal = proposal.id;
    out.state = proposal.state;
    out.needed = policy.approvals;
    out.code_hash = proposal.code_hash;
    out.version = proposal.from_version + 1;
    approvals(ctx, proposal.id).each([&](const Bytes&, const v1::Approval& approval) {
      const std::string& org = approval.approver.organisation;
      if (has_say(policy, org) && is_member(ctx, org)) ++out.approvals;
      return true;
    });
    return out;
  }

  static void close(Context& ctx, v1::Proposal& proposal, v1::ProposalState state) {
    proposal.state = state;
    proposal.decided = height(ctx);
    contract::Record<v1::Proposal>(ctx, proposal_scope(proposal.id)).put(proposal);
    contract::Collection<v1::OpenProposal>(ctx, kProposals).erase(ordered_key(proposal.id));
  }

  void carry_out(Context& ctx, const v1::Proposal& proposal) {
    const auto present = record(ctx, proposal.name).find();
    if ((present ? present->version : 0) != proposal.from_version)
      fail(v1::errors::overtaken(proposal.name, proposal.id));
    v1::Contract next;
    next.name = proposal.name;
    next.address = present ? present->address : address(proposal);
    next.version = proposal.from_version + 1;
    next.code_hash = proposal.code_hash;
    next.policy = proposal.policy;
    record(ctx, next.name).put(next);
    contract::Collection<v1::Version>(ctx, contract_scope(next.name))
        .put(ordered_key(next.version), v1::Version{next.version, next.code_hash, height(ctx)});
    if (!present)
      contract::Collection<v1::Listed>(ctx, kNames).put(next.name, v1::Listed{next.name});
    ctx.emit(v1::Deployed{next.name, next.version, next.code_hash});
    migrate(next, proposal.from_version);
  }

  // An address never changes and is never used again: it names the proposal that made the contract.
  Bytes address(const v1::Proposal& proposal) {
    const std::string identity = std::to_string(proposal.id) + ':' + proposal.name;
    return bytes_of(tagged_hash("usance/contract", invocation_.action().chain, as_bytes(identity)));
  }

  void migrate(const v1::Contract& next, std::uint32_t from_version) {
    Action& action = invocation_.action();
    const Bytes request = contract::to_wire(contract::MigrateRequest{from_version});
    Hash32 code_hash;
    USANCE_INVARIANT(fixed_from(ByteView(next.code_hash), code_hash));
    Invocation inner(action, next.name, kMigrateMethod, request, InvocationKind::kMigrate);
    const CallEnd end = action.runner.run_code(inner, code_hash);
    if (end.status == ReceiptStatus::kOk) return;
    if (end.status == ReceiptStatus::kOutOfGas) throw NativeTrap{TrapCode::kOutOfGas};
    const bool absent = end.status == ReceiptStatus::kRejected &&
                        end.code == static_cast<std::uint32_t>(RejectCode::kUnknownMethod);
    if (absent) return;
    const std::string reason =
        end.detail.empty() ? std::string(to_string(end.status)) + " " + std::to_string(end.code)
                           : end.detail;
    fail(v1::errors::migration_failed(next.name, reason));
  }

  Invocation& invocation_;
};

void dispatch(Context& ctx, Invocation& invocation) {
  Contracts contract(invocation);
  v1::dispatch(ctx, contract);
}

}  // namespace

SystemContract system_contract() {
  return {kContract, &dispatch, interfaces::registry()};
}

}  // namespace usance::registry
