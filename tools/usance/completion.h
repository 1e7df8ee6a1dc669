// Completing the command line: the shell asks the program itself, so that the candidates are those
// of the version that is installed.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace usance::cli {

// The word before all others by which the shell's script asks for candidates.
inline constexpr const char* kCompleteWord = "__complete";

// What the last of `words` (which may be empty) may become: nouns, verbs, flags, fixed values.
[[nodiscard]] std::vector<std::string> completions(const CLI::App& app,
                                                   const std::vector<std::string>& words);
// The script that a shell sources; empty for an unknown shell.
[[nodiscard]] std::string completion_script(const std::string& shell);

}  // namespace usance::cli
