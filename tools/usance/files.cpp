#include "tools/usance/files.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace usance::cli {

namespace {

tl::unexpected<Error> io_failure(const Path& path) {
  const int reason = errno;
  ErrorCode code = ErrorCode::kIo;
  if (reason == ENOENT) code = ErrorCode::kNotFound;
  if (reason == EACCES) code = ErrorCode::kPermissionDenied;
  if (reason == EEXIST) code = ErrorCode::kAlreadyExists;
  return fail(code, path.string() + ": " + std::strerror(reason));
}

Result<void> write_new(const Path& path, std::string_view content, int flags, mode_t mode) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
  if (fd < 0) return io_failure(path);
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      auto failed = io_failure(path);
      ::close(fd);
      return failed;
    }
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  const bool synced = ::fsync(fd) == 0;
  if (!synced) {
    auto failed = io_failure(path);
    ::close(fd);
    return failed;
  }
  if (::close(fd) != 0) return io_failure(path);
  return {};
}

}  // namespace

Result<std::string> read_file(const Path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_failure(path);
  std::string out;
  char block[16 * 1024];
  for (;;) {
    const ssize_t n = ::read(fd, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      auto failed = io_failure(path);
      ::close(fd);
      return failed;
    }
    if (n == 0) break;
    out.append(block, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return out;
}

Result<void> write_file(const Path& path, std::string_view content) {
  const Path temporary = path.string() + ".new";
  USANCE_TRY(write_new(temporary, content, O_TRUNC, 0644));
  if (::rename(temporary.c_str(), path.c_str()) != 0) return io_failure(path);
  return {};
}

Result<void> create_secret(const Path& path, std::string_view content) {
  return write_new(path, content, O_EXCL, 0600);
}

Result<void> make_folder(const Path& path, bool secret) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && secret)
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  if (error) return fail(ErrorCode::kIo, path.string() + ": " + error.message());
  return {};
}

Path program_folder() {
  std::error_code error;
  const Path self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? Path(".") : self.parent_path();
}

}  // namespace usance::cli
