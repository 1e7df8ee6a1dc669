#include "node/files.h"

#include <cstdio>

#include <fcntl.h>

#include "base/file.h"

namespace usance::node {

Result<void> replace_text(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::path next = file;
  next += ".new";
  {
    const Descriptor out(::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    // Synced before the name points to it: else a crash could leave an empty file under the name.
    if (out.number < 0 || !write_synced(out, text))
      return system_error("cannot write " + next.string());
  }
  if (std::rename(next.c_str(), file.c_str()) != 0)
    return system_error("cannot replace " + file.string());
  return sync_directory(file.has_parent_path() ? file.parent_path() : ".");
}

}  // namespace usance::node
