// The parts of the noun "node".
#pragma once

#include "tools/usance/context.h"

namespace usance::cli {

void add_node_setup(CLI::App& noun, Context& context);   // init, join
void add_node_status(CLI::App& noun, Context& context);  // status, why-stalled, peers
void add_found_misbehaviour(CLI::App& noun, Context& context);
// Of the noun "audit".
void add_recorded_misbehaviour(CLI::App& noun, Context& context);
void add_access_log(CLI::App& noun, Context& context);

}  // namespace usance::cli
