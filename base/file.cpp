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

enum class Readers : std::uint8_t { kAnybody, kOwner };

Result<std::string> read_whole(const std::filesystem::path& path, std::size_t limit,
                               Readers readers) {
  // O_NONBLOCK: opening a pipe that nobody writes to must not wait for a writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number < 0) return tl::unexpected<Error>(file_error(path, errno));
  struct stat info{};
  if (::fstat(file.number, &info) != 0) return tl::unexpected<Error>(file_error(path, errno));
  if (S_ISDIR(info.st_mode)) return tl::unexpected<Error>(file_error(path, EISDIR));
  if (!S_ISREG(info.st_mode))
    return fail(ErrorCode::kInvalidArgument, path.string() + ": not a regular file");
  if (readers == Readers::kOwner && (info.st_mode & 0077) != 0)
    return fail(ErrorCode::kPermissionDenied,
                path.string() + ": others can read this secret; run: chmod 600 " + path.string());
  if (static_cast<std::uintmax_t>(info.st_size) > limit) return too_large(path, limit);
  // Files of /proc say 0, others may grow meanwhile: what counts is what is read.
  std::string out;
  out.reserve(static_cast<std::size_t>(info.st_size));
  char block[64 * 1024];
  while (true) {
    const ssize_t n = ::read(file.number, block, sizeof block);
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
  return read_whole(path, limit, Readers::kAnybody);
}

Result<std::string> read_secret_file(const std::filesystem::path& path, std::size_t limit) {
  return read_whole(path, limit, Readers::kOwner);
}

tl::unexpected<Error> system_error(const std::string& what) {
  const int why = errno;
  return fail(why == ENOSPC || why == EDQUOT ? ErrorCode::kResourceExhausted : ErrorCode::kIo,
              what + ": " + std::strerror(why));
}

Descriptor::~Descriptor() {
  if (number >= 0) ::close(number);
}

bool write_synced(const Descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file.number, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(file.number) == 0;
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const Descriptor open(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.number < 0) return system_error("cannot open " + directory.string());
  if (::fsync(open.number) != 0) return system_error("cannot sync " + directory.string());
  return {};
}

}  // namespace usance
