// The numbers of a device's readings, kept in a file so that none is signed twice: two readings
// under one number cost the device's oracle its whole stake.
#pragma once

#include <cstdint>
#include <optional>

#include "tools/usance/files.h"

namespace usance::cli {

// The next number after the file's, or the one wanted, which must be greater; the file, made when
// there is none, has it on the disk before this returns. Processes that share the file take turns.
// kInvalidArgument: the wanted number was used or passed; no number is left; not such a file.
// Others as of file_error.
[[nodiscard]] Result<std::uint64_t> take_counter(const Path& file,
                                                 std::optional<std::uint64_t> wanted);

}  // namespace usance::cli
