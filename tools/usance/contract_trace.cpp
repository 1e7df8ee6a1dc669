// usance contract trace: what a call does, or what a recorded transaction did, step by step. The
// node gives the state; the contract runs here, in the same executor and VM as on every node.
#include <iostream>

#include "base/block.h"
#include "base/hash.h"
#include "contracts/executor/executor.h"
#include "contracts/system/contract_view.h"
#include "proto/bytes.h"
#include "tools/usance/arguments.h"
#include "tools/usance/audit_recoveries.h"
#include "tools/usance/call_words.h"
#include "tools/usance/contract_project.h"
#include "tools/usance/remote_state.h"
#include "tools/usance/trace_report.h"
#include "tools/usance/transact.h"
#include "usance/v1/block.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::cli {

namespace {

struct Traced {
  std::unique_ptr<TracedCall> call;  // null: refused before any contract ran
  Receipt receipt;
  std::vector<std::string> log;
};

// The names of the functions of all contracts in the trace that the project of this folder, or of
// --project, has built exactly as they are on the ledger.
void add_symbols(const TracedCall& call, const RemoteState& state, const Project& project,
                 TraceReport& report) {
  if (!call.interface.empty()) {
    const auto on_ledger = registry::contract(state, call.contract);
    const auto built = read_file(project.module(call.contract));
    if (on_ledger && !on_ledger->versions.empty() && built &&
        sha256(as_bytes(*built)) == on_ledger->versions.back().code_hash)
      report.add_symbols(call.contract,
                         {read_function_names(project.functions(call.contract)),
                          Bytes(built->begin(), built->end()),
                          {project.linked(call.contract), project.optimiser(call.contract)}});
  }
  for (const TracedStep& step : call.steps)
    if (step.inner) add_symbols(*step.inner, state, project, report);
}

ExitCode show(const Context& context, const Client& client, const RemoteState& state,
              const std::string& folder, Json head, const Traced& traced) {
  TraceReport report(client);
  if (traced.call != nullptr)
    // Without a project there are numbers for names.
    if (const auto project = find_project(folder, Path()))
      add_symbols(*traced.call, state, *project, report);
  head["outcome"] = outcome_json(traced.receipt, nullptr);
  head["call"] = traced.call == nullptr ? Json() : report.json(*traced.call);
  const std::string text =
      traced.call == nullptr ? outcome_text(traced.receipt, nullptr) : report.text(*traced.call);
  print(context, head,
        text + "gas of the whole transaction: " + std::to_string(traced.receipt.gas_used));
  return exit_of(traced.receipt);
}

Outcome<ExitCode> trace_call(const Context& context, const std::string& folder,
                             const CallWords& words) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const render::Interface interface, fetch_interface(client, words.contract));
  if (words.method.empty()) {
    std::cout << interface_help(interface);
    return words.help ? ExitCode::kOk : ExitCode::kUsage;
  }
  CLI_ASSIGN(const auto* method, method_of(interface, words.method));
  if (words.help) {
    std::cout << method_help(interface, *method);
    return ExitCode::kOk;
  }
  CLI_ASSIGN(const auto request,
             build_request(interface, *method, words.flags, render::read_named_file));
  Height height(words.height);
  if (height.value == 0) {
    CLI_ASSIGN(height, certified_height(client));
  }
  CLI_ASSIGN(const SimulationPoint at, point_after(client, height));
  const CallPlan plan{.contract = words.contract,
                      .method = method->name(),
                      .arguments = render::encode_message(*request),
                      .gas_limit = words.gas_limit};
  CLI_ASSIGN(Transaction tx, prepare(client, plan));
  const RemoteState state(client, height);
  Executor executor(client.chain());
  TraceRecorder recorder;
  Simulation simulation;
  if (render::options_of(*method).view()) {
    simulation = executor.call_view(state, at,
                                    {.contract = plan.contract,
                                     .method = plan.method,
                                     .arguments = plan.arguments,
                                     .caller = ViewCaller{tx.org, tx.user_key}},
                                    &recorder);
  } else {
    simulation = executor.simulate(state, at, tx, &recorder);
  }
  note("not submitted; as of height " + std::to_string(height.value));
  return show(context, client, state, folder, Json{{"simulated", true}, {"height", height.value}},
              {recorder.take(), std::move(simulation.receipt), std::move(simulation.log)});
}

// A block as it was executed, and the receipts that everybody certified.
struct RecordedBlock {
  BlockInput input;
  std::vector<Receipt> receipts;
};
Outcome<RecordedBlock> fetch_block(const Client& client, Height height) {
  v1::GetBlockRequest request;
  request.set_height(height.value);
  request.set_with_receipts(true);
  CLI_ASSIGN(const v1::GetBlockResponse answer,
             client.call(&v1::BlockService::Stub::GetBlock, request));
  RecordedBlock out;
  CLI_ASSIGN(out.input.header, decode<BlockHeader>(as_bytes(answer.block().header())));
  CLI_ASSIGN(BlockBody body, decode<BlockBody>(as_bytes(answer.block().body())));
  for (Bytes& raw : body.bundles) {
    CLI_ASSIGN(CheckedBundle bundle,
               CheckedBundle::decode_certified(client.chain(), std::move(raw)));
    out.input.bundles.push_back(std::make_shared<const CheckedBundle>(std::move(bundle)));
  }
  for (const std::string& raw : answer.block().receipts()) {
    CLI_ASSIGN(Receipt receipt, decode<Receipt>(as_bytes(raw)));
    // What consensus had declared void before execution shows in the receipts.
    if (!receipt.timer)
      out.input.marks.push_back(is_void(receipt.status) ? receipt.status : ReceiptStatus::kOk);
    out.receipts.push_back(std::move(receipt));
  }
  return out;
}

