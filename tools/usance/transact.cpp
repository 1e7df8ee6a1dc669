#include "tools/usance/transact.h"

#include <sodium.h>

#include "base/key_file.h"
#include "proto/bytes.h"
#include "tools/render/suggest.h"
#include "usance/v1/block.grpc.pb.h"
#include "usance/v1/contract.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::cli {

namespace {

template <class T>
Outcome<T> decode_answer(const std::string& bytes, const std::string& what) {
  Result<T> decoded = decode<T>(as_bytes(bytes));
  if (!decoded)
    return stop(ExitCode::kFailed, "the node answered with a " + what +
                                       " that does not decode: " + decoded.error().message);
  return *std::move(decoded);
}

std::string reject_name(std::uint32_t code) {
  switch (static_cast<RejectCode>(code)) {
    case RejectCode::kUnknownKey:
      return "UNKNOWN_KEY: the key is not, or no longer, registered for the organisation";
    case RejectCode::kUnknownContract: return "UNKNOWN_CONTRACT: no contract of that name";
    case RejectCode::kUnknownMethod: return "UNKNOWN_METHOD: the contract has no such method";
    case RejectCode::kBadArguments: return "BAD_ARGUMENTS: not the method's request message";
    case RejectCode::kNotPermitted: return "NOT_PERMITTED: this user may not call this method";
    case RejectCode::kGasLimit: return "GAS_LIMIT: above what the network allows a transaction";
  }
  return "code " + std::to_string(code);
}

}  // namespace

Outcome<render::Interface> fetch_interface(const Client& client, const std::string& contract) {
  v1::GetContractRequest request;
  request.set_name(contract);
  Outcome<v1::GetContractResponse> answer =
      client.call(&v1::ContractService::Stub::GetContract, request);
  if (!answer && answer.error().exit == ExitCode::kNotFound) {
    std::vector<std::string> names;
    const auto all =
        client.call(&v1::ContractService::Stub::ListContracts, v1::ListContractsRequest());
    if (all)
      for (const v1::ContractInfo& one : all->contracts()) names.push_back(one.name());
    return stop(ExitCode::kNotFound, "no contract '" + contract + "' on this network" +
                                         render::did_you_mean(contract, names) +
                                         "\nthose there are: usance contract list");
  }
  if (!answer) return tl::unexpected<Failure>(std::move(answer).error());
  CLI_ASSIGN(render::Interface interface,
             render::Interface::parse(contract, as_bytes(answer->interface())));
  return interface;
}

Outcome<const google::protobuf::MethodDescriptor*> method_of(const render::Interface& interface,
                                                             const std::string& name) {
  const auto method = interface.method(name);
  if (!method) return stop(ExitCode::kNotFound, method.error().message);
  return *method;
}

Outcome<std::unique_ptr<Signer>> load_signer(const Profile& profile) {
  if (profile.key.empty())
    return stop(ExitCode::kUsage, "the profile " + profile.name + " has no signing key");
  CLI_ASSIGN(const SecretSeed seed, read_key_file(profile.path_of(profile.key).string()));
  return ed25519_signer(seed);
}

Outcome<Height> certified_height(const Client& client) {
  CLI_ASSIGN(const v1::GetHeaderResponse answer,
             client.call(&v1::BlockService::Stub::GetHeader, v1::GetHeaderRequest()));
  return Height(answer.block().height());
}

Transaction make_transaction(const Profile& profile, const PublicKey& key, const CallPlan& plan,
                             Height now) {
  Transaction tx;
  tx.org = profile.org;
  tx.user_key = key;
  randombytes_buf(tx.nonce.bytes.data(), tx.nonce.bytes.size());
  tx.valid_until_height = Height(now.value + static_cast<std::uint64_t>(plan.valid_for_blocks));
  tx.gas_limit = plan.gas_limit;
  tx.contract = plan.contract;
  tx.method = plan.method;
  tx.arguments = plan.arguments;
  return tx;
}

namespace {

// Gas limits share a block: an ordinary call claims a tenth of what the network allows one
// transaction, a deployment or a decision of the members all of it.
CallPlan with_gas(CallPlan plan, const Genesis& genesis) {
  if (plan.gas_limit == 0) {
    const bool system = plan.contract == "contracts" || plan.contract == "governance";
    plan.gas_limit = genesis.parameters.max_transaction_gas / (system ? 1 : 10);
  }
  return plan;
}

}  // namespace

