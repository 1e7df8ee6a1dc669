// QueryService: the state at a height.
#include <algorithm>

#include "contracts/system/contract_view.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/query.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

Api<void> get_state(const ServiceContext& services, const v1::GetStateRequest& request,
                    v1::GetStateResponse& response) {
  if (auto checked = check_object(request.contract(), request.scope()); !checked) return checked;
  if (request.item().size() > limits::kMaxItemBytes)
    return proto::refuse(v1::REASON_TOO_LARGE, "an item's key has at most 256 bytes");
  const auto height = read_height(services, request.height());
  if (!height) return tl::unexpected(height.error());
  const StateKey key{request.contract(), to_bytes(request.scope()), to_bytes(request.item())};
  if (auto filled = fill_read_point(services, *height, *response.mutable_at()); !filled)
    return filled;
  std::optional<Bytes> value;
  if (request.prove()) {
    USANCE_ASSIGN(StateProof proof, services.store.state_proof(*height, key));
    if (proof.has_value) value = proof.value;
    response.set_proof(proto::canonical(proof));
    if (auto filled = fill_certified(services, *height, *response.mutable_certified()); !filled)
      return filled;
  } else {
    USANCE_ASSIGN(const auto view, services.store.view(*height));
    value = view->get(key);
  }
  response.set_present(value.has_value());
  if (value) response.set_value(proto::to_string(ByteView(*value)));
  return {};
}

Api<void> list_keys(const ServiceContext& services, const v1::ListKeysRequest& request,
                    v1::ListKeysResponse& response) {
  if (auto checked = check_object(request.contract(), request.scope()); !checked) return checked;
  const auto size = page_size(request.page_size());
  if (!size) return tl::unexpected(size.error());
  const auto token = read_page_token(request.page_token());
  if (!token) return tl::unexpected(token.error());
  const auto height = read_height(services, *token ? (*token)->height.value : request.height());
  if (!height) return tl::unexpected(height.error());
  if (auto filled = fill_read_point(services, *height, *response.mutable_at()); !filled)
    return filled;
  if (request.prove()) {
    if (!request.from().empty() || !request.to().empty() || *token)
      return proto::refuse(v1::REASON_INVALID_ARGUMENT,
                           "a proof is about a whole scope: leave out from, to and page_token");
    USANCE_ASSIGN(const ScopeProof proof, services.store.scope_proof(*height, request.contract(),
                                                                     to_bytes(request.scope())));
    for (const ProvenItem& item : proof.items) {
      v1::StateItem* out = response.add_items();
      out->set_item(proto::to_string(ByteView(item.item)));
      out->set_value(proto::to_string(ByteView(item.value)));
    }
    response.set_proof(proto::canonical(proof));
    return fill_certified(services, *height, *response.mutable_certified());
  }
  USANCE_ASSIGN(const auto view, services.store.view(*height));
  Bytes from = to_bytes(request.from());
  if (*token) {
    from = (*token)->after;
    from.push_back(0);  // the first key after it
  }
  const std::vector<StateItem> items = view->list(request.contract(), to_bytes(request.scope()),
                                                  from, to_bytes(request.to()), *size + 1);
  for (std::size_t i = 0; i < std::min(*size, items.size()); ++i) {
    v1::StateItem* out = response.add_items();
    out->set_item(proto::to_string(ByteView(items[i].item)));
    out->set_value(proto::to_string(ByteView(items[i].value)));
  }
  if (items.size() > *size)
    response.set_next_page_token(write_page_token({*height, items[*size - 1].item}));
  return {};
}

Api<void> list_scopes(const ServiceContext& services, const v1::ListScopesRequest& request,
                      v1::ListScopesResponse& response) {
  if (auto checked = check_object(request.contract(), request.prefix()); !checked) return checked;
  const auto size = page_size(request.page_size());
  if (!size) return tl::unexpected(size.error());
  const auto token = read_page_token(request.page_token());
  if (!token) return tl::unexpected(token.error());
  const auto height = read_height(services, *token ? (*token)->height.value : 0);
  if (!height) return tl::unexpected(height.error());
  if (auto filled = fill_read_point(services, *height, *response.mutable_at()); !filled)
    return filled;
  const std::optional<Bytes> after = *token ? std::optional<Bytes>((*token)->after) : std::nullopt;
  USANCE_ASSIGN(const std::vector<Bytes> scopes,
                services.store.scopes(request.contract(), to_bytes(request.prefix()), after,
                                      *height, *size + 1));
  for (std::size_t i = 0; i < std::min(*size, scopes.size()); ++i)
    response.add_scopes(proto::to_string(ByteView(scopes[i])));
  if (scopes.size() > *size)
    response.set_next_page_token(write_page_token({*height, scopes[*size - 1]}));
  return {};
}

