// Files: whole ones within bounds, for files that a person names may be anything, and what it takes
// to have one on the disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace usance {

// Enough for a genesis, a configuration, a module, a scanned document.
inline constexpr std::size_t kMaxNamedFileBytes = 64 * 1024 * 1024;

// The bytes of a regular file of at most `limit` bytes; kind and size are checked before anything
// is read. kNotFound, kPermissionDenied, kInvalidArgument (a directory, a pipe, a device; too
// large), kIo; the message names the path.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t limit = kMaxNamedFileBytes);
// The same of a secret: kPermissionDenied also if others than its owner may read or write it.
[[nodiscard]] Result<std::string> read_secret_file(const std::filesystem::path& path,
                                                   std::size_t limit = kMaxNamedFileBytes);

// What errno says of a path, with the codes above and kAlreadyExists.
[[nodiscard]] Error file_error(const std::filesystem::path& path, int reason);
// What errno says of what was done to a file of ours: kResourceExhausted (no room), kIo.
[[nodiscard]] tl::unexpected<Error> system_error(const std::string& what);

// A file descriptor that closes itself; negative: none.
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  const int number;
};

// All of it is on the disk when this returns; false: errno says why not.
[[nodiscard]] bool write_synced(const Descriptor& file, std::string_view bytes);
// Makes the names of files in it durable. Errors as of system_error.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

}  // namespace usance
