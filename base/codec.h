// The canonical codec: the only producer of hashed and signed bytes. Specified with test vectors
// in docs/spec/encoding.md.
//
// A structure describes its fields once, in order, and that one description both encodes and
// decodes it:
//
//   struct Point {
//     static constexpr std::uint16_t kTag = 0x0142;   // unique per structure
//     static constexpr std::uint8_t kVersion = 1;
//     std::uint64_t x = 0;
//     Bytes label;
//     template <class Self, class Archive>
//     static void fields(Self& s, Archive& a) { a(s.x); a.bytes(s.label, 256); }
//   };
//   Bytes raw = encode(p);
//   Result<Point> p = decode<Point>(raw);
//
// Law, tested and fuzzed: decode(x) succeeds implies encode(decode(x)) == x.
// Integers are little-endian and of fixed width; byte strings carry a u32 length; vectors a u32
// count; optionals one byte 0 or 1; no maps, no floats. Every variable part names its limit.
#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace usance {

template <class T>
concept CanonicalStruct = requires {
  { T::kTag } -> std::convertible_to<std::uint16_t>;
  { T::kVersion } -> std::convertible_to<std::uint8_t>;
};

class Encoder {
 public:
  static constexpr bool kDecoding = false;

  template <std::integral T>
  void operator()(const T& number) {
    if constexpr (std::same_as<T, bool>) {
      out_.push_back(number ? 1 : 0);
    } else {
      auto bits = static_cast<std::make_unsigned_t<T>>(number);
      std::array<std::uint8_t, sizeof(T)> little;
      for (std::uint8_t& byte : little) {
        byte = static_cast<std::uint8_t>(bits & 0xff);
        if constexpr (sizeof(T) > 1) bits = static_cast<std::make_unsigned_t<T>>(bits >> 8);
      }
      raw(little);
    }
  }
  template <class E>
    requires std::is_enum_v<E>
  void operator()(const E& e) {
    (*this)(static_cast<std::underlying_type_t<E>>(e));
  }
  template <class Tag, std::integral Rep>
  void operator()(const Strong<Tag, Rep>& strong) {
    (*this)(strong.value);
  }
  template <std::size_t N, class Tag>
  void operator()(const FixedBytes<N, Tag>& fixed) {
    raw(fixed.view());
  }
  template <CanonicalStruct T>
  void operator()(const T& s) {
    (*this)(T::kTag);
    (*this)(T::kVersion);
    T::fields(s, *this);
  }
  void bytes(const Bytes& value, std::size_t limit);
  void text(const std::string& value, std::size_t limit);
  template <class Tag>
  void text(const Strong<Tag, std::string>& value, std::size_t limit) {
    text(value.value, limit);
  }
  template <class T>
  void vector(const std::vector<T>& items, std::size_t limit) {
    USANCE_INVARIANT(items.size() <= limit);
    (*this)(static_cast<std::uint32_t>(items.size()));
    for (const T& item : items) (*this)(item);
  }
  // Strictly ascending: a set.
  template <class T>
  void ascending(const std::vector<T>& items, std::size_t limit) {
    for (std::size_t i = 1; i < items.size(); ++i) USANCE_INVARIANT(items[i - 1] < items[i]);
    vector(items, limit);
  }
  void texts(const std::vector<std::string>& items, std::size_t count_limit, std::size_t limit);
  void blobs(const std::vector<Bytes>& items, std::size_t count_limit, std::size_t limit);
  template <class T>
  void optional(const std::optional<T>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }
  // The value must be within [low, high]; for enumerations and bounded counts.
  template <class T, class U>
  void within(const T& value, U low, U high) {
    USANCE_INVARIANT(value >= low && value <= high);
    (*this)(value);
  }
  // A condition between fields that decoding must refuse to break.
  void require(bool condition, const char* what);

  void raw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void reserve(std::size_t n) { out_.reserve(n); }
  [[nodiscard]] const Bytes& data() const { return out_; }
  [[nodiscard]] Bytes take() && { return std::move(out_); }

 private:
  Bytes out_;
};

// After the first failure every further read yields zeros; finish() reports that first failure.
class Decoder {
 public:
  static constexpr bool kDecoding = true;

  explicit Decoder(ByteView in) : in_(in) {}

