#include "tools/usance/files.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace usance::cli {

namespace {

tl::unexpected<Error> io_failure(const Path& path) {
  return tl::unexpected<Error>(file_error(path, errno));
}

Result<void> write_new(const Path& path, std::string_view content, int flags, mode_t mode) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode));
  if (file.number < 0 || !write_synced(file, content)) return io_failure(path);
  return {};
}

}  // namespace

Result<void> write_file(const Path& path, std::string_view content) {
  const Path temporary = path.string() + ".new";
  Result<void> written = write_new(temporary, content, O_TRUNC, 0644);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = io_failure(path);
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<void> may_write(const Path& path, bool replace, std::string_view instead) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return fail(ErrorCode::kInvalidArgument, path.string() + " is a folder, not a file to write");
  if (!replace && fs::exists(path, ignored))
    return fail(ErrorCode::kAlreadyExists,
                path.string() + " exists already; " + std::string(instead));
  const Path folder = path.has_parent_path() ? path.parent_path() : Path(".");
  if (!fs::is_directory(folder, ignored))
    return fail(ErrorCode::kNotFound, "there is no folder " + folder.string());
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
