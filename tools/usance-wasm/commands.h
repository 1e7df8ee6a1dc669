// The subcommands of usance-wasm. Each takes its own arguments and returns the exit code.
#pragma once

#include <string>
#include <vector>

namespace usance::tools {

using Arguments = std::vector<std::string>;

// conventions.md: 0 ok, 1 failed, 2 usage.
int spectest_command(const Arguments& arguments);
int run_command(const Arguments& arguments);
int latency_command(const Arguments& arguments);
int inspect_command(const Arguments& arguments);
int calibrate_command(const Arguments& arguments);
int compare_command(const Arguments& arguments);

}  // namespace usance::tools
