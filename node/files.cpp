#include "node/files.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

namespace usance::node {

namespace {

struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  const int number;
};

tl::unexpected<Error> system_error(const std::string& what) {
  const int why = errno;
  return fail(why == ENOSPC || why == EDQUOT ? ErrorCode::kResourceExhausted : ErrorCode::kIo,
              what + ": " + std::strerror(why));
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& file) {
  return read_file(file);
}

Result<void> replace_text(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::path next = file;
  next += ".new";
  {
    const Descriptor out(::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (out.number < 0) return system_error("cannot write " + next.string());
    while (!text.empty()) {
      const ssize_t n = ::write(out.number, text.data(), text.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return system_error("cannot write " + next.string());
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    // Before the name points to it: else a crash could leave an empty file under the name.
    if (::fsync(out.number) != 0) return system_error("cannot sync " + next.string());
  }
  if (::rename(next.c_str(), file.c_str()) != 0)
    return system_error("cannot replace " + file.string());
  return sync_directory(file.has_parent_path() ? file.parent_path() : ".");
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const Descriptor open(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.number < 0) return system_error("cannot open " + directory.string());
  if (::fsync(open.number) != 0) return system_error("cannot sync " + directory.string());
  return {};
}

}  // namespace usance::node
