// Writing small files whole; reading them: base/file.h. Errors are those of file_error there.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"
#include "base/types.h"

namespace usance::cli {

using Path = std::filesystem::path;

// Replaces a file as a whole and syncs it.
[[nodiscard]] Result<void> write_file(const Path& path, std::string_view content);
// Whether a file of that name may be made, asked before the work that would fill it: its folder
// exists, and nothing of that name, or with `replace` a file. kInvalidArgument, kNotFound,
// kAlreadyExists, with what to do `instead`.
[[nodiscard]] Result<void> may_write(const Path& path, bool replace,
                                     std::string_view instead = "--force replaces it");
// A new file that only its owner may read; kAlreadyExists rather than overwriting a secret.
[[nodiscard]] Result<void> create_secret(const Path& path, std::string_view content);
// With its parents; `secret` ones are for the owner alone.
[[nodiscard]] Result<void> make_folder(const Path& path, bool secret = false);

// The folder of the running program, to find its siblings (usanced).
[[nodiscard]] Path program_folder();

}  // namespace usance::cli
