// Between protobuf's byte strings and ours.
#pragma once

#include <string>

#include "base/codec.h"
#include "base/types.h"

namespace usance::proto {

[[nodiscard]] inline std::string to_string(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
template <std::size_t N, class Tag>
[[nodiscard]] std::string to_string(const FixedBytes<N, Tag>& fixed) {
  return to_string(fixed.view());
}
// The canonical bytes of a structure, for a `bytes` field.
template <CanonicalStruct T>
[[nodiscard]] std::string canonical(const T& s) {
  return to_string(ByteView(encode(s)));
}

}  // namespace usance::proto
