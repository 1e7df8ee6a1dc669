#include "tools/documents/swift/tenor_text.h"

#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

#include "tools/documents/swift/mt_writer.h"

namespace usance::documents {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kFrom = {
    {{"DATE OF SHIPMENT", "AFTER_SHIPMENT"},
     {"SHIPMENT DATE", "AFTER_SHIPMENT"},
     {"SHIPMENT", "AFTER_SHIPMENT"},
     {"BILL OF LADING DATE", "AFTER_SHIPMENT"},
     {"B/L DATE", "AFTER_SHIPMENT"},
     {"DATE OF BILL OF LADING", "AFTER_SHIPMENT"},
     {"INVOICE DATE", "AFTER_INVOICE_DATE"},
     {"DATE OF INVOICE", "AFTER_INVOICE_DATE"},
     {"PRESENTATION OF DOCUMENTS", "AFTER_SIGHT"},
     {"SIGHT", "AFTER_SIGHT"}}};

// Upper case, one space between words, without what only joins them to the sentence.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) != 0) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += static_cast<char>(std::toupper(byte));
    }
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '.')) out.pop_back();
  if (out.starts_with("AT ")) out.erase(0, 3);
  return out;
}

}  // namespace

std::optional<Json> read_tenor(std::string_view text) {
  std::string words = plain(text);
  if (words == "SIGHT") return Json::object();
  std::size_t digits = 0;
  while (digits < words.size() && std::isdigit(static_cast<unsigned char>(words[digits])) != 0)
    ++digits;
  if (digits == 0 || digits > 4) return std::nullopt;
  const int days = std::stoi(words.substr(0, digits));
  words.erase(0, digits);
  if (words.starts_with(" ")) words.erase(0, 1);
  for (const std::string_view day : {"DAYS ", "DAY "})
    if (words.starts_with(day)) {
      words.erase(0, day.size());
      break;
    }
  for (const std::string_view joint : {"AFTER ", "FROM ", "THE "})
    if (words.starts_with(joint)) words.erase(0, joint.size());
  if (words.starts_with("THE ")) words.erase(0, 4);
  for (const auto& [phrase, from] : kFrom)
    if (words == phrase && days > 0) return Json{{"from", from}, {"days", days}};
  return std::nullopt;
}

std::string tenor_words(const Json& tenor) {
  const std::string from = text_at(tenor, "from");
  const std::string days = std::to_string(integer_at(tenor, "days")) + " DAYS AFTER ";
  if (from == "AFTER_SHIPMENT") return days + "DATE OF SHIPMENT";
  if (from == "AFTER_INVOICE_DATE") return days + "DATE OF INVOICE";
  if (from == "AFTER_SIGHT") return days + "SIGHT";
  return "";
}

}  // namespace usance::documents
