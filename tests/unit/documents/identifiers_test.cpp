#include "tools/documents/identifiers.h"

#include <string>

#include <gtest/gtest.h>

namespace usance::documents {
namespace {

using Kind = IdentifierKind;

bool good(Kind kind, std::string_view text) {
  return check_identifier(kind, text).has_value();
}

TEST(Identifiers, OnesWithRightCheckDigitsPass) {
  EXPECT_TRUE(good(Kind::kIban, "GB82WEST12345698765432"));
  EXPECT_TRUE(good(Kind::kIban, "GB82 WEST 1234 5698 7654 32"));
  EXPECT_TRUE(good(Kind::kIban, "DE89370400440532013000"));
  EXPECT_TRUE(good(Kind::kLei, "506700GE1G29325QX363"));
  EXPECT_TRUE(good(Kind::kLei, "506700ge1g29325qx363"));
  EXPECT_TRUE(good(Kind::kBic, "DEUTDEFF"));
  EXPECT_TRUE(good(Kind::kBic, "NLBKUGKA001"));
  EXPECT_TRUE(good(Kind::kContainer, "CSQU3054383"));
  EXPECT_TRUE(good(Kind::kContainer, "CSQU 305438-3"));
  EXPECT_TRUE(good(Kind::kImoNumber, "9074729"));
  EXPECT_TRUE(good(Kind::kImoNumber, "IMO 9074729"));
  EXPECT_TRUE(good(Kind::kGtin, "4006381333931"));
  EXPECT_TRUE(good(Kind::kGtin, "96385074"));
  EXPECT_TRUE(good(Kind::kGtin, "036000291452"));
  EXPECT_TRUE(good(Kind::kGln, "4006381333931"));
  EXPECT_TRUE(good(Kind::kSscc, "106141412345678908"));
  EXPECT_TRUE(good(Kind::kAirWaybill, "020-12345675"));
}

TEST(Identifiers, AWrongCheckDigitIsFound) {
  EXPECT_FALSE(good(Kind::kIban, "GB82WEST12345698765433"));
  EXPECT_FALSE(good(Kind::kLei, "5493001KJTIIGC8Y1R13"));
  EXPECT_FALSE(good(Kind::kContainer, "CSQU3054384"));
  EXPECT_FALSE(good(Kind::kImoNumber, "9074728"));
  EXPECT_FALSE(good(Kind::kGtin, "4006381333932"));
  EXPECT_FALSE(good(Kind::kSscc, "106141412345678907"));
  EXPECT_FALSE(good(Kind::kAirWaybill, "02012345674"));
}

TEST(Identifiers, AWrongFormIsFound) {
  for (const Kind kind : {Kind::kIban, Kind::kLei, Kind::kBic, Kind::kContainer, Kind::kImoNumber,
                          Kind::kGtin, Kind::kGln, Kind::kSscc, Kind::kAirWaybill})
    for (const char* bad : {"", " ", "-", "x", "\xC3\x9C", "00000000000000000000000000000000000"})
      EXPECT_FALSE(good(kind, bad)) << name_of(kind) << " " << bad;
  EXPECT_FALSE(good(Kind::kIban, "GB82WEST1234569876543"));
  EXPECT_FALSE(good(Kind::kIban, "US82WEST12345698765432"));
  EXPECT_FALSE(good(Kind::kBic, "DEUTQQFF"));
  EXPECT_FALSE(good(Kind::kBic, "DEUTDEFF5"));
  EXPECT_FALSE(good(Kind::kContainer, "CSQX3054383"));
  EXPECT_FALSE(good(Kind::kGln, "96385074"));
}

// One digit changed or two neighbours swapped: what check digits are for.
TEST(Identifiers, EverySingleSlipInAnIbanAndAnLeiIsFound) {
  for (const auto& [kind, right] :
       {std::pair<Kind, std::string>{Kind::kIban, "DE89370400440532013000"},
        {Kind::kLei, "506700GE1G29325QX363"}}) {
    for (std::size_t i = 4; i < right.size(); ++i) {
      std::string slip = right;
      slip[i] = slip[i] == '7' ? '8' : '7';
      EXPECT_FALSE(good(kind, slip)) << slip;
      const bool digits = i + 1 < right.size() && right[i] <= '9' && right[i + 1] <= '9';
      if (!digits || right[i] == right[i + 1]) continue;
      slip = right;
      std::swap(slip[i], slip[i + 1]);
      EXPECT_FALSE(good(kind, slip)) << slip;
    }
  }
}

TEST(Identifiers, TheErrorSaysWhatIsWrong) {
  EXPECT_EQ(check_identifier(Kind::kLei, "5493001KJTIIGC8Y1R13").error().message,
            "'5493001KJTIIGC8Y1R13' is no LEI: its check digits do not fit");
}

TEST(Identifiers, Countries) {
  EXPECT_TRUE(is_country("UG"));
  EXPECT_TRUE(is_country("XK"));
  EXPECT_FALSE(is_country("UK"));
  EXPECT_FALSE(is_country("D "));
  EXPECT_FALSE(is_country(""));
}

}  // namespace
}  // namespace usance::documents
