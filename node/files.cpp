#include "node/files.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/file.h"

namespace usance::node {

Result<std::string> read_text(const std::filesystem::path& file) {
  return read_file(file);
}

Result<void> replace_text(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::path next = file;
  next += ".new";
  {
    std::ofstream out(next, std::ios::binary | std::ios::trunc);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    errno = 0;
    out.flush();
    if (!out) {
      const int why = errno;
      const bool full = why == ENOSPC || why == EDQUOT;
      return fail(full ? ErrorCode::kResourceExhausted : ErrorCode::kIo,
                  "cannot write " + next.string() +
                      (why != 0 ? ": " + std::string(std::strerror(why)) : std::string()));
    }
  }
  std::error_code error;
  std::filesystem::rename(next, file, error);
  if (error) return fail(ErrorCode::kIo, "cannot replace " + file.string());
  return {};
}

}  // namespace usance::node