Api<void> get_history(const ServiceContext& services, const v1::GetHistoryRequest& request,
                      v1::GetHistoryResponse& response) {
  if (auto checked = check_object(request.contract(), request.scope()); !checked) return checked;
  const auto size = page_size(request.page_size());
  if (!size) return tl::unexpected(size.error());
  const auto token = read_page_token(request.page_token());
  if (!token) return tl::unexpected(token.error());
  const auto height = read_height(services, *token ? (*token)->height.value : request.height());
  if (!height) return tl::unexpected(height.error());
  std::size_t begin = 0;
  if (*token) {
    Decoder decoder{ByteView((*token)->after)};
    std::uint64_t position = 0;
    decoder(position);
    USANCE_TRY(decoder.finish());
    begin = position;
  }
  if (auto filled = fill_read_point(services, *height, *response.mutable_at()); !filled)
    return filled;
  USANCE_ASSIGN(
      const std::vector<ScopeChange> changes,
      services.store.history(request.contract(), to_bytes(request.scope()), Height(0), *height));
  const std::size_t end = std::min(changes.size(), begin + *size);
  for (std::size_t i = begin; i < end; ++i)
    if (auto filled = fill_history_entry(services, changes[i], *response.add_entries()); !filled)
      return filled;
  if (end < changes.size()) {
    Encoder encoder;
    encoder(std::uint64_t{end});
    response.set_next_page_token(write_page_token({*height, std::move(encoder).take()}));
  }
  return {};
}

Api<void> call_view(const ServiceContext& services, const Caller& caller, Executor& executor,
                    const v1::CallViewRequest& request, v1::CallViewResponse& response) {
  if (auto checked = check_object(request.contract(), ""); !checked) return checked;
  if (request.arguments().size() > limits::kMaxArgumentBytes)
    return proto::refuse(v1::REASON_TOO_LARGE, "arguments have at most 64 KiB");
  const auto height = read_height(services, request.height());
  if (!height) return tl::unexpected(height.error());
  if (auto filled = fill_read_point(services, *height, *response.mutable_at()); !filled)
    return filled;
  USANCE_ASSIGN(const auto view, services.store.view(*height));
  ViewRequest call;
  call.contract = request.contract();
  call.method = request.method();
  call.arguments = to_bytes(request.arguments());
  if (!request.user_key().empty()) {
    ViewCaller user{caller.org, {}};
    if (!fixed_from(as_bytes(request.user_key()), user.key))
      return proto::refuse(v1::REASON_INVALID_ARGUMENT, "a user key has 32 bytes");
    call.caller = user;
  }
  const SimulationPoint at{*height, TimeMs(response.at().time_ms())};
  const Simulation run = executor.call_view(*view, at, call);
  if (run.receipt.status != ReceiptStatus::kOk) return tl::unexpected(receipt_error(run.receipt));
  response.set_result(proto::to_string(ByteView(run.receipt.result)));
  response.set_gas_used(run.receipt.gas_used);
  return {};
}

class QueryService final : public v1::QueryService::CallbackService {
 public:
  explicit QueryService(const ServiceContext& services) : services_(services) {}

  grpc::ServerUnaryReactor* GetState(grpc::CallbackServerContext* call,
                                     const v1::GetStateRequest* request,
                                     v1::GetStateResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return get_state(services_, *request, *response); });
  }
  grpc::ServerUnaryReactor* ListKeys(grpc::CallbackServerContext* call,
                                     const v1::ListKeysRequest* request,
                                     v1::ListKeysResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return list_keys(services_, *request, *response); });
  }
  grpc::ServerUnaryReactor* ListScopes(grpc::CallbackServerContext* call,
                                       const v1::ListScopesRequest* request,
                                       v1::ListScopesResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return list_scopes(services_, *request, *response); });
  }
  grpc::ServerUnaryReactor* GetHistory(grpc::CallbackServerContext* call,
                                       const v1::GetHistoryRequest* request,
                                       v1::GetHistoryResponse* response) override {
    return answer(services_, call, *request,
                  [=, this](Executor&) { return get_history(services_, *request, *response); });
  }
  grpc::ServerUnaryReactor* CallView(grpc::CallbackServerContext* call,
                                     const v1::CallViewRequest* request,
                                     v1::CallViewResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor& executor, const Caller& caller) {
      return call_view(services_, caller, executor, *request, *response);
    });
  }

 private:
  const ServiceContext& services_;
};

}  // namespace

proto::ApiError receipt_error(const Receipt& receipt) {
  proto::ApiError error;
  error.metadata = {{"status", std::string(to_string(receipt.status))},
                    {"code", std::to_string(receipt.code)},
                    {"contract", receipt.contract}};
  switch (receipt.status) {
    case ReceiptStatus::kContractError:
      error.reason = v1::REASON_CONTRACT_ERROR;
      error.message = receipt.detail;
      break;
    case ReceiptStatus::kRejected:
      switch (static_cast<RejectCode>(receipt.code)) {
        case RejectCode::kUnknownKey:
          error.reason = v1::REASON_UNKNOWN_KEY;
          error.message = "the key is not registered";
          break;
        case RejectCode::kUnknownContract:
          error.reason = v1::REASON_UNKNOWN_CONTRACT;
          error.message = "there is no such contract";
          break;
        case RejectCode::kUnknownMethod:
          error.reason = v1::REASON_UNKNOWN_METHOD;
          error.message = "the contract has no such method";
          break;
        case RejectCode::kBadArguments:
          error.reason = v1::REASON_BAD_ARGUMENTS;
          error.message = "the arguments are not the method's request message";
          break;
        default:
          error.reason = v1::REASON_NOT_PERMITTED;
          error.message = "the contract does not permit this caller to call the method";
          break;
      }
      break;
    default:
      error.reason = v1::REASON_TRAP;
      error.message =
          receipt.status == ReceiptStatus::kTrap
              ? "the call trapped: " + std::string(to_string(static_cast<TrapCode>(receipt.code)))
              : "the call ran out of gas";
      break;
  }
  return error;
}

std::unique_ptr<grpc::Service> make_query_service(const ServiceContext& services) {
  return std::make_unique<QueryService>(services);
}

}  // namespace usance::node
