// usance: the command line of the ledger. Nouns and verbs, one file each.
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "tools/render/suggest.h"
#include "tools/usance/completion.h"
#include "tools/usance/context.h"
#include "tools/usance/customs_commands.h"
#include "tools/usance/envelope_commands.h"
#include "tools/usance/oracle_commands.h"
#include "tools/usance/recovery_commands.h"
#include "tools/usance/version.h"

namespace {

using usance::cli::Context;

void add_global_flags(CLI::App& app, Context& context) {
  app.add_option("-o,--output", context.output, "text for people, json for programs")
      ->check(CLI::IsMember({"text", "json"}))
      ->envname("USANCE_OUTPUT")
      ->capture_default_str();
  app.add_option("--home", context.home, "Folder of a network or member: its profiles and genesis")
      ->envname("USANCE_HOME");
  app.add_option("-p,--profile", context.profile, "Who acts: a profile of the home")
      ->envname("USANCE_PROFILE");
  app.add_option("--node", context.node,
                 "host:port of the node to talk to, instead of the profile's")
      ->envname("USANCE_NODE");
  app.add_option("--timeout", context.timeout, "How long to wait for nodes: 30s, 2m")
      ->envname("USANCE_TIMEOUT")
      ->capture_default_str();
  app.add_flag("-y,--yes", context.yes, "Do not ask before what cannot be undone");
  app.set_version_flag("--version", "usance " + std::string(usance::cli::kVersion),
                       "Say which version this is");
}

void add_commands(CLI::App& app, Context& context) {
  using namespace usance::cli;
  add_devnet_commands(app, context);
  add_call_commands(app, context);
  add_query_commands(app, context);
  add_tx_commands(app, context);
  add_events_commands(app, context);
  add_invoice_commands(app, context);
  add_customs_commands(app, context);
  add_envelope_commands(app, context);
  add_credit_commands(app, context);
  add_oracle_commands(app, context);
  add_undertaking_commands(app, context);
  add_contract_commands(app, context);
  add_audit_commands(app, context);
  add_governance_commands(app, context);
  add_validator_commands(app, context);
  add_recovery_commands(app, context);
  add_node_commands(app, context);
  add_keys_commands(app, context);
  add_certificate_commands(app, context);
  add_genesis_commands(app, context);
  add_bench_commands(app, context);
  add_completion_commands(app, context);
  add_verb(app, context, "version", "Say which version this is", [&context]() -> Outcome<ExitCode> {
    print(context, Json{{"version", kVersion}, {"program", "usance"}},
          "usance " + std::string(kVersion));
    return ExitCode::kOk;
  });
}

// CLI11 reads -1 as the greatest of all counts.
void refuse_negative_counts(CLI::App& app) {
  const CLI::Validator whole(
      [](const std::string& text) {
        return text.starts_with("-") ? "takes a whole number, not '" + text + "'" : std::string();
      },
      "");
  for (CLI::Option* option : app.get_options())
    if (option->get_type_name().starts_with("UINT")) option->check(whole);
  for (CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    refuse_negative_counts(*verb);
}

// The first flag that the chosen command does not have, with what it may have meant.
std::string unknown_flag(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> known;
  for (const CLI::App* at = &app; at != nullptr;) {
    for (const CLI::Option* option : at->get_options())
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    const auto chosen = at->get_subcommands();
    at = chosen.empty() ? nullptr : chosen.front();
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string flag = word.substr(0, word.find('='));
    if (!flag.starts_with("--") || flag.size() == 2) continue;
    if (std::find(known.begin(), known.end(), flag) == known.end())
      return "there is no flag " + flag + " here" + usance::render::did_you_mean(flag, known);
  }
  return "";
}

// The first word that should have been a noun or verb and is none, with what it may have meant.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with("-")) {
      if (word.find('=') == std::string::npos && word != "-y" && word != "--yes") ++i;
      continue;
    }
    std::vector<std::string> names;
    const CLI::App* next = nullptr;
    for (const CLI::App* one : at->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(one->get_name());
      if (one->get_name() == word) next = one;
    }
    if (names.empty()) return "";
    if (next == nullptr)
      return "there is no command '" + word + "'" + usance::render::did_you_mean(word, names);
    at = next;
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  using usance::cli::ExitCode;
  ::setenv("GRPC_VERBOSITY", "NONE", 0);  // what concerns people is said in errors, once
  CLI::App app("Usance: a ledger for trade finance that several banks run together.", "usance");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 1 failed, 2 usage, 3 contract error, 4 trap, 5 out of gas, 6 rejected,\n"
      "7 not found, 8 unavailable, 9 evidence not proven, 10 unsafe change of validators. First "
      "steps: usance devnet up --home "
      "DIR");
  Context context;
  add_global_flags(app, context);
  add_commands(app, context);
  refuse_negative_counts(app);
  if (argc > 1 && std::string_view(argv[1]) == usance::cli::kCompleteWord) {
    for (const std::string& word : usance::cli::completions(app, {argv + 2, argv + argc}))
      std::cout << word << "\n";
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {  // of --help and --version
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    if (const std::string unknown = unknown_command(app, argc, argv); !unknown.empty())
      std::cerr << "error: " << unknown << "\n";
    else if (const std::string flag = unknown_flag(app, argc, argv); !flag.empty())
      std::cerr << "error: " << flag << "\n";
    else
      std::cerr << "error: " << error.what() << "\nmore: --help\n";
    return error.get_exit_code() == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  if (!context.action) return static_cast<int>(ExitCode::kUsage);
  const usance::cli::Outcome<ExitCode> outcome = context.action();
  if (outcome) return static_cast<int>(*outcome);
  std::cerr << "error: " << outcome.error().message << "\n";
  return static_cast<int>(outcome.error().exit);
}
