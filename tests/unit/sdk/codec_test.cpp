#include <gtest/gtest.h>

#include "base/types.h"
#include "everything/everything.usance.h"

namespace usance::everything::v1 {
namespace {

using sdk::WireError;

// What protoc --encode writes for full(): the contract encoding is protobuf's own.
constexpr const char* kFullHex =
    "080110ffffffffffffffffff01188080808080808080800120ffffffff0f28ffffffffffffffffff0130ffffffff0f"
    "3803450100000049020000000000000055fdffffff59fcffffffffffffff6205636166c3a96a0200ff70ffffffffff"
    "ffffffff017a060a02696e1007800181d2d4098a01034a50599201096c616b652d62616e6b9a012030313233343536"
    "37383961626364656630313233343536373839616263646566a201100a034b574410a4f4ffffffffffffff01aa0102"
    "0100b2010b01ffffffffffffffffff01ba01020605c2010405000000ca0108faffffffffffffffd201020100da0105"
    "e5aed30900e2010161e20100ea0100ea01021001f00100f801008202008a0200900200a00200c03e01";

Everything full() {
  Everything m;
  m.flag = true;
  m.small = -1;
  m.large = INT64_MIN;
  m.small_unsigned = UINT32_MAX;
  m.large_unsigned = UINT64_MAX;
  m.small_zigzag = INT32_MIN;
  m.large_zigzag = -2;
  m.small_fixed = 1;
  m.large_fixed = 2;
  m.small_signed_fixed = -3;
  m.large_signed_fixed = -4;
  m.text = "caf\xC3\xA9";
  m.raw = {0x00, 0xFF};
  m.colour = Colour::kNegative;
  m.inner = {"in", 7};
  m.date = sdk::Date{20261121};
  m.currency = "JPY";
  m.organisation = "lake-bank";
  m.hash = to_bytes("0123456789abcdef0123456789abcdef");
  m.money = {"KWD", -1500};
  m.flags = {true, false};
  m.numbers = {1, -1};
  m.zigzags = {3, -3};
  m.fixeds = {5};
  m.signed_fixeds = {-6};
  m.colours = {Colour::kRed, Colour::kNone};
  m.dates = {sdk::Date{20240229}, sdk::Date{}};
  m.texts = {"a", ""};
  m.inners = {{}, {"", 1}};
  m.maybe_flag = false;
  m.maybe_number = 0;
  m.maybe_text = "";
  m.maybe_inner = Inner{};
  m.maybe_date = sdk::Date{};
  m.chosen_number = 0;
  m.class_ = true;
  return m;
}

Bytes hex(std::string_view text) {
  Bytes out;
  EXPECT_TRUE(from_hex(text, out));
  return out;
}

WireError refused(std::string_view text, std::uint32_t field) {
  const auto decoded = sdk::from_wire<Everything>(hex(text));
  EXPECT_FALSE(decoded);
  EXPECT_EQ(decoded.field, field);
  return decoded.error;
}

TEST(Codec, WritesWhatProtobufWrites) {
  EXPECT_EQ(to_hex(sdk::to_wire(full())), kFullHex);
}

TEST(Codec, ReadsWhatItWrites) {
  const auto decoded = sdk::from_wire<Everything>(hex(kFullHex));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded.value, full());
  EXPECT_TRUE(sdk::to_wire(Everything{}).empty());
  EXPECT_EQ(*sdk::from_wire<Everything>({}).value, Everything{});
}

TEST(Codec, RefusesEveryTruncation) {
  const Bytes whole = hex(kFullHex);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto decoded = sdk::from_wire<Everything>(ByteView(whole).first(size));
    // Cut between fields it is another message, and has to be that message's only form.
    if (decoded) {
      EXPECT_EQ(sdk::to_wire(*decoded.value), Bytes(whole.begin(), whole.begin() + size));
    }
  }
}

TEST(Codec, AcceptsNoSecondForm) {
  const Bytes whole = hex(kFullHex);
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes other = whole;
      other[at] = static_cast<std::uint8_t>(other[at] ^ (1U << bit));
      const auto decoded = sdk::from_wire<Everything>(other);
      if (decoded) {
        EXPECT_EQ(sdk::to_wire(*decoded.value), other) << at;
      }
    }
}

