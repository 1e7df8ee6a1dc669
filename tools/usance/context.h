// What every command shares: the global flags, where output goes, and what runs after parsing.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "tools/usance/outcome.h"
#include "tools/usance/profile.h"

namespace usance::cli {

using Json = nlohmann::ordered_json;

struct Context {
  // Global flags; the environment gives their defaults (USANCE_HOME, USANCE_PROFILE, ...).
  std::string output = "text";
  std::string home;
  std::string profile;
  std::string node;  // overrides the profile's nodes
  std::string timeout = "30s";
  bool yes = false;

  // Set by the chosen subcommand, run once the whole command line has been parsed.
  std::function<Outcome<ExitCode>()> action;

  [[nodiscard]] bool json() const { return output == "json"; }
  // The home given, or why there is none.
  [[nodiscard]] Outcome<Path> home_folder() const;
  // The profile given; without one, the home's only profile, or which there are.
  [[nodiscard]] Outcome<Profile> load() const;
  [[nodiscard]] Outcome<std::int64_t> timeout_ms() const;
};

// Prints one JSON document, or the text, on standard output.
void print(const Context& context, const Json& json, const std::string& text);
// For people, on standard error; nothing of it is part of the output.
void note(const std::string& text);

// Makes "noun verb" subcommands. `run` is called after parsing.
CLI::App* add_noun(CLI::App& app, const std::string& name, const std::string& help);
CLI::App* add_verb(CLI::App& noun, Context& context, const std::string& name,
                   const std::string& help, std::function<Outcome<ExitCode>()> run);

// --height H: 1 or more; `height` stays 0, the latest, unless it is given.
CLI::Option* add_height_flag(CLI::App& verb, std::uint64_t& height, const std::string& help);

// Each noun lives in its own file.
void add_keys_commands(CLI::App& app, Context& context);
void add_genesis_commands(CLI::App& app, Context& context);
void add_node_commands(CLI::App& app, Context& context);
void add_devnet_commands(CLI::App& app, Context& context);
void add_contract_commands(CLI::App& app, Context& context);
void add_call_commands(CLI::App& app, Context& context);
void add_query_commands(CLI::App& app, Context& context);
// `call` and `query view` again, as verbs of a noun: usance contract call, usance contract query.
void add_call_verb(CLI::App& noun, Context& context);
void add_view_verb(CLI::App& noun, Context& context, const std::string& name);
void add_trace_verb(CLI::App& noun, Context& context);
void add_tx_commands(CLI::App& app, Context& context);
void add_audit_commands(CLI::App& app, Context& context);
void add_governance_commands(CLI::App& app, Context& context);
void add_validator_commands(CLI::App& app, Context& context);
void add_events_commands(CLI::App& app, Context& context);
void add_invoice_commands(CLI::App& app, Context& context);
void add_credit_commands(CLI::App& app, Context& context);
void add_bench_commands(CLI::App& app, Context& context);
void add_certificate_commands(CLI::App& app, Context& context);
void add_completion_commands(CLI::App& app, Context& context);

}  // namespace usance::cli
