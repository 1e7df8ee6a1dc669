// usance customs: what a customs authority works out by itself.
#pragma once

#include "tools/usance/context.h"

namespace usance::cli {

void add_customs_commands(CLI::App& app, Context& context);

}  // namespace usance::cli