Outcome<ExitCode> trace_transaction(const Context& context, const std::string& folder,
                                    const std::string& id) {
  TxId tx;
  if (!fixed_from_hex(id, tx))
    return stop(ExitCode::kUsage, "'" + id + "' is no transaction id: 64 hexadecimal digits");
  CLI_ASSIGN(const Client client, connect(context));
  v1::GetStatusRequest request;
  request.set_tx_id(proto::to_string(tx));
  CLI_ASSIGN(const v1::GetStatusResponse status,
             client.call(&v1::TransactionService::Stub::GetStatus, request));
  if (status.stage() < v1::GetStatusResponse::STAGE_EXECUTED)
    return stop(ExitCode::kNotFound,
                "the node " + client.address() + " knows no executed transaction " + id);
  const Height height(status.result().height());
  const std::uint32_t action = status.result().action();
  CLI_ASSIGN(RecordedBlock block, fetch_block(client, height));
  CLI_ASSIGN(const std::vector<RecoveryRecord> recoveries, served_recoveries(client));
  for (const RecoveryRecord& record : recoveries)
    if (record.first() == height) block.input.recovery = &record;
  const RemoteState state(client, Height(height.value - 1));
  Executor executor(client.chain());
  TraceRecorder recorder;
  const BlockOutcome outcome = executor.execute_block(state, block.input, action, recorder);
  if (outcome.receipts != block.receipts)
    return stop(ExitCode::kFailed,
                "running block " + std::to_string(height.value) +
                    " again gave other receipts than the ledger has: this program is of another "
                    "version than the nodes");
  return show(context, client, state, folder,
              Json{{"tx_id", id}, {"height", height.value}, {"action", action}},
              {recorder.take(), outcome.receipts.at(action), {}});
}

// Takes "FLAG VALUE" or "FLAG=VALUE" out of the words.
std::optional<std::string> take_flag(std::vector<std::string>& words, const std::string& flag) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto at = words.begin() + static_cast<std::ptrdiff_t>(i);
    if (words[i].starts_with(flag + "=")) {
      std::string value = words[i].substr(flag.size() + 1);
      words.erase(at);
      return value;
    }
    if (words[i] == flag && i + 1 < words.size()) {
      std::string value = words[i + 1];
      words.erase(at, at + 2);
      return value;
    }
  }
  return std::nullopt;
}

Outcome<ExitCode> trace(Context& context, const CLI::App& verb) {
  std::vector<std::string> words = verb.remaining();
  const std::string folder = take_flag(words, "--project").value_or(".");
  const auto id = take_flag(words, "--tx");
  try {
    if (id) {
      words.insert(words.begin(), "transaction");  // in a contract's place: only flags are read
      CLI_ASSIGN(const CallWords rest, split_call_words(context, std::move(words), {}));
      if (!rest.flags.empty())
        return stop(ExitCode::kUsage,
                    "--tx ID stands alone; " + rest.flags.front() + " belongs to a call");
      return trace_transaction(context, folder, *id);
    }
    CLI_ASSIGN(const CallWords call, split_call_words(context, std::move(words), kTraceFlags));
    if (call.contract.empty()) {
      std::cout << verb.help();
      return ExitCode::kOk;
    }
    return trace_call(context, folder, call);
  } catch (const StateUnavailable& unavailable) {
    return tl::unexpected<Failure>(unavailable.failure);
  }
}

}  // namespace

void add_trace_verb(CLI::App& noun, Context& context) {
  CLI::App* command = noun.add_subcommand(
      "trace",
      "Show what a call does: usance contract trace CONTRACT METHOD --flag VALUE ..., or "
      "what a transaction did: --tx ID");
  command->fallthrough(false);
  command->prefix_command();
  command->set_help_flag();  // --help after CONTRACT and METHOD is about them
  command->footer(
      "Nothing is submitted. Host functions with their gas, records decoded, calls to other\n"
      "contracts, and gas by function.\n"
      "  --tx ID          trace this transaction again, as the ledger executed it\n"
      "  --height H       start from the state of this height, from 1 on; default the latest\n"
      "  --gas-limit N    bound the cost of the call\n"
      "  --project DIR    name functions where this project (default: this folder) has built the\n"
      "                   very module\n"
      "The method's own flags: usance contract trace CONTRACT METHOD --help");
  command->callback([&context, command] {
    context.action = [&context, command] { return trace(context, *command); };
  });
}

}  // namespace usance::cli
