// The parts of the noun "recovery".
#pragma once

#include "tools/usance/context.h"

namespace usance::cli {

void add_recovery_commands(CLI::App& app, Context& context);
void add_recovery_rekey(CLI::App& noun, Context& context);
// Of the noun "audit".
void add_recorded_recoveries(CLI::App& noun, Context& context);

}  // namespace usance::cli
