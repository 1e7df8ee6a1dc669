#include "contracts/system/governance.h"

#include "contracts/system/governance_members.h"
#include "contracts/system/governance_misbehaviour.h"
#include "contracts/system/governance_nodes.h"
#include "contracts/system/governance_parameters.h"
#include "contracts/system/governance_proposals.h"
#include "contracts/system/interfaces.h"

namespace usance::governance {

namespace {

using contract::Context;
using Empty = contract::Empty;

constexpr std::uint32_t kPage = 100;
constexpr std::uint32_t kMostPage = 256;

class Governance final : public v1::Governance {
 public:
  explicit Governance(Invocation& invocation) : statements_(invocation) {}

  v1::Decision propose_organisation(Context& ctx, const v1::NewOrganisation& request) override {
    check_terms(request.terms);
    check_new_user(request.administrator);
    return propose<v1::method::ProposeOrganisation>(ctx, request);
  }
  v1::Decision propose_organisation_change(Context& ctx,
                                           const v1::OrganisationTerms& request) override {
    check_terms(request);
    static_cast<void>(Members(ctx).organisation(request.id));
    return propose<v1::method::ProposeOrganisationChange>(ctx, request);
  }
  v1::Decision propose_organisation_removal(Context& ctx,
                                            const v1::OrganisationName& request) override {
    static_cast<void>(Members(ctx).organisation(request.id));
    return propose<v1::method::ProposeOrganisationRemoval>(ctx, request);
  }
  v1::Decision propose_node(Context& ctx, const v1::NodeTerms& request) override {
    nodes(ctx).check_new(request);
    return propose<v1::method::ProposeNode>(ctx, request);
  }
  v1::Decision propose_node_change(Context& ctx, const v1::NodeChange& request) override {
    nodes(ctx).check_change(request);
    return propose<v1::method::ProposeNodeChange>(ctx, request);
  }
  v1::Decision propose_node_removal(Context& ctx, const v1::NodeId& request) override {
    nodes(ctx).check_removal(request.id);
    return propose<v1::method::ProposeNodeRemoval>(ctx, request);
  }
  v1::Decision propose_validator(Context& ctx, const v1::NewValidator& request) override {
    nodes(ctx).check_candidate(request);
    return propose<v1::method::ProposeValidator>(ctx, request);
  }
  v1::Decision propose_validator_removal(Context& ctx, const v1::NodeId& request) override {
    nodes(ctx).check_leaver(request.id);
    return propose<v1::method::ProposeValidatorRemoval>(ctx, request);
  }
  v1::Decision propose_parameters(Context& ctx, const v1::Parameters& request) override {
    check_parameters(request);
    return propose<v1::method::ProposeParameters>(ctx, request);
  }
  v1::Decision vote(Context& ctx, const v1::VoteRequest& request) override {
    return proposals(ctx).vote(request.proposal, *request.approve);
  }
  v1::Decision withdraw(Context& ctx, const v1::ProposalId& request) override {
    return proposals(ctx).withdraw(request.proposal);
  }
  v1::Misbehaviour report_misbehaviour(Context& ctx, const v1::Contradiction& request) override {
    return Cases(ctx, statements_).report(request);
  }

  v1::User add_user(Context& ctx, const v1::NewUser& request) override {
    return Members(ctx).add_user(ctx.organisation(), request);
  }
  v1::User change_permissions(Context& ctx, const v1::PermissionsRequest& request) override {
    return Members(ctx).change_permissions(ctx.organisation(), request);
  }
  v1::User revoke_user(Context& ctx, const v1::UserName& request) override {
    return Members(ctx).revoke_user(ctx.organisation(), request.user);
  }
  v1::SignerKey add_key(Context& ctx, const v1::NewKey& request) override {
    return Members(ctx).add_key(ctx.organisation(), request.user, request.key);
  }
  v1::SignerKey revoke_key(Context& ctx, const v1::KeyName& request) override {
    return Members(ctx).revoke_key(ctx.organisation(), request.key);
  }

  v1::Network get_network(Context& ctx, const Empty&) override {
    return contract::Record<v1::Network>(ctx, kNetwork).find().value_or(v1::Network{});
  }
  v1::Organisation get_organisation(Context& ctx, const v1::OrganisationName& request) override {
    return contract::Collection<v1::Organisation>(ctx, kOrganisations).get(request.id, [&] {
      return v1::errors::unknown_organisation(request.id);
    });
  }
  v1::OrganisationList list_organisations(Context& ctx, const v1::PageRequest& request) override {
    const contract::Collection<v1::Organisation> all(ctx, kOrganisations);
    const std::size_t limit = request.limit == 0 ? kPage : std::min(request.limit, kMostPage);
    v1::OrganisationList list;
    auto entry = request.after.empty() ? all.first_from("") : all.first_after(request.after);
    while (entry && list.organisations.size() < limit) {
      list.organisations.push_back(entry->value);
      entry = all.first_after(entry->key);
    }
    return list;
  }
  v1::UserList list_users(Context& ctx, const v1::OrganisationName& request) override {
    v1::UserList list;
    contract::Collection<v1::User>(ctx, organisation_scope(request.id))
        .each([&](const Bytes&, const v1::User& user) {
          list.users.push_back(user);
          return true;
        });
    return list;
  }
  v1::KeyList list_keys(Context& ctx, const v1::OrganisationName& request) override {
    v1::KeyList list;
    contract::Collection<v1::SignerKey>(ctx, organisation_scope(request.id))
        .each([&](const Bytes&, const v1::SignerKey& key) {
          list.keys.push_back(key);
          return true;
        });
    return list;
  }
  v1::NodeList list_nodes(Context& ctx, const Empty&) override {
    v1::NodeList list;
    contract::Collection<v1::Node>(ctx, kNodes).each([&](const Bytes&, const v1::Node& node) {
      list.nodes.push_back(node);
      return true;
    });
    return list;
  }
  v1::Validators get_validators(Context& ctx, const Empty&) override {
    return record_of(nodes(ctx).schedule());
  }
  v1::Parameters get_parameters(Context& ctx, const Empty&) override {
    return contract::Record<v1::Parameters>(ctx, kParameters).find().value_or(v1::Parameters{});
  }
  v1::ProposalDetails get_proposal(Context& ctx, const v1::ProposalId& request) override {
    return proposals(ctx).details(request.proposal);
  }
  v1::ProposalList list_open_proposals(Context& ctx, const Empty&) override {
    return proposals(ctx).open();
  }
  v1::MisbehaviourList list_misbehaviour(Context& ctx, const Empty&) override {
    return Cases(ctx, statements_).list();
  }
  v1::RecoveryList list_recoveries(Context& ctx, const Empty&) override {
    v1::RecoveryList list;
    contract::Collection<v1::Recovery>(ctx, kRecoveries)
        .each([&](const Bytes&, const v1::Recovery& recovery) {
          list.recoveries.push_back(recovery);
          return true;
        });
    return list;
  }

 private:
  [[nodiscard]] Nodes nodes(Context& ctx) const { return {ctx, statements_}; }
  [[nodiscard]] Proposals proposals(Context& ctx) const { return {ctx, statements_}; }
  template <class Method, class Request>
  v1::Decision propose(Context& ctx, const Request& request) const {
    return proposals(ctx).propose(Method::kRules.name, contract::to_wire(request));
  }

  const Statements statements_;
};

void dispatch(Context& ctx, Invocation& invocation) {
  Governance contract(invocation);
  v1::dispatch(ctx, contract);
}

}  // namespace

SystemContract system_contract() {
  return {kContract, &dispatch, interfaces::governance()};
}

}  // namespace usance::governance
