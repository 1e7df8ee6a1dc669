#include "tools/usance/scope_text.h"

#include "base/limits.h"
#include "tools/render/text.h"

namespace usance::cli {

Result<Bytes> parse_scope(std::string_view text) {
  // "key/0x6a3b...": a readable prefix before a binary key.
  std::size_t hex = std::string_view::npos;
  if (text.starts_with("0x")) {
    hex = 0;
  } else if (const std::size_t slash = text.rfind("/0x"); slash != std::string_view::npos) {
    hex = slash + 1;
  }
  Bytes out = to_bytes(text.substr(0, hex));
  if (hex != std::string_view::npos) {
    Bytes tail;
    if (!from_hex(text.substr(hex + 2), tail))
      return fail(ErrorCode::kInvalidArgument,
                  "'" + std::string(text) + "': after 0x stand hexadecimal digits");
    out.insert(out.end(), tail.begin(), tail.end());
  }
  if (out.size() > limits::kMaxScopeBytes)
    return fail(ErrorCode::kInvalidArgument, "a name of an object or item has at most 256 bytes");
  return out;
}

std::string show_scope(ByteView bytes) {
  return render::show_name(bytes);
}

}  // namespace usance::cli
