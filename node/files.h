// Whole files, small ones.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace usance::node {

// As read_file of base/file.h.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& file);
// Replaces the file as a whole: a reader sees the old text or the new one, also after a crash. The
// new one is on the disk when this returns. kResourceExhausted (no room), kIo.
[[nodiscard]] Result<void> replace_text(const std::filesystem::path& file, std::string_view text);
// Makes the names of files in it durable. kIo.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

}  // namespace usance::node
