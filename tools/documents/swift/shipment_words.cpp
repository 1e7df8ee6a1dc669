#include "tools/documents/swift/shipment_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "tools/documents/ascii.h"

namespace usance::documents {

namespace {

using contract::Date;
using letter_of_credit::v1::DateSpan;
namespace lc = letter_of_credit::v1;

struct TextWord {
  std::string text;  // in capitals, without the punctuation around it
  std::size_t from = 0;
  std::size_t to = 0;  // in the text
};

std::vector<TextWord> tokens_of(std::string_view text) {
  std::vector<TextWord> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto inside = [&](std::size_t i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (std::isalnum(byte) != 0) return true;
      // Within a date: 2027-03-15, 15.03.2027, 15/03/2027.
      const bool joins = text[i] == '-' || text[i] == '.' || text[i] == '/';
      return joins && i > at && i + 1 < text.size() && is_digit(text[i - 1]) &&
             is_digit(text[i + 1]);
    };
    std::size_t end = at;
    while (end < text.size() && inside(end)) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    TextWord token{std::string(text.substr(at, end - at)), at, end};
    for (char& c : token.text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    out.push_back(std::move(token));
    at = end;
  }
  return out;
}

std::optional<int> whole_number(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return out;
}

std::optional<Date> valid(int year, int month, int day) {
  const Date date = Date::of(year, month, day);
  if (year < 1900 || year > 2999 || !date.is_valid()) return std::nullopt;
  return date;
}

class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text), tokens_(tokens_of(text)) {}

  std::vector<ShipmentWords> read() {
    std::vector<ShipmentWords> out;
    while (at_ < tokens_.size()) {
      const std::size_t start = at_;
      if (auto found = expression()) {
        const std::size_t from = tokens_[start].from;
        found->words = capitals(text_.substr(from, tokens_[at_ - 1].to - from));
        out.push_back(*std::move(found));
      } else {
        at_ = start + 1;
      }
    }
    return out;
  }

