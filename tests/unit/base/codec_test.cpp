// docs/spec/encoding.md, "Codec".
#include "base/codec.h"

#include <gtest/gtest.h>

namespace usance {
namespace {

enum class Colour : std::uint8_t { kRed = 1, kBlue = 2 };

struct Inner {
  static constexpr std::uint16_t kTag = 0x7f01;
  static constexpr std::uint8_t kVersion = 2;
  std::uint32_t number = 0;
  friend auto operator<=>(const Inner&, const Inner&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.number);
  }
};

struct Outer {
  static constexpr std::uint16_t kTag = 0x7f00;
  static constexpr std::uint8_t kVersion = 1;
  std::int64_t amount = 0;
  bool flag = false;
  Colour colour = Colour::kRed;
  Bytes blob;
  std::string label;
  std::vector<Inner> set;
  std::optional<Inner> maybe;
  friend bool operator==(const Outer&, const Outer&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.amount);
    a(s.flag);
    a.within(s.colour, Colour::kRed, Colour::kBlue);
    a.bytes(s.blob, 4);
    a.text(s.label, 8);
    a.ascending(s.set, 3);
    a.optional(s.maybe);
  }
};

Outer sample() {
  return Outer{-2, true, Colour::kBlue, {1, 2}, "ab", {{1}, {5}}, Inner{9}};
}

TEST(Codec, TheVectorOfTheSpecification) {
  EXPECT_EQ(to_hex(encode(sample())),
            "007f01"            // tag 0x7f00, version 1
            "feffffffffffffff"  // -2
            "01"
            "02"  // true, blue
            "02000000"
            "0102"  // two bytes
            "02000000"
            "6162"      // "ab"
            "02000000"  // two elements
            "017f02"
            "01000000"  // Inner{1}
            "017f02"
            "05000000"  // Inner{5}
            "01"
            "017f02"
            "09000000");
}

TEST(Codec, DecodingReturnsWhatWasEncoded) {
  EXPECT_EQ(decode<Outer>(encode(sample())), sample());
  EXPECT_EQ(decode<Outer>(encode(Outer{})), Outer{});
}

TEST(Codec, EveryTruncationAndExtensionIsRefused) {
  Bytes raw = encode(sample());
  for (std::size_t n = 0; n < raw.size(); ++n)
    EXPECT_FALSE(decode<Outer>(ByteView(raw).first(n)).has_value()) << n;
  raw.push_back(0);
  const auto extended = decode<Outer>(raw);
  ASSERT_FALSE(extended.has_value());
  EXPECT_EQ(extended.error().code, ErrorCode::kMalformed);
  EXPECT_EQ(extended.error().message, "1 bytes are left over");
}

TEST(Codec, WhateverDecodesEncodesToTheSameBytes) {
  const Bytes raw = encode(sample());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes changed = raw;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ (1 << bit));
      const auto value = decode<Outer>(changed);
      if (value) {
        EXPECT_EQ(encode(*value), changed) << "byte " << i;
      }
    }
  }
}

template <class Change>
void expect_refused(Change change, const std::string& why) {
  Bytes raw = encode(sample());
  change(raw);
  const auto value = decode<Outer>(raw);
  ASSERT_FALSE(value.has_value()) << why;
  EXPECT_NE(value.error().message.find(why), std::string::npos) << value.error().message;
}

TEST(Codec, DisorderAndLimitsAreRefusedWithTheReason) {
  expect_refused([](Bytes& raw) { raw[0] = 1; }, "another structure's tag");
  expect_refused([](Bytes& raw) { raw[2] = 9; }, "an unknown version");
  expect_refused([](Bytes& raw) { raw[11] = 2; }, "neither 0 nor 1");
  expect_refused([](Bytes& raw) { raw[12] = 3; }, "out of range");
  expect_refused([](Bytes& raw) { raw[13] = 5; }, "over its limit");
  expect_refused([](Bytes& raw) { raw[32] = 5; }, "not strictly ascending");  // both are now 5
}

TEST(Codec, ACountThatTheBytesCannotHoldClaimsNoMemory) {
  Bytes raw = encode(sample());
  raw[25] = 3;  // three elements announced; the third would have to be the optional's bytes
  EXPECT_FALSE(decode<Outer>(raw).has_value());
}

}  // namespace
}  // namespace usance
