// usance customs: what a customs authority works out by itself.
#pragma once

#include <string>
#include <vector>

#include "tools/usance/context.h"

namespace usance::cli {

// Who may open a case: the authority that opens it, always, and those that it names, each once.
[[nodiscard]] std::vector<std::string> case_recipients(std::vector<std::string> named,
                                                       const std::string& own);

void add_customs_commands(CLI::App& app, Context& context);

}  // namespace usance::cli