Outcome<CallResult> submit_and_wait(const Client& client, const CallPlan& plan) {
  CLI_ASSIGN(const std::unique_ptr<Signer> signer, load_signer(client.profile()));
  CLI_ASSIGN(const Height now, certified_height(client));
  const Transaction tx = make_transaction(client.profile(), signer->public_key(),
                                          with_gas(plan, client.genesis()), now);
  CallResult result;
  result.id = transaction_id(client.chain(), tx);
  v1::SubmitAndWaitRequest request;
  request.set_bundle(proto::canonical(sign_bundle(client.chain(), {tx}, *signer)));
  Outcome<v1::SubmitAndWaitResponse> answer =
      client.call(&v1::TransactionService::Stub::SubmitAndWait, request);
  if (!answer) {
    Failure failure = std::move(answer).error();
    if (failure.exit == ExitCode::kUnavailable)
      failure.message += "\nit may still be ordered: usance tx status " + to_hex(result.id);
    return tl::unexpected<Failure>(std::move(failure));
  }
  if (answer->results_size() != 1)
    return stop(ExitCode::kFailed, "the node answered with no outcome for the transaction");
  const v1::ActionResult& outcome = answer->results(0);
  CLI_ASSIGN(result.receipt, decode_answer<Receipt>(outcome.receipt(), "receipt"));
  result.height = Height(outcome.height());
  result.action = outcome.action();
  result.time = TimeMs(outcome.time_ms());
  return result;
}

Outcome<Transaction> prepare(const Client& client, const CallPlan& plan) {
  CLI_ASSIGN(const std::unique_ptr<Signer> signer, load_signer(client.profile()));
  CLI_ASSIGN(const Height now, certified_height(client));
  return make_transaction(client.profile(), signer->public_key(), with_gas(plan, client.genesis()),
                          now);
}

Outcome<SimulatedCall> simulate(const Client& client, const CallPlan& plan) {
  CLI_ASSIGN(const Transaction tx, prepare(client, plan));
  v1::SimulateRequest request;
  request.set_transaction(proto::canonical(tx));
  CLI_ASSIGN(const v1::SimulateResponse answer,
             client.call(&v1::TransactionService::Stub::Simulate, request));
  SimulatedCall out;
  CLI_ASSIGN(out.receipt, decode_answer<Receipt>(answer.receipt(), "receipt"));
  for (const std::string& bytes : answer.events()) {
    CLI_ASSIGN(Event event, decode_answer<Event>(bytes, "event"));
    out.events.push_back(std::move(event));
  }
  out.log.assign(answer.log().begin(), answer.log().end());
  out.height = Height(answer.at().height());
  return out;
}

ExitCode exit_of(const Receipt& receipt) {
  switch (receipt.status) {
    case ReceiptStatus::kOk: return ExitCode::kOk;
    case ReceiptStatus::kContractError: return ExitCode::kContractError;
    case ReceiptStatus::kTrap: return ExitCode::kTrap;
    case ReceiptStatus::kOutOfGas: return ExitCode::kOutOfGas;
    default: return ExitCode::kRejected;
  }
}

std::string outcome_text(const Receipt& receipt, const render::Interface* interface) {
  switch (receipt.status) {
    case ReceiptStatus::kOk: return "ok";
    case ReceiptStatus::kContractError: {
      std::string name;
      if (interface != nullptr && interface->contract() == receipt.contract)
        name = interface->error_title(receipt.code);
      if (name.empty()) name = receipt.contract + ".error " + std::to_string(receipt.code);
      return name + (receipt.detail.empty() ? "" : ": " + receipt.detail);
    }
    case ReceiptStatus::kTrap:
      return "trap " + std::string(to_string(static_cast<TrapCode>(receipt.code))) + " in " +
             receipt.contract;
    case ReceiptStatus::kOutOfGas:
      return "out of gas in " + receipt.contract + " after " + std::to_string(receipt.gas_used);
    case ReceiptStatus::kRejected:
      return "rejected: " + reject_name(receipt.code) +
             (receipt.detail.empty() ? "" : " (" + receipt.detail + ")");
    case ReceiptStatus::kVoidExpired:
      return "void: its validity had passed when it was ordered; submit it again";
    case ReceiptStatus::kVoidHorizon: return "void: it was valid until too far in the future";
    case ReceiptStatus::kVoidDuplicate: return "void: it had been ordered before";
  }
  return "unknown";
}

Json outcome_json(const Receipt& receipt, const render::Interface* interface) {
  Json out{{"status", to_string(receipt.status)},
           {"code", receipt.code},
           {"contract", receipt.contract},
           {"gas_used", receipt.gas_used}};
  if (receipt.status == ReceiptStatus::kContractError && interface != nullptr &&
      interface->contract() == receipt.contract)
    out["error"] = interface->error_name(receipt.code);
  if (receipt.status == ReceiptStatus::kTrap)
    out["trap"] = to_string(static_cast<TrapCode>(receipt.code));
  if (!receipt.detail.empty()) out["detail"] = receipt.detail;
  return out;
}

}  // namespace usance::cli
