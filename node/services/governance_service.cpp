// GovernanceService: members, nodes and parameters as the certified state has them.
#include "contracts/system/governance_view.h"
#include "node/services/proposals.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/governance.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

// The latest certified state.
Api<std::unique_ptr<StateView>> latest_state(const ServiceContext& services, v1::ReadPoint& at) {
  const Height height = services.delivery.certified_height();
  if (auto filled = fill_read_point(services, height, at); !filled)
    return tl::unexpected(filled.error());
  USANCE_ASSIGN(auto view, services.store.view(height));
  return view;
}

Api<void> list_organisations(const ServiceContext& services,
                             v1::ListOrganisationsResponse& response) {
  const auto state = latest_state(services, *response.mutable_at());
  if (!state) return tl::unexpected(state.error());
  for (const governance::OrganisationInfo& info : governance::organisations(**state)) {
    if (info.removed) continue;
    v1::Organisation& out = *response.add_organisations();
    out.set_id(info.id.value);
    out.set_name(info.name);
    out.set_lei(info.lei);
    out.set_bic(info.bic);
    out.set_country(info.country);
    for (const std::string& role : info.roles) out.add_roles(role);
    const auto keys = governance::keys(**state, info.id);
    for (const governance::UserInfo& user : governance::users(**state, info.id)) {
      v1::User& person = *out.add_users();
      person.set_name(user.name);
      for (const std::string& permission : user.permissions) person.add_permissions(permission);
      person.set_added_height(user.added.value);
      if (user.revoked) person.set_revoked_height(user.revoked->value);
      for (const governance::KeyInfo& key : keys)
        if (key.user == user.name && !key.life.revoked)
          person.set_key(proto::to_string(key.life.key));
    }
  }
  return {};
}

Api<void> list_nodes(const ServiceContext& services, v1::ListNodesResponse& response) {
  const auto state = latest_state(services, *response.mutable_at());
  if (!state) return tl::unexpected(state.error());
  const governance::ValidatorSchedule schedule = governance::validators(**state);
  const ValidatorSet& set = schedule.at(Height(response.at().height()));
  response.set_epoch(set.epoch.value);
  response.set_set_hash(proto::to_string(validator_set_hash(services.genesis.chain_id, set)));
  response.set_quorum(static_cast<std::uint32_t>(set.quorum()));
  for (const governance::NodeInfo& info : governance::nodes(**state)) {
    if (info.removed) continue;
    v1::LedgerNode& out = *response.add_nodes();
    out.set_id(info.id);
    out.set_name(info.name);
    out.set_organisation(info.org.value);
    out.set_validator(std::ranges::any_of(
        set.validators, [&](const Validator& validator) { return validator.id == info.id; }));
    out.set_consensus_key(proto::to_string(info.consensus_key));
    out.set_tls_key(proto::to_string(info.tls_key));
  }
  return {};
}

Api<void> get_parameters(const ServiceContext& services, v1::GetParametersResponse& response) {
  const auto state = latest_state(services, *response.mutable_at());
  if (!state) return tl::unexpected(state.error());
  const Parameters parameters = governance::parameters(**state);
  response.set_parameters(proto::canonical(parameters));
  response.set_parameter_hash(
      proto::to_string(parameter_hash(services.genesis.chain_id, parameters)));
  return {};
}

class GovernanceService final : public v1::GovernanceService::CallbackService {
 public:
  explicit GovernanceService(const ServiceContext& services) : services_(services) {}

  grpc::ServerUnaryReactor* ListOrganisations(grpc::CallbackServerContext* call,
                                              const v1::ListOrganisationsRequest* request,
                                              v1::ListOrganisationsResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return list_organisations(services_, *response); });
  }
  grpc::ServerUnaryReactor* ListNodes(grpc::CallbackServerContext* call,
                                      const v1::ListNodesRequest* request,
                                      v1::ListNodesResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return list_nodes(services_, *response); });
  }
  grpc::ServerUnaryReactor* GetParameters(grpc::CallbackServerContext* call,
                                          const v1::GetParametersRequest* request,
                                          v1::GetParametersResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return get_parameters(services_, *response); });
  }
  grpc::ServerUnaryReactor* ListProposals(grpc::CallbackServerContext* call,
                                          const v1::ListProposalsRequest* request,
                                          v1::ListProposalsResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor&) -> Api<void> {
      const auto state = latest_state(services_, *response->mutable_at());
      if (!state) return tl::unexpected(state.error());
      list_proposals(**state, request->open_only(), *response);
      return {};
    });
  }

 private:
  const ServiceContext& services_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_governance_service(const ServiceContext& services) {
  return std::make_unique<GovernanceService>(services);
}

}  // namespace usance::node
