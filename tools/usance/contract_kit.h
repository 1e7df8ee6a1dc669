// What the verbs of `usance contract` that work in a project share.
#pragma once

#include <string>
#include <vector>

#include "tools/usance/context.h"
#include "tools/usance/contract_project.h"
#include "tools/usance/module_file.h"

namespace usance::cli {

struct KitFlags {
  std::string name;
  std::string folder;
  std::string file;
  std::string module;
  std::string project;
  std::string kit;
  std::string filter;
  bool update_gas = false;
  bool sanitize = false;
  bool coverage = false;
};

// --project and --kit.
void add_project_flags(CLI::App& command, KitFlags& flags);
[[nodiscard]] Outcome<Project> project_of(const KitFlags& flags);

struct BuiltModule {
  std::string contract;
  Path file;
  ModuleFile module;
};
// Builds the project's modules and checks that a ledger accepts them; at least one.
[[nodiscard]] Outcome<std::vector<BuiltModule>> build_modules(const Project& project);

void add_contract_kit_commands(CLI::App& noun, Context& context);

}  // namespace usance::cli
