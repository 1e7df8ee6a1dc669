// Validators that contradicted themselves: what the own node found, and what stands on the ledger.
#include "base/hash.h"
#include "tools/render/base64.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/node_commands.h"
#include "tools/usance/report.h"
#include "usance/v1/admin.grpc.pb.h"

namespace usance::cli {

namespace {

constexpr const char* kAlreadyReported = "ALREADY_REPORTED";

const char* kind_name(std::uint32_t kind) {
  switch (kind) {
    case 1: return "PROPOSAL";
    case 2: return "PREPARE";
    case 3: return "COMMIT";
    case 4: return "RESULT";
    default: return "STATEMENT_KIND_NONE";
  }
}

nlohmann::json request_of(const v1::FoundContradiction& found) {
  const auto bytes = [](const std::string& raw) { return render::to_base64(as_bytes(raw)); };
  return {{"consensus_key", bytes(found.consensus_key())},
          {"kind", kind_name(found.kind())},
          {"epoch", std::to_string(found.epoch())},
          {"view", std::to_string(found.view())},
          {"height", std::to_string(found.height())},
          {"first_hash", bytes(found.first_hash())},
          {"first_signature", bytes(found.first_signature())},
          {"second_hash", bytes(found.second_hash())},
          {"second_signature", bytes(found.second_signature())}};
}

Outcome<ExitCode> found_here(const Context& context, bool report) {
  CLI_ASSIGN(const Profile profile, context.load());
  CLI_ASSIGN(const std::int64_t timeout, context.timeout_ms());
  CLI_ASSIGN(const Client admin, Client::connect_admin(profile, timeout));
  CLI_ASSIGN(const v1::ListMisbehaviourResponse found,
             admin.call(&v1::AdminService::Stub::ListMisbehaviour, v1::ListMisbehaviourRequest()));
  Json all = Json::array();
  std::string text;
  std::optional<Client> client;
  if (report && found.cases_size() > 0) {
    CLI_ASSIGN(client, Client::connect(profile, timeout));
  }
  for (const v1::FoundContradiction& one : found.cases()) {
    std::string outcome = "not reported";
    if (client) {
      const auto called = call_named(*client, {kGovernance, "ReportMisbehaviour", request_of(one)});
      if (called)
        outcome = "reported at height " + std::to_string(called->result.height.value);
      else if (called.error().message.find(kAlreadyReported) != std::string::npos)
        outcome = "on the ledger already";
      else
        return tl::unexpected(called.error());
    }
    const std::string key = to_hex(as_bytes(one.consensus_key()));
    all.push_back({{"consensus_key", key},
                   {"kind", kind_name(one.kind())},
                   {"epoch", one.epoch()},
                   {"view", one.view()},
                   {"height", one.height()},
                   {"outcome", outcome}});
    text += "height " + std::to_string(one.height()) + ", epoch " + std::to_string(one.epoch()) +
            ", view " + std::to_string(one.view()) + ": two answers, " + kind_name(one.kind()) +
            ", signed with " + key.substr(0, 16) + "...; " + outcome + "\n";
  }
  print(context, Json{{"cases", all}}, text.empty() ? "this node has found none" : text);
  return ExitCode::kOk;
}

Outcome<ExitCode> on_ledger(const Context& context) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const NamedResult answer,
             view_named(client, {kGovernance, "ListMisbehaviour", nlohmann::json::object()}));
  Json json = render::to_json(*answer.response);
  json["height"] = answer.result.height.value;
  const std::string text = render::to_text(*answer.response);
  print(context, json,
        (text.empty() ? "none\n" : text) + "as of height " +
            std::to_string(answer.result.height.value));
  return ExitCode::kOk;
}

}  // namespace

void add_found_misbehaviour(CLI::App& noun, Context& context) {
  const auto report = std::make_shared<bool>(false);
  CLI::App* found = add_verb(noun, context, "misbehaviour",
                             "Validators that this node has seen contradict themselves",
                             [&context, report] { return found_here(context, *report); });
  found->add_flag("--report", *report, "Put what is found on the ledger, for everybody to see");
}

void add_recorded_misbehaviour(CLI::App& noun, Context& context) {
  add_verb(noun, context, "misbehaviour",
           "Validators that contradicted themselves, proven on the ledger",
           [&context] { return on_ledger(context); });
}

}  // namespace usance::cli
