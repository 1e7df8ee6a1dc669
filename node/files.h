// Replacing small files; reading them: base/file.h.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace usance::node {

// Replaces the file as a whole: a reader sees the old text or the new one, also after a crash. The
// new one is on the disk when this returns. kResourceExhausted (no room), kIo.
[[nodiscard]] Result<void> replace_text(const std::filesystem::path& file, std::string_view text);

}  // namespace usance::node
