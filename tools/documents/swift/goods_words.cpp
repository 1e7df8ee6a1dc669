#include "tools/documents/swift/goods_words.h"

#include <algorithm>

#include "tools/documents/ascii.h"

namespace usance::documents {

namespace {

constexpr std::string_view kQuantity = "QUANTITY: ";
constexpr std::string_view kUnitPrice = "UNIT PRICE: ";
constexpr std::string_view kAbout = "ABOUT ";
constexpr std::string_view kItems = ", COUNTED";

// Whether the number stands in the text by itself: "5.2" is not in "15.2" or "5.20".
bool states(const std::string& text, const std::string& number) {
  for (std::size_t at = text.find(number); at != std::string::npos;
       at = text.find(number, at + 1)) {
    const auto digit_at = [&](std::size_t i) {
      return i < text.size() && (is_digit(text[i]) || text[i] == '.' || text[i] == ',');
    };
    const std::size_t end = at + number.size();
    const bool before = at > 0 && digit_at(at - 1);
    const bool after = digit_at(end) && (is_digit(text[end]) || digit_at(end + 1));
    if (!before && !after) return true;
  }
  return false;
}

// About nothing else need be said: only a clause of its own tells which number is "about".
bool is_said(const std::string& goods, const Json& item) {
  return states(goods, text_at(item, "value")) && at(item, "about") != Json(true);
}

std::string about_of(const Json& item) {
  return at(item, "about") == Json(true) ? std::string(kAbout) : "";
}

// Takes the word from the front of the text, behind which a blank or the end stands.
std::string take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  std::string out(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return out;
}

bool is_decimal(const std::string& text) {
  const auto other = [](char c) { return !is_digit(c) && c != '.'; };
  return !text.empty() && is_digit(text.front()) && is_digit(text.back()) &&
         std::ranges::none_of(text, other) && std::ranges::count(text, '.') <= 1;
}

bool is_unit(const std::string& text) {
  return !text.empty() && text.size() <= 8 && std::ranges::all_of(text, is_alphanumeric);
}

}  // namespace

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (end > from) out.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

std::vector<std::string> goods_clauses(const Json& terms, const std::string& currency) {
  const std::string goods = text_at(terms, "goods");
  std::vector<std::string> out = lines_of(goods);
  const std::string trade_term = text_at(terms, "trade_term");
  bool stated = trade_term.empty();
  for (const std::string& clause : out) stated = stated || clause == trade_term;
  if (!stated) out.push_back(trade_term);
  const Json& quantity = at(terms, "quantity");
  if (!text_at(quantity, "value").empty() && !is_said(goods, quantity)) {
    const bool counted = at(quantity, "counts_items") == Json(true);
    out.push_back(std::string(kQuantity) + about_of(quantity) + text_at(quantity, "value") + " " +
                  text_at(quantity, "unit") + std::string(counted ? kItems : ""));
  }
  const Json& price = at(terms, "unit_price");
  if (!text_at(price, "value").empty() && !is_said(goods, price)) {
    out.push_back(std::string(kUnitPrice) + about_of(price) + currency + " " +
                  text_at(price, "value") + " PER " + text_at(price, "unit"));
  }
  return out;
}

bool read_goods_clause(const std::string& clause, Json& terms) {
  std::string_view rest = clause;
  const bool price = rest.starts_with(kUnitPrice);
  if (!price && !rest.starts_with(kQuantity)) return false;
  rest.remove_prefix(price ? kUnitPrice.size() : kQuantity.size());
  Json item = Json::object();
  const bool about = rest.starts_with(kAbout);
  if (about) rest.remove_prefix(kAbout.size());
  if (!price && rest.ends_with(kItems)) {
    item["counts_items"] = true;
    rest.remove_suffix(kItems.size());
  }
  if (price && take_word(rest).size() != 3) return false;  // the credit's own currency
  const std::string value = take_word(rest);
  if (price && take_word(rest) != "PER") return false;
  const std::string unit = take_word(rest);
  if (!is_decimal(value) || value.size() > 20 || !is_unit(unit) || !rest.empty()) return false;
  item["value"] = value;
  item["unit"] = unit;
  if (about) item["about"] = true;
  terms[price ? "unit_price" : "quantity"] = item;
  return true;
}

}  // namespace usance::documents