  template <std::integral T>
  void operator()(T& number) {
    if constexpr (std::same_as<T, bool>) {
      const ByteView b = raw(1);
      if (!b.empty() && b[0] > 1) refuse("a flag is neither 0 nor 1");
      number = !b.empty() && b[0] == 1;
    } else {
      const ByteView b = raw(sizeof(T));
      std::make_unsigned_t<T> bits = 0;
      for (std::size_t i = b.size(); i-- > 0;) {
        if constexpr (sizeof(T) > 1) bits = static_cast<std::make_unsigned_t<T>>(bits << 8);
        bits = static_cast<std::make_unsigned_t<T>>(bits | b[i]);
      }
      number = static_cast<T>(bits);
    }
  }
  template <class E>
    requires std::is_enum_v<E>
  void operator()(E& e) {
    std::underlying_type_t<E> number{};
    (*this)(number);
    e = static_cast<E>(number);
  }
  template <class Tag, std::integral Rep>
  void operator()(Strong<Tag, Rep>& strong) {
    (*this)(strong.value);
  }
  template <std::size_t N, class Tag>
  void operator()(FixedBytes<N, Tag>& fixed) {
    const ByteView b = raw(N);
    std::copy(b.begin(), b.end(), fixed.bytes.begin());
  }
  template <CanonicalStruct T>
  void operator()(T& s) {
    std::uint16_t tag = 0;
    std::uint8_t version = 0;
    (*this)(tag);
    (*this)(version);
    if (tag != T::kTag) return refuse("another structure's tag");
    if (version != T::kVersion) return refuse("an unknown version");
    T::fields(s, *this);
  }
  void bytes(Bytes& value, std::size_t limit);
  void text(std::string& value, std::size_t limit);  // any bytes; contents are the caller's rule
  template <class Tag>
  void text(Strong<Tag, std::string>& value, std::size_t limit) {
    text(value.value, limit);
  }
  template <class T>
  void vector(std::vector<T>& items, std::size_t limit) {
    const std::size_t n = count(limit);
    items.clear();
    for (std::size_t i = 0; i < n && !failed(); ++i) (*this)(items.emplace_back());
  }
  template <class T>
  void ascending(std::vector<T>& items, std::size_t limit) {
    vector(items, limit);
    for (std::size_t i = 1; i < items.size() && !failed(); ++i)
      if (!(items[i - 1] < items[i])) refuse("a set is not strictly ascending");
  }
  void texts(std::vector<std::string>& items, std::size_t count_limit, std::size_t limit);
  void blobs(std::vector<Bytes>& items, std::size_t count_limit, std::size_t limit);
  template <class T>
  void optional(std::optional<T>& value) {
    bool present = false;
    (*this)(present);
    value.reset();
    if (present && !failed()) (*this)(value.emplace());
  }
  template <class T, class U>
  void within(T& value, U low, U high) {
    (*this)(value);
    if (!failed() && (value < low || value > high)) refuse("a value is out of range");
  }
  void require(bool condition, const char* what) {
    if (!condition) refuse(what);
  }

  // The next n bytes, or an empty view after a failure.
  ByteView raw(std::size_t n);
  [[nodiscard]] std::size_t remaining() const { return in_.size() - position_; }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] bool failed() const { return failure_ != nullptr; }
  void refuse(const char* what);
  // Success only if nothing failed and nothing is left over.
  [[nodiscard]] Result<void> finish() const;
  [[nodiscard]] Result<void> status() const;  // as finish(), but bytes may be left over

 private:
  std::size_t count(std::size_t limit);

  ByteView in_;
  std::size_t position_ = 0;
  const char* failure_ = nullptr;
  std::size_t failed_at_ = 0;
};

template <CanonicalStruct T>
[[nodiscard]] Bytes encode(const T& s) {
  constexpr std::size_t kUsualSize = 256;  // one allocation for most structures
  Encoder encoder;
  encoder.reserve(kUsualSize);
  encoder(s);
  return std::move(encoder).take();
}

template <CanonicalStruct T>
[[nodiscard]] Result<T> decode(ByteView in) {
  Decoder decoder(in);
  T s;
  decoder(s);
  USANCE_TRY(decoder.finish());
  return s;
}

}  // namespace usance
