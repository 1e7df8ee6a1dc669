// Whole files within bounds: files that a person names may be anything.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace usance {

// Enough for a genesis, a configuration, a module, a scanned document.
inline constexpr std::size_t kMaxNamedFileBytes = 64 * 1024 * 1024;

// The bytes of a regular file of at most `limit` bytes; kind and size are checked before anything
// is read. kNotFound, kPermissionDenied, kInvalidArgument (a directory, a pipe, a device; too
// large), kIo; the message names the path.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t limit = kMaxNamedFileBytes);

// What errno says of a path, with the codes above and kAlreadyExists.
[[nodiscard]] Error file_error(const std::filesystem::path& path, int reason);

}  // namespace usance
