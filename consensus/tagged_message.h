// Decoding one of several structures by the tag that its bytes begin with.
#pragma once

#include <variant>

#include "base/codec.h"
#include "consensus/messages.h"

namespace usance::consensus {

// Errors: kMalformed (no tag), kResourceExhausted (over kMaxMessageBytes).
[[nodiscard]] inline Result<std::uint16_t> tag_of_message(ByteView bytes) {
  if (bytes.size() > kMaxMessageBytes)
    return fail(ErrorCode::kResourceExhausted, "a message is over 6 MiB");
  if (bytes.size() < 3) return fail(ErrorCode::kMalformed, "a message is shorter than its tag");
  return static_cast<std::uint16_t>(bytes[0] | (bytes[1] << 8));
}

// Errors: kMalformed, kUnsupported (no alternative has the tag).
template <class Variant, std::size_t I = 0>
Result<Variant> decode_alternative(std::uint16_t tag, ByteView bytes) {
  if constexpr (I == std::variant_size_v<Variant>) {
    return fail(ErrorCode::kUnsupported, "an unknown message tag");
  } else {
    using T = std::variant_alternative_t<I, Variant>;
    if (tag != T::kTag) return decode_alternative<Variant, I + 1>(tag, bytes);
    USANCE_ASSIGN(T message, decode<T>(bytes));
    return Variant(std::move(message));
  }
}

}  // namespace usance::consensus
