#include "base/file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace usance {

namespace {

std::string size_text(std::size_t bytes) {
  constexpr std::size_t kMiB = 1024 * 1024;
  if (bytes >= kMiB && bytes % kMiB == 0) return std::to_string(bytes / kMiB) + " MiB";
  return std::to_string(bytes) + " bytes";
}

tl::unexpected<Error> too_large(const std::filesystem::path& path, std::size_t limit) {
  return fail(ErrorCode::kInvalidArgument,
              path.string() + ": larger than the " + size_text(limit) + " that it may have");
}

Result<std::string> read_all(int fd, const std::filesystem::path& path, std::size_t limit) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) return tl::unexpected<Error>(file_error(path, errno));
  if (S_ISDIR(info.st_mode)) return tl::unexpected<Error>(file_error(path, EISDIR));
  if (!S_ISREG(info.st_mode))
    return fail(ErrorCode::kInvalidArgument, path.string() + ": not a regular file");
  if (static_cast<std::uintmax_t>(info.st_size) > limit) return too_large(path, limit);
  // Files of /proc say 0, others may grow meanwhile: what counts is what is read.
  std::string out;
  out.reserve(static_cast<std::size_t>(info.st_size));
  char block[64 * 1024];
  while (true) {
    const ssize_t n = ::read(fd, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return tl::unexpected<Error>(file_error(path, errno));
    if (n == 0) return out;
    if (static_cast<std::size_t>(n) > limit - out.size()) return too_large(path, limit);
    out.append(block, static_cast<std::size_t>(n));
  }
}

}  // namespace

Error file_error(const std::filesystem::path& path, int reason) {
  ErrorCode code = ErrorCode::kIo;
  switch (reason) {
    case ENOENT: code = ErrorCode::kNotFound; break;
    case EACCES:
    case EPERM: code = ErrorCode::kPermissionDenied; break;
    case EEXIST: code = ErrorCode::kAlreadyExists; break;
    case EISDIR:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG: code = ErrorCode::kInvalidArgument; break;
    default: break;
  }
  return {code, path.string() + ": " + std::strerror(reason)};
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  // O_NONBLOCK: opening a pipe that nobody writes to must not wait for a writer.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return tl::unexpected<Error>(file_error(path, errno));
  Result<std::string> out = read_all(fd, path, limit);
  ::close(fd);
  return out;
}

}  // namespace usance