TEST(Codec, RefusesUnknownRepeatedAndMisorderedFields) {
  EXPECT_EQ(refused("980601", 99), WireError::kUnknownField);
  EXPECT_EQ(refused("08010801", 1), WireError::kOrder);
  EXPECT_EQ(refused("10010801", 1), WireError::kOrder);
  EXPECT_EQ(refused("e2010161f00100e2010161", 28), WireError::kOrder);
  EXPECT_EQ(refused("0001", 0), WireError::kWrongType);  // there is no field 0
}

TEST(Codec, RefusesDefaultsThatAreWrittenOut) {
  EXPECT_EQ(refused("0800", 1), WireError::kDefault);
  EXPECT_EQ(refused("6200", 12), WireError::kDefault);
  EXPECT_EQ(refused("7a00", 15), WireError::kDefault);
  EXPECT_EQ(refused("7a0a0a00", 15), WireError::kTruncated);
  EXPECT_EQ(refused("7a020a00", 15), WireError::kDefault);
  EXPECT_EQ(refused("4500000000", 8), WireError::kDefault);
  EXPECT_EQ(refused("aa0100", 21), WireError::kDefault);
}

TEST(Codec, RefusesNumbersOfAnotherForm) {
  EXPECT_EQ(refused("108100", 2), WireError::kOverlong);
  EXPECT_EQ(refused("28ffffffffffffffffff02", 5), WireError::kOverlong);
  EXPECT_EQ(refused("1080808080808080808080808000", 2), WireError::kOverlong);
  EXPECT_EQ(refused("10ffffffff0f", 2), WireError::kOutOfRange);  // 2^32-1 as an int32
  EXPECT_EQ(refused("208080808010", 4), WireError::kOutOfRange);
  EXPECT_EQ(refused("308080808010", 6), WireError::kOutOfRange);
  EXPECT_EQ(refused("0802", 1), WireError::kOutOfRange);
  EXPECT_EQ(refused("7005", 14), WireError::kUnknownEnum);
  EXPECT_EQ(refused("d2010105", 26), WireError::kUnknownEnum);
}

TEST(Codec, RefusesAnotherWireType) {
  EXPECT_EQ(refused("0d01000000", 1), WireError::kWrongType);
  EXPECT_EQ(refused("b00101", 22), WireError::kWrongType);  // not packed
  EXPECT_EQ(refused("7b7c", 15), WireError::kWrongType);    // a group
}

TEST(Codec, KeepsTheBounds) {
  EXPECT_EQ(refused("62113030303030303030303030303030303030", 12), WireError::kTooLong);
  EXPECT_EQ(refused("6a050000000000", 13), WireError::kTooLong);
  EXPECT_EQ(refused("b2010401010101", 22), WireError::kTooMany);
  EXPECT_EQ(refused("e2010161e2010161e2010161e2010161", 28), WireError::kTooMany);
}

TEST(Codec, RefusesTextThatIsNotUtf8) {
  for (const char* text : {"80", "c0af", "c3", "e08080", "eda080", "f4908080", "f0808080", "ff",
                           "4141414141414141ff"}) {
    const Bytes raw = hex(text);
    Bytes message{0x62, static_cast<std::uint8_t>(raw.size())};
    message.insert(message.end(), raw.begin(), raw.end());
    EXPECT_EQ(sdk::from_wire<Everything>(message).error, WireError::kUtf8) << text;
  }
}

TEST(Codec, ChecksDatesCurrenciesOrganisationsAndHashes) {
  EXPECT_EQ(refused("8001a1d2d409", 16), WireError::kFormat);  // 20261153
  EXPECT_EQ(refused("8a0103585858", 17), WireError::kFormat);
  EXPECT_EQ(refused("920103416263", 18), WireError::kFormat);
  EXPECT_EQ(refused("9a010100", 19), WireError::kFormat);
}

TEST(Codec, OneMemberOfAOneof) {
  EXPECT_EQ(refused("9a020161a00201", 35), WireError::kOneof);
}

TEST(Codec, KnowsRequiredFieldsAndOrdersByNumber) {
  EXPECT_EQ(sdk::to_wire(Shuffled{.third = 3, .first = 1, .second = 2}), hex("080110021803"));
  const auto missing = sdk::from_wire<Shuffled>(hex("08011803"));
  EXPECT_EQ(missing.error, WireError::kMissing);
  EXPECT_EQ(missing.field, 2U);
}

TEST(Codec, NamesEnumValues) {
  EXPECT_EQ(to_text(Colour::kNegative), "COLOUR_NEGATIVE");
  EXPECT_FALSE(is_known(static_cast<Colour>(9)));
}

}  // namespace
}  // namespace usance::everything::v1
