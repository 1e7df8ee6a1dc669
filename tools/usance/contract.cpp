// usance contract: what contracts there are, and putting new ones on the ledger.
#include "tools/render/base64.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/arguments.h"
#include "tools/usance/contract_kit.h"
#include "tools/usance/contract_upgrade.h"
#include "tools/usance/report.h"
#include "usance/v1/contract.grpc.pb.h"

namespace usance::cli {

namespace {

constexpr const char* kRegistry = "contracts";

struct ContractFlags : KitFlags {
  std::uint64_t proposal = 0;
  std::vector<std::string> approvers;
  std::uint32_t approvals = 0;
  std::vector<std::string> organisations;
  bool rehearse = false;
  bool allow_breaking = false;
  std::uint64_t height = 0;
};

Outcome<ExitCode> list(const Context& context) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const v1::ListContractsResponse answer,
             client.call(&v1::ContractService::Stub::ListContracts, v1::ListContractsRequest()));
  Json all = Json::array();
  std::string text;
  for (const v1::ContractInfo& one : answer.contracts()) {
    const std::string hash = to_hex(as_bytes(one.code_hash()));
    all.push_back({{"name", one.name()},
                   {"system", one.system()},
                   {"version", one.version()},
                   {"code_hash", hash}});
    text += one.name() +
            (one.system() ? "  part of the system"
                          : "  version " + std::to_string(one.version()) + ", code hash " + hash) +
            "\n";
  }
  print(context, Json{{"height", answer.at().height()}, {"contracts", all}}, text);
  return ExitCode::kOk;
}

Json methods_json(const render::Interface& interface) {
  Json methods = Json::array();
  for (const google::protobuf::MethodDescriptor* method : interface.methods()) {
    std::string comment;
    for (const std::string& line : render::comment_lines(*method))
      comment += (comment.empty() ? "" : "\n") + line;
    methods.push_back({{"name", method->name()},
                       {"view", render::options_of(*method).view()},
                       {"request", method->input_type()->name()},
                       {"response", method->output_type()->name()},
                       {"callers", who_may_call(*method)},
                       {"comment", comment}});
  }
  return methods;
}

Outcome<ExitCode> show(const Context& context, const ContractFlags& flags) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const render::Interface interface, fetch_interface(client, flags.name));
  print(context, Json{{"name", flags.name}, {"methods", methods_json(interface)}},
        interface_help(interface));
  return ExitCode::kOk;
}

Outcome<ExitCode> inspect(const Context& context, const ContractFlags& flags) {
  CLI_ASSIGN(const ModuleFile module, read_module(flags.file, Path(flags.file).stem().string()));
  print(context,
        Json{{"file", flags.file},
             {"code_hash", to_hex(module.hash)},
             {"code_bytes", module.code.size()},
             {"methods", methods_json(module.interface)}},
        "code hash " + to_hex(module.hash) + ", " + std::to_string(module.code.size()) +
            " bytes\n" + interface_help(module.interface));
  return ExitCode::kOk;
}

// Approves a proposal as each of the named profiles of the same home, until it is carried out.
Outcome<void> approve_as(const Context& context, const std::vector<std::string>& profiles,
                         const std::string& proposal, NamedResult& latest) {
  for (const std::string& name : profiles) {
    if (render::to_json(*latest.response).value("state", "") != "OPEN") {
      note("carried out already; the approval of " + name + " is not needed");
      continue;
    }
    Context other = context;
    other.profile = name;
    CLI_ASSIGN(const Client client, connect(other));
    CLI_ASSIGN(latest, call_named(client, {kRegistry, "Approve", {{"proposal", proposal}}}));
    note("approved by " + name);
  }
  return {};
}

ExitCode report_decision(const Context& context, const NamedResult& decision) {
  const Json response = render::to_json(*decision.response);
  const bool open = response.value("state", "") == "OPEN";
  const std::string proposal = response.value("proposal", "0");
  std::string text = "code hash " + response.value("code_hash", "") + ", version " +
                     std::to_string(response.value("version", 0)) + "\n";
  if (open) {
    text += "proposal " + proposal + " has " + std::to_string(response.value("approvals", 0)) +
            " of " + std::to_string(response.value("needed", 0)) +
            " approvals\nanother organisation's: usance --profile ORG.USER contract approve " +
            proposal;
  } else {
    text += "carried out at height " + std::to_string(decision.result.height.value);
  }
  Json json = response;
  json["height"] = decision.result.height.value;
  json["tx_id"] = to_hex(decision.result.id);
  print(context, json, text);
  return ExitCode::kOk;
}

// The module named, or the one that the project builds.
Outcome<void> choose_module(ContractFlags& flags) {
  if (!flags.file.empty()) return {};
  CLI_ASSIGN(const Project project, project_of(flags));
  CLI_ASSIGN(const std::vector<BuiltModule> modules, build_modules(project));
  if (modules.size() == 1) {
    flags.file = modules.front().file.string();
    return {};
  }
  std::string names;
  for (const BuiltModule& one : modules) names += "\n  " + one.file.string();
  return stop(ExitCode::kUsage, "the project has several contracts; name the module:" + names);
}

