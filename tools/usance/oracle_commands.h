// usance oracle: what an oracle reports, from the messages of carriers and sensors.
#pragma once

#include "tools/usance/context.h"

namespace usance::cli {

void add_oracle_commands(CLI::App& app, Context& context);

}  // namespace usance::cli