 private:
  static std::string capitals(std::string_view text) {
    std::string out;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isspace(byte) != 0) {
        if (!out.empty() && out.back() != ' ') out.push_back(' ');
      } else {
        out.push_back(static_cast<char>(std::toupper(byte)));
      }
    }
    return out;
  }

  // Takes these words when they come next.
  bool words(std::string_view phrase) {
    std::size_t at = at_;
    while (!phrase.empty()) {
      const std::size_t space = std::min(phrase.find(' '), phrase.size());
      if (at == tokens_.size() || tokens_[at].text != phrase.substr(0, space)) return false;
      phrase.remove_prefix(std::min(space + 1, phrase.size()));
      ++at;
    }
    at_ = at;
    return true;
  }

  std::optional<int> month() {
    constexpr std::array<std::string_view, 12> kMonths = {
        "JANUARY", "FEBRUARY", "MARCH",     "APRIL",   "MAY",      "JUNE",
        "JULY",    "AUGUST",   "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"};
    if (at_ == tokens_.size()) return std::nullopt;
    const std::string& text = tokens_[at_].text;
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      if (text != kMonths[i] && text != kMonths[i].substr(0, 3)) continue;
      ++at_;
      return static_cast<int>(i) + 1;
    }
    return std::nullopt;
  }

  // A number of so many digits, or what is left of it behind "TH" and the like.
  std::optional<int> digits(std::size_t least, std::size_t most) {
    if (at_ == tokens_.size()) return std::nullopt;
    std::string_view text = tokens_[at_].text;
    for (const std::string_view ordinal : {"ST", "ND", "RD", "TH"})
      if (most <= 2 && text.ends_with(ordinal)) text.remove_suffix(2);
    if (text.size() < least || text.size() > most) return std::nullopt;
    const auto out = whole_number(text);
    if (out) ++at_;
    return out;
  }

  // All in one word: 2027-03-15, 15.03.2027, 270315.
  std::optional<Date> written_together() {
    if (at_ == tokens_.size()) return std::nullopt;
    const std::string_view text = tokens_[at_].text;
    std::optional<Date> out;
    if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
      out = of(text.substr(0, 4), text.substr(5, 2), text.substr(8, 2));
    } else if (text.size() == 10 && text[2] == '.' && text[5] == '.') {
      out = of(text.substr(6, 4), text.substr(3, 2), text.substr(0, 2));
    } else if (text.size() == 6 && text.find_first_not_of("0123456789") == std::string_view::npos) {
      out = of("20" + std::string(text.substr(0, 2)), text.substr(2, 2), text.substr(4, 2));
    }
    if (out) ++at_;
    return out;
  }

  static std::optional<Date> of(std::string_view year, std::string_view month,
                                std::string_view day) {
    const auto y = whole_number(year);
    const auto m = whole_number(month);
    const auto d = whole_number(day);
    if (!y || !m || !d) return std::nullopt;
    return valid(*y, *m, *d);
  }

  std::optional<Date> date() {
    const std::size_t start = at_;
    if (const auto whole = written_together()) return whole;
    auto day = digits(1, 2);
    if (day) words("OF");
    const auto named = month();
    if (named && !day) day = digits(1, 2);
    const auto year = named && day ? digits(4, 4) : std::nullopt;
    const auto out = year ? valid(*year, *named, *day) : std::nullopt;
    if (!out) at_ = start;
    return out;
  }

  // "OF MARCH 2027", "MARCH 2027": the month that a part is taken of.
  std::optional<DateSpan> part_of_month(DateSpan (*part)(int, int)) {
    words("OF");
    const auto named = month();
    const auto year = named ? digits(4, 4) : std::nullopt;
    if (!year || *year < 1900 || *year > 2999) return std::nullopt;
    return part(*year, *named);
  }

  std::optional<ShipmentWords> spanned(std::optional<DateSpan> span, bool explained = true) {
    if (!span) return std::nullopt;
    ShipmentWords out;
    out.span = *span;
    out.explained = explained;
    return out;
  }

  std::optional<ShipmentWords> one_date(DateSpan (*meaning)(Date), bool explained = true) {
    words("THE");
    const auto named = date();
    if (!named) return std::nullopt;
    return spanned(meaning(*named), explained);
  }

  // Two dates around one of these words.
  std::optional<ShipmentWords> two_dates(std::initializer_list<std::string_view> joints) {
    const auto first = date();
    bool joined = false;
    for (const std::string_view joint : joints) joined = joined || (first && words(joint));
    const auto last = joined ? date() : std::nullopt;
    if (!last || *last < *first) return std::nullopt;
    return spanned(lc::between(*first, *last));
  }

  std::optional<ShipmentWords> expression() {
    for (const std::string_view vague :
         {"PROMPT", "PROMPTLY", "IMMEDIATELY", "IMMEDIATE", "AS SOON AS POSSIBLE"}) {
      if (!words(vague)) continue;
      ShipmentWords out;
      out.disregarded = out.explained = true;
      return out;
    }
    if (words("ON OR ABOUT")) return one_date(lc::on_or_about);
    if (words("BETWEEN")) return two_dates({"AND", "TO"});
    if (words("FROM")) {
      const std::size_t behind = at_;
      if (auto both = two_dates({"TO", "UNTIL", "TILL"})) return both;
      at_ = behind;
      return one_date(lc::from);
    }
    for (const std::string_view plain :
         {"NOT LATER THAN", "NO LATER THAN", "NOT AFTER", "LATEST BY", "LATEST", "BY"}) {
      if (words(plain)) return one_date(lc::until, false);
    }
    for (const std::string_view plain : {"NOT BEFORE", "NOT EARLIER THAN", "NO EARLIER THAN"}) {
      if (words(plain)) return one_date(lc::from, false);
    }
    for (const std::string_view word : {"UNTIL", "TILL", "TO"}) {
      if (words(word)) return one_date(lc::until);
    }
    if (words("BEFORE")) return one_date(lc::before);
    if (words("AFTER")) return one_date(lc::after);
    if (words("FIRST HALF")) return spanned(part_of_month(lc::first_half));
    if (words("SECOND HALF")) return spanned(part_of_month(lc::second_half));
    if (words("BEGINNING")) return spanned(part_of_month(lc::beginning));
    if (words("MIDDLE")) return spanned(part_of_month(lc::middle));
    if (words("END")) return spanned(part_of_month(lc::end));
    if (words("DURING") || words("IN")) return spanned(part_of_month(whole_month), false);
    return std::nullopt;
  }

  static DateSpan whole_month(int year, int month) {
    return {Date::of(year, month, 1), lc::last_of_month(year, month)};
  }

  std::string_view text_;
  std::vector<TextWord> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<ShipmentWords> read_shipment_words(std::string_view text) {
  return WordReader(text).read();
}

DateSpan together(const std::vector<ShipmentWords>& expressions) {
  DateSpan out;
  for (const ShipmentWords& expression : expressions) {
    out.first = std::max(out.first, expression.span.first);
    const Date last = expression.span.last;
    if (last.is_set() && (!out.last.is_set() || last < out.last)) out.last = last;
  }
  return out;
}

std::string meaning_of(const ShipmentWords& expression) {
  if (expression.disregarded) return "disregarded";
  const DateSpan& span = expression.span;
  if (!span.first.is_set()) return "not after " + contract::to_text(span.last);
  if (!span.last.is_set()) return "not before " + contract::to_text(span.first);
  return contract::to_text(span.first) + " to " + contract::to_text(span.last);
}

}  // namespace usance::documents
