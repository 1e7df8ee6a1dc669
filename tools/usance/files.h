// Small files, whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/types.h"

namespace usance::cli {

using Path = std::filesystem::path;

// kNotFound, kPermissionDenied, kIo; the message names the path.
[[nodiscard]] Result<std::string> read_file(const Path& path);
// Replaces a file as a whole and syncs it.
[[nodiscard]] Result<void> write_file(const Path& path, std::string_view content);
// A new file that only its owner may read; kAlreadyExists rather than overwriting a secret.
[[nodiscard]] Result<void> create_secret(const Path& path, std::string_view content);
// With its parents; `secret` ones are for the owner alone.
[[nodiscard]] Result<void> make_folder(const Path& path, bool secret = false);

// The folder of the running program, to find its siblings (usanced).
[[nodiscard]] Path program_folder();

}  // namespace usance::cli
