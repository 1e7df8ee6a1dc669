// A contract project on this machine, and the kit that builds it (contracts/kit).
#pragma once

#include <string>
#include <vector>

#include "base/types.h"
#include "tools/usance/files.h"
#include "tools/usance/outcome.h"

namespace usance::cli {

// The folder of the contract kit: `given` (--kit, USANCE_CONTRACT_KIT), else beside this program's
// folder. kUsage says how to get one.
[[nodiscard]] Outcome<Path> find_kit(const std::string& given);

// A contract's name, which is also its C++ namespace's and its folder's: [a-z][a-z0-9_]{0,62}, no
// C++ keyword. kUsage says what is wrong.
[[nodiscard]] Outcome<void> check_contract_name(const std::string& name);

// Makes the project `folder` from the kit's template. kUsage when the folder is there and not
// empty. The paths of its files, relative to it.
[[nodiscard]] Outcome<std::vector<std::string>> make_project(const Path& kit,
                                                             const std::string& name,
                                                             const Path& folder);

// How a build differs from the usual one, for the contracts compiled natively.
enum class Variant { kPlain, kSanitize, kCoverage };

struct Project {
  Path root;   // holds CMakeLists.txt
  Path build;  // by default root/build; of a variant, a folder in it
  Path kit;
  Variant variant = Variant::kPlain;

  // The built module of a contract, and what helps tools beside it.
  [[nodiscard]] Path module(const std::string& name) const;
  // Before optimisation, with the places of its sources.
  [[nodiscard]] Path linked(const std::string& name) const;
  // How it was optimised.
  [[nodiscard]] Path optimiser(const std::string& name) const;
  // The module's function names.
  [[nodiscard]] Path functions(const std::string& name) const;
  // Names of the contracts whose modules are built.
  [[nodiscard]] std::vector<std::string> contracts() const;
};

// The project of a folder or of one above it; kUsage.
[[nodiscard]] Outcome<Project> find_project(const std::string& folder, const Path& kit);

enum class BuildWhat { kModules, kEverything };  // everything: native contracts and tests too
// Configures and builds. The compiler's messages are the error's.
[[nodiscard]] Outcome<void> build_project(const Project& project, BuildWhat what);

}  // namespace usance::cli