Outcome<ExitCode> deploy(const Context& context, ContractFlags flags, const char* method) {
  CLI_TRY(choose_module(flags));
  const std::string name = flags.name.empty() ? Path(flags.file).stem().string() : flags.name;
  if (!is_wellformed_name(name))
    return stop(ExitCode::kUsage, "'" + name +
                                      "' is no contract's name: 1 to 64 of a-z, 0-9, '_', "
                                      "'-' and '.'; give --name");
  CLI_ASSIGN(const ModuleFile module, read_module(flags.file, name));
  nlohmann::json request{{"name", name}, {"code", render::to_base64(module.code)}};
  if (flags.approvals > 0)
    request["policy"] = {{"approvals", flags.approvals}, {"organisations", flags.organisations}};
  CLI_ASSIGN(const Client client, connect(context));
  if (std::string_view(method) == "Upgrade") {
    CLI_ASSIGN(const render::Interface before, fetch_interface(client, name));
    const std::vector<render::InterfaceChange> changes = render::compare(before, module.interface);
    if (flags.rehearse)
      return show_rehearsal(context, client, {name, before, module, changes}, flags.height);
    CLI_TRY(accept_changes(changes, flags.allow_breaking));
  }
  CLI_ASSIGN(NamedResult decision, call_named(client, {kRegistry, method, request}));
  const std::string proposal = render::to_json(*decision.response).value("proposal", "0");
  CLI_TRY(approve_as(context, flags.approvers, proposal, decision));
  return report_decision(context, decision);
}

Outcome<ExitCode> approve(const Context& context, const ContractFlags& flags) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(
      const NamedResult decision,
      call_named(client, {kRegistry, "Approve", {{"proposal", std::to_string(flags.proposal)}}}));
  return report_decision(context, decision);
}

Outcome<ExitCode> proposals(const Context& context) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const NamedResult answer,
             view_named(client, {kRegistry, "ListOpenProposals", nlohmann::json::object()}));
  const std::string text = render::to_text(*answer.response);
  print(context, render::to_json(*answer.response), text.empty() ? "none is open" : text);
  return ExitCode::kOk;
}

}  // namespace

void add_contract_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "contract", "Contracts: writing them, and those on the ledger");
  add_contract_kit_commands(*noun, context);
  add_call_verb(*noun, context);
  add_view_verb(*noun, context, "query");
  add_trace_verb(*noun, context);
  const auto flags = std::make_shared<ContractFlags>();
  add_verb(*noun, context, "list", "Names, versions and code hashes",
           [&context] { return list(context); });
  CLI::App* look = add_verb(*noun, context, "show", "A contract's methods and who may call them",
                            [&context, flags] { return show(context, *flags); });
  look->add_option("NAME", flags->name, "The contract")->required();
  CLI::App* local = add_verb(*noun, context, "inspect", "Say what a module file holds (no network)",
                             [&context, flags] { return inspect(context, *flags); });
  local->add_option("FILE", flags->file, "The WebAssembly module")->required();
  const auto deploying = [&](const char* verb, const char* help, const char* method) {
    CLI::App* command = add_verb(*noun, context, verb, help, [&context, flags, method] {
      return deploy(context, *flags, method);
    });
    command->add_option("FILE", flags->file,
                        "The WebAssembly module; default: the project's, built if need be");
    add_project_flags(*command, *flags);
    command->add_option("--name", flags->name, "The contract's name; default the file's");
    command->add_option("--approve-by", flags->approvers,
                        "Profiles of this home that approve it at once; repeatable");
    command->add_option("--approvals", flags->approvals,
                        "How many organisations must approve later upgrades");
    command->add_option("--approver", flags->organisations,
                        "Organisations whose approval counts; default all members");
    return command;
  };
  deploying("deploy", "Propose a new contract; it runs when enough organisations approve",
            "Deploy");
  CLI::App* upgrade = deploying("upgrade", "Propose new code for a contract", "Upgrade");
  CLI::Option* rehearse = upgrade->add_flag(
      "--rehearse", flags->rehearse,
      "Only run it, with its Migrate, on the ledger's state, and show what it changes");
  add_height_flag(*upgrade, flags->height, "Rehearse on the state of this height")->needs(rehearse);
  upgrade->add_flag("--allow-breaking", flags->allow_breaking,
                    "Even if callers or stored records of the present version break");
  CLI::App* agree = add_verb(*noun, context, "approve", "Approve a proposal for the organisation",
                             [&context, flags] { return approve(context, *flags); });
  agree->add_option("PROPOSAL", flags->proposal, "Its number")->required();
  add_verb(*noun, context, "proposals", "Deployments and upgrades that wait for approval",
           [&context] { return proposals(context); });
}

}  // namespace usance::cli
