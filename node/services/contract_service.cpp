// ContractService: the registry of contracts.
#include "contracts/system/contract_view.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/contract.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

struct View {
  Height height;
  std::unique_ptr<StateView> state;
};

Api<View> latest(const ServiceContext& services, v1::ReadPoint& at) {
  View view;
  view.height = services.delivery.certified_height();
  if (auto filled = fill_read_point(services, view.height, at); !filled)
    return tl::unexpected(filled.error());
  USANCE_ASSIGN(view.state, services.store.view(view.height));
  return view;
}

void fill(const registry::ContractInfo& info, v1::ContractInfo& out) {
  out.set_name(info.name);
  out.set_system(info.system);
  if (info.versions.empty()) return;
  out.set_version(info.versions.back().version);
  out.set_code_hash(proto::to_string(info.versions.back().code_hash));
}

Api<registry::ContractInfo> find(const StateView& state, const std::string& name) {
  if (!is_wellformed_name(name))
    return proto::refuse(v1::REASON_INVALID_ARGUMENT, "'" + name + "' is no contract's name");
  auto info = registry::contract(state, name);
  if (!info)
    return proto::refuse(v1::REASON_UNKNOWN_CONTRACT, "there is no contract '" + name + "'");
  return *std::move(info);
}

Api<void> list(const ServiceContext& services, v1::ListContractsResponse& response) {
  const auto view = latest(services, *response.mutable_at());
  if (!view) return tl::unexpected(view.error());
  for (const registry::ContractInfo& info : registry::contracts(*view->state))
    fill(info, *response.add_contracts());
  return {};
}

Api<void> get(const ServiceContext& services, const std::string& name,
              v1::GetContractResponse& response) {
  const auto view = latest(services, *response.mutable_at());
  if (!view) return tl::unexpected(view.error());
  const auto info = find(*view->state, name);
  if (!info) return tl::unexpected(info.error());
  fill(*info, *response.mutable_contract());
  USANCE_ASSIGN(const Bytes interface, registry::interface_of(*view->state, name));
  response.set_interface(proto::to_string(ByteView(interface)));
  return {};
}

Api<void> get_code(const ServiceContext& services, const std::string& name,
                   v1::GetCodeResponse& response) {
  const auto view = latest(services, *response.mutable_at());
  if (!view) return tl::unexpected(view.error());
  const auto info = find(*view->state, name);
  if (!info) return tl::unexpected(info.error());
  fill(*info, *response.mutable_contract());
  if (info->system)
    return proto::refuse(v1::REASON_NOT_FOUND,
                         "'" + name + "' is a system contract: a part of the node, without code");
  const auto code = registry::code(*view->state, info->versions.back().code_hash);
  if (!code) return proto::refuse(v1::REASON_CORRUPT, "the code of '" + name + "' is missing");
  response.set_code(proto::to_string(ByteView(*code)));
  response.mutable_contract()->set_code_bytes(code->size());
  return {};
}

class ContractService final : public v1::ContractService::CallbackService {
 public:
  explicit ContractService(const ServiceContext& services) : services_(services) {}

  grpc::ServerUnaryReactor* ListContracts(grpc::CallbackServerContext* call,
                                          const v1::ListContractsRequest* request,
                                          v1::ListContractsResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return list(services_, *response); });
  }
  grpc::ServerUnaryReactor* GetContract(grpc::CallbackServerContext* call,
                                        const v1::GetContractRequest* request,
                                        v1::GetContractResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return get(services_, request->name(), *response); });
  }
  grpc::ServerUnaryReactor* GetCode(grpc::CallbackServerContext* call,
                                    const v1::GetCodeRequest* request,
                                    v1::GetCodeResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return get_code(services_, request->name(), *response); });
  }

 private:
  const ServiceContext& services_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_contract_service(const ServiceContext& services) {
  return std::make_unique<ContractService>(services);
}

}  // namespace usance::node
