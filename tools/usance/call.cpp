// usance call CONTRACT METHOD --flag ...: one signed call and its certified outcome.
#include <iostream>

#include "tools/render/text.h"
#include "tools/usance/arguments.h"
#include "tools/usance/call_words.h"
#include "tools/usance/events.h"
#include "tools/usance/report.h"
#include "tools/usance/transact.h"
#include "tools/usance/typed_identifiers.h"

namespace usance::cli {

namespace pb = google::protobuf;

namespace {

Outcome<ExitCode> dry_run(const Context& context, const Client& client,
                          const render::Interface& interface, const pb::MethodDescriptor& method,
                          const CallPlan& plan) {
  CLI_ASSIGN(const SimulatedCall simulated, simulate(client, plan));
  EventDecoder decoder(client);
  std::vector<ShownEvent> events;
  events.reserve(simulated.events.size());
  for (const Event& event : simulated.events) events.push_back(decoder.show(event));
  Json log = Json::array();
  std::string text = "not submitted; as of height " + std::to_string(simulated.height.value) +
                     " it would give: " + outcome_text(simulated.receipt, &interface) + "\n" +
                     result_text(interface, method, simulated.receipt) + event_lines(events) +
                     "gas " + std::to_string(simulated.receipt.gas_used);
  for (const std::string& line : simulated.log) {
    log.push_back(line);
    text += "\nlog: " + line;
  }
  Json json{{"simulated", true},
            {"height", simulated.height.value},
            {"outcome", outcome_json(simulated.receipt, &interface)},
            {"result", result_json(interface, method, simulated.receipt)},
            {"events", event_list(events)},
            {"log", log}};
  print(context, json, text);
  return exit_of(simulated.receipt);
}

Outcome<ExitCode> run(Context& context, const CLI::App& verb) {
  CLI_ASSIGN(CallWords call, split_call_words(context, verb.remaining(), kCallFlags));
  if (call.contract.empty()) {
    std::cout << verb.help();
    return ExitCode::kOk;
  }
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const render::Interface interface, fetch_interface(client, call.contract));
  if (call.method.empty()) {
    std::cout << interface_help(interface);
    return call.help ? ExitCode::kOk : ExitCode::kUsage;
  }
  CLI_ASSIGN(const pb::MethodDescriptor* method, method_of(interface, call.method));
  if (call.help) {
    std::cout << method_help(interface, *method);
    return ExitCode::kOk;
  }
  if (render::options_of(*method).view())
    return stop(ExitCode::kUsage, method->name() + " only reads: usance query view " +
                                      call.contract + " " + method->name() + " ...");
  CLI_ASSIGN(const auto request,
             build_request(interface, *method, call.flags, render::read_named_file));
  CLI_ASSIGN(const std::vector<std::string> remarks, check_identifiers(*request));
  for (const std::string& remark : remarks) note("note: " + remark);
  CallPlan plan;
  plan.contract = call.contract;
  plan.method = method->name();
  plan.arguments = render::encode_message(*request);
  plan.gas_limit = call.gas_limit;
  if (call.dry_run) return dry_run(context, client, interface, *method, plan);
  CLI_ASSIGN(const CallResult result, submit_and_wait(client, plan));
  return report(context, client, interface, *method, result);
}

}  // namespace

void add_call_commands(CLI::App& app, Context& context) {
  add_call_verb(app, context);
}

void add_call_verb(CLI::App& app, Context& context) {
  CLI::App* call = app.add_subcommand(
      "call", "Call a contract's method: usance call CONTRACT METHOD --flag VALUE ...");
  call->fallthrough(false);  // the words are not for a noun above
  call->prefix_command();
  call->set_help_flag();  // --help after CONTRACT and METHOD is about them
  call->footer(
      "The flags of a method come from the contract's interface on the ledger:\n"
      "  usance call deposit                     its methods\n"
      "  usance call deposit Transfer --help     a method's flags\n"
      "  usance call deposit Transfer --from harbour-bank/roaster/USD --to ... --amount USD:10.00\n"
      "--simulate (or --dry-run) runs it without submitting; --gas-limit N bounds its cost. Global "
      "flags may "
      "follow.");
  call->callback(
      [&context, call] { context.action = [&context, call] { return run(context, *call); }; });
}

}  // namespace usance::cli
