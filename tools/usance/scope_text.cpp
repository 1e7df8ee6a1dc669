#include "tools/usance/scope_text.h"

#include <algorithm>

#include "base/limits.h"

namespace usance::cli {

Result<Bytes> parse_scope(std::string_view text) {
  Bytes out = to_bytes(text);
  if (text.starts_with("0x") && !from_hex(text.substr(2), out))
    return fail(ErrorCode::kInvalidArgument,
                "'" + std::string(text) + "': after 0x stand hexadecimal digits");
  if (out.size() > limits::kMaxScopeBytes)
    return fail(ErrorCode::kInvalidArgument, "a name of an object or item has at most 256 bytes");
  return out;
}

std::string show_scope(ByteView bytes) {
  // A prefix of text before a binary key is common: it stays readable.
  const bool text =
      std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b >= 0x20 && b < 0x7f; });
  if (text && !as_text(bytes).starts_with("0x")) return std::string(as_text(bytes));
  return "0x" + to_hex(bytes);
}

}  // namespace usance::cli
