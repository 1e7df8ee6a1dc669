// Scopes and items as people type and read them: text as it is, other bytes as 0x and hexadecimal.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/types.h"

namespace usance::cli {

[[nodiscard]] Result<Bytes> parse_scope(std::string_view text);
[[nodiscard]] std::string show_scope(ByteView bytes);

}  // namespace usance::cli
