// Byte strings as contracts use them. Natively the same types as in base/types.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace usance::contract {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
inline constexpr std::size_t kHashBytes = 32;

[[nodiscard]] inline ByteView view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes copy(ByteView bytes) {
  return Bytes(bytes.begin(), bytes.end());
}

// A key of state or of an event: text and bytes alike. It only looks at what it is made from.
class Key {
 public:
  Key(std::string_view text) : bytes_(view(text)) {}
  Key(const char* text) : Key(std::string_view(text)) {}
  Key(const std::string& text) : Key(std::string_view(text)) {}
  Key(const Bytes& bytes) : bytes_(bytes) {}
  Key(ByteView bytes) : bytes_(bytes) {}
  operator ByteView() const { return bytes_; }

 private:
  ByteView bytes_;
};

// 8 bytes, big-endian: keys that iterate in numeric order.
[[nodiscard]] Bytes ordered_key(std::uint64_t number);

}  // namespace usance::contract
