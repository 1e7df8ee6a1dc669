// Base64 of RFC 4648, section 4, as protobuf's JSON mapping writes bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/types.h"

namespace usance::render {

[[nodiscard]] std::string to_base64(ByteView bytes);
// Padding is required; the URL-safe alphabet is taken too.
[[nodiscard]] bool from_base64(std::string_view text, Bytes& out);

}  // namespace usance::render
