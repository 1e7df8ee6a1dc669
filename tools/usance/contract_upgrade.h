// Looking at an upgrade before it is proposed.
#pragma once

#include <string>
#include <vector>

#include "tools/render/compatibility.h"
#include "tools/usance/client.h"
#include "tools/usance/context.h"
#include "tools/usance/module_file.h"

namespace usance::cli {

// Says what an upgrade changes of the interface; kUsage when something breaks and that is not
// allowed.
[[nodiscard]] Outcome<void> accept_changes(const std::vector<render::InterfaceChange>& changes,
                                           bool allow_breaking);

struct Upgrade {
  const std::string& name;
  const render::Interface& before;
  const ModuleFile& module;
  const std::vector<render::InterfaceChange>& changes;
};
// Runs the upgrade with its Migrate on the state of a height (0: the latest certified one) and
// shows what would change. Nothing is submitted. The exit code is the upgrade's.
[[nodiscard]] Outcome<ExitCode> show_rehearsal(const Context& context, const Client& client,
                                               const Upgrade& upgrade, std::uint64_t height);

}  // namespace usance::cli
