#include "tools/usance/view.h"

#include "proto/bytes.h"
#include "tools/usance/transact.h"
#include "usance/v1/query.grpc.pb.h"

namespace usance::cli {

namespace {

// The error may be another contract's, which the view called.
void name_refusal(const Client& client, Failure& failure) {
  Receipt receipt;
  receipt.status = ReceiptStatus::kContractError;
  receipt.contract = failure.refusal->contract;
  receipt.code = failure.refusal->code;
  receipt.detail = failure.refusal->detail;
  const Outcome<render::Interface> interface = fetch_interface(client, receipt.contract);
  failure.message = outcome_text(receipt, interface ? &*interface : nullptr);
}

}  // namespace

Outcome<v1::CallViewResponse> call_view(const Client& client, const std::string& contract,
                                        const std::string& method, const Bytes& arguments,
                                        std::uint64_t height) {
  v1::CallViewRequest request;
  request.set_contract(contract);
  request.set_method(method);
  request.set_arguments(proto::to_string(arguments));
  request.set_height(height);
  if (!client.profile().key.empty()) {
    CLI_ASSIGN(const std::unique_ptr<Signer> signer, load_signer(client.profile()));
    const PublicKey key = signer->public_key();
    request.set_user_key(key.bytes.data(), key.bytes.size());
  }
  Outcome<v1::CallViewResponse> answer = client.call(&v1::QueryService::Stub::CallView, request);
  if (!answer && answer.error().refusal) name_refusal(client, answer.error());
  return answer;
}

}  // namespace usance::cli
