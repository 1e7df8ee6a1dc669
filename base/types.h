// The strong types that all of Usance shares.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace usance {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes to_bytes(std::string_view text) {
  return Bytes(text.begin(), text.end());
}

// A number or a text that must not be mixed up with another of the same representation.
template <class Tag, class Rep>
struct Strong {
  using Representation = Rep;
  Rep value{};

  constexpr Strong() = default;
  constexpr explicit Strong(Rep v) : value(std::move(v)) {}
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

  // Counting types move by whole steps; differences are plain numbers.
  constexpr Strong next() const
    requires std::is_integral_v<Rep>
  {
    return Strong(value + 1);
  }
};

using Height = Strong<struct HeightTag, std::uint64_t>;  // 0 is the genesis state; blocks from 1
using View = Strong<struct ViewTag, std::uint64_t>;      // restarts at 0 with each epoch
using Epoch = Strong<struct EpochTag, std::uint64_t>;    // changes with the validator set
using TimeMs = Strong<struct TimeTag, std::uint64_t>;    // UTC milliseconds since 1970-01-01
using OrgId = Strong<struct OrgTag, std::string>;        // "bank-a": 1 to 64 of [a-z0-9-]

template <std::size_t N, class Tag>
struct FixedBytes {
  static constexpr std::size_t kSize = N;
  std::array<std::uint8_t, N> bytes{};

  friend constexpr auto operator<=>(const FixedBytes&, const FixedBytes&) = default;
  [[nodiscard]] ByteView view() const { return bytes; }
  [[nodiscard]] bool is_zero() const { return *this == FixedBytes{}; }
};

using Hash32 = FixedBytes<32, struct HashTag>;
using PublicKey = FixedBytes<32, struct PublicKeyTag>;  // Ed25519
using Signature = FixedBytes<64, struct SignatureTag>;  // Ed25519
using Nonce = FixedBytes<16, struct NonceTag>;

// The chain's identity: the SHA-256 of its genesis file. Part of every hashed and signed byte
// string, so that nothing of one network means anything on another.
using ChainId = Hash32;

// Lower-case hexadecimal, and back. from_hex refuses odd lengths and other characters.
[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] bool from_hex(std::string_view text, Bytes& out);
template <std::size_t N, class Tag>
[[nodiscard]] std::string to_hex(const FixedBytes<N, Tag>& fixed) {
  return to_hex(fixed.view());
}
template <class Fixed>
[[nodiscard]] bool fixed_from(ByteView from, Fixed& out) {
  if (from.size() != Fixed::kSize) return false;
  std::copy(from.begin(), from.end(), out.bytes.begin());
  return true;
}
template <class Fixed>
[[nodiscard]] bool fixed_from_hex(std::string_view text, Fixed& out) {
  Bytes raw;
  return from_hex(text, raw) && fixed_from(ByteView(raw), out);
}

// For unordered look-ups only; nothing that is agreed on may depend on it.
struct FixedBytesHash {
  template <std::size_t N, class Tag>
  std::size_t operator()(const FixedBytes<N, Tag>& fixed) const noexcept {
    std::size_t h = 0;
    for (std::size_t i = 0; i < sizeof h; ++i) h = (h << 8) | fixed.bytes[i];
    return h;
  }
};

}  // namespace usance
