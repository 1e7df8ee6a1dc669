// Whole files, small ones.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace usance::node {

// As read_file of base/file.h.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& file);
// Replaces the file as a whole: a reader sees the old text or the new one.
[[nodiscard]] Result<void> replace_text(const std::filesystem::path& file, std::string_view text);

}  // namespace usance::node
