#include "tools/usance/reading_counter.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <limits>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace usance::cli {

namespace {

// Always as long, so that a number is overwritten in one piece: 20 digits and a line break.
constexpr std::size_t kLine = 21;

Result<std::uint64_t> read_number(const Path& path, const Descriptor& file) {
  std::array<char, kLine + 1> text{};
  const ssize_t got = ::pread(file.number, text.data(), text.size(), 0);
  if (got < 0) return tl::unexpected<Error>(file_error(path, errno));
  if (got == 0) return std::uint64_t{0};
  std::uint64_t number = 0;
  const char* const end = text.data() + kLine - 1;
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (got != kLine || error != std::errc{} || stop != end || *end != '\n')
    return fail(ErrorCode::kInvalidArgument,
                path.string() + " holds no counter of a device: name another file, or a new one");
  return number;
}

Result<void> write_number(const Path& path, const Descriptor& file, std::uint64_t number) {
  std::array<char, kLine + 1> text{};
  std::snprintf(text.data(), text.size(), "%020llu\n", static_cast<unsigned long long>(number));
  if (::lseek(file.number, 0, SEEK_SET) != 0 ||
      !write_synced(file, std::string_view(text.data(), kLine)))
    return tl::unexpected<Error>(file_error(path, errno));
  return sync_directory(path.has_parent_path() ? path.parent_path() : Path("."));
}

}  // namespace

Result<std::uint64_t> take_counter(const Path& file, std::optional<std::uint64_t> wanted) {
  const Descriptor open(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (open.number < 0 || ::flock(open.number, LOCK_EX) != 0)
    return tl::unexpected<Error>(file_error(file, errno));
  USANCE_ASSIGN(const std::uint64_t last, read_number(file, open));
  if (wanted && *wanted <= last)
    return fail(ErrorCode::kInvalidArgument,
                "the device has counted to " + std::to_string(last) + " (" + file.string() +
                    "), so " + std::to_string(*wanted) +
                    " is not signed: two readings under one number cost the whole stake");
  if (last == std::numeric_limits<std::uint64_t>::max())
    return fail(ErrorCode::kInvalidArgument, file.string() + ": no number is left to count to");
  const std::uint64_t number = wanted.value_or(last + 1);
  USANCE_TRY(write_number(file, open, number));
  return number;
}

}  // namespace usance::cli
