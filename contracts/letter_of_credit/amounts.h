// Amounts and quantities of a credit and how far a drawing may depart from them.
//
// Money is minor units of the credit's currency; percentages are basis points (1 % = 100).
// Rounding goes against who claims: a ceiling rounds down, a floor rounds up.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace usance::letter_of_credit::v1 {

inline constexpr std::uint32_t kWholeBp = 10'000;
inline constexpr std::uint32_t kAboutBp = 1'000;            // UCP 600 Art. 30(a): +-10 %
inline constexpr std::uint32_t kBulkQuantityBp = 500;       // Art. 30(b): +-5 % of quantity
inline constexpr std::uint32_t kShortDrawingBp = 500;       // Art. 30(c): 5 % less drawn
inline constexpr std::uint32_t kInsuranceCoverBp = 11'000;  // Art. 28(f)(ii): 110 %

struct Tolerance {
  std::uint32_t plus_bp = 0;
  std::uint32_t minus_bp = 0;
};

// value * bp / 10000, down or up. Values and results are not negative; a result beyond int64 is
// nothing.
[[nodiscard]] constexpr std::optional<std::int64_t> share_floor(std::int64_t value,
                                                                std::uint32_t bp) {
  const auto product = static_cast<unsigned __int128>(value) * bp / kWholeBp;
  if (value < 0 || product > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(product);
}
[[nodiscard]] constexpr std::optional<std::int64_t> share_ceil(std::int64_t value,
                                                               std::uint32_t bp) {
  const auto product = (static_cast<unsigned __int128>(value) * bp + kWholeBp - 1) / kWholeBp;
  if (value < 0 || product > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(product);
}

// The most that may be drawn under a credit: its amount with the tolerance above it. An explicit
// tolerance (tag 39A) replaces "about" (Art. 30(a)).
[[nodiscard]] constexpr Tolerance amount_tolerance(bool about, Tolerance stated) {
  if (stated.plus_bp != 0 || stated.minus_bp != 0) return stated;
  return about ? Tolerance{kAboutBp, kAboutBp} : Tolerance{};
}
[[nodiscard]] constexpr std::optional<std::int64_t> ceiling_of(std::int64_t amount,
                                                               Tolerance tolerance) {
  return share_floor(amount, kWholeBp + tolerance.plus_bp);
}

// What is said to be "about" so much besides the amount.
struct About {
  bool quantity = false;
  bool unit_price = false;
};

// The least that a single drawing may be when partial shipments are not allowed. Without a stated
// tolerance 5 % less is in order: Art. 30(c) for a full shipment, Art. 30(b) for goods in bulk. An
// "about" anywhere else takes Art. 30(c) away: the drawing then follows what that "about" allows.
[[nodiscard]] constexpr std::optional<std::int64_t> floor_of(std::int64_t amount,
                                                             Tolerance tolerance,
                                                             About about = {}) {
  const bool stated = tolerance.plus_bp != 0 || tolerance.minus_bp != 0;
  if (stated) return share_ceil(amount, kWholeBp - tolerance.minus_bp);
  if (!about.quantity && !about.unit_price) return share_ceil(amount, kWholeBp - kShortDrawingBp);
  std::optional<std::int64_t> least = amount;
  if (about.quantity) least = share_ceil(*least, kWholeBp - kAboutBp);
  if (about.unit_price && least) least = share_ceil(*least, kWholeBp - kAboutBp);
  return least;
}

// How far the shipped quantity may depart: "about" gives 10 % (Art. 30(a)); otherwise 5 %, unless
// the credit counts packing units or individual items (Art. 30(b)).
[[nodiscard]] constexpr Tolerance quantity_tolerance(bool about, bool counts_items) {
  if (about) return {kAboutBp, kAboutBp};
  if (counts_items) return {};
  return {kBulkQuantityBp, kBulkQuantityBp};
}

// How far an invoiced unit price may depart from the credit's: "about" gives 10 % (Art. 30(a)) of
// it alone, and nothing else gives anything.
[[nodiscard]] constexpr Tolerance unit_price_tolerance(bool about) {
  return about ? Tolerance{kAboutBp, kAboutBp} : Tolerance{};
}

// A decimal such as "19200" or "19.2" with at most `places` of them (up to 6), as a count of its
// smallest steps; nothing for a sign, more decimals, other characters, or more than fits.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_decimal(std::string_view text,
                                                                  std::size_t places) {
  std::int64_t value = 0;
  std::size_t digits = 0;
  std::size_t decimals = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point && digits > 0) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9' || digits == 18 - places || decimals == places) return std::nullopt;
    value = value * 10 + (c - '0');
    ++digits;
    if (point) ++decimals;
  }
  if (digits == 0 || (point && decimals == 0)) return std::nullopt;
  for (; decimals < places; ++decimals) value *= 10;
  return value;
}

// Quantities have three decimals, unit prices six.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_thousandths(std::string_view text) {
  return parse_decimal(text, 3);
}
[[nodiscard]] constexpr std::optional<std::int64_t> parse_unit_price(std::string_view text) {
  return parse_decimal(text, 6);
}

}  // namespace usance::letter_of_credit::v1
