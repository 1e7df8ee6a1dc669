// What the files of `usance devnet` share.
#pragma once

#include "tools/usance/context.h"
#include "tools/usance/devnet.h"

namespace usance::cli {

// The network in the home that the command line names.
[[nodiscard]] Outcome<Devnet> open_devnet(const Context& context);
void add_devnet_partition(CLI::App& noun, Context& context);

}  // namespace usance::cli
