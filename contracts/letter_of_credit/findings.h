// Collects discrepancies within the bounds of the interface. Pure: no host access.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "letter_of_credit/records.usance.h"

namespace usance::letter_of_credit::v1 {

// The longest start of `text` of at most `limit` bytes that does not cut a UTF-8 character.
[[nodiscard]] inline std::string clipped(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

class Findings {
 public:
  explicit Findings(std::size_t most) : most_(most) {}

  // Literals come as pointers: there are many calls, and each is smaller so.
  void add(DiscrepancyCode code, const char* article, const std::string& document,
           const char* field, const std::string& expected, const std::string& found) {
    if (list_.size() == most_) return;
    constexpr std::size_t kMaxValue = 160;  // of `expected` and `found` in the interface
    Discrepancy discrepancy;
    discrepancy.code = code;
    discrepancy.article = article;
    discrepancy.document = document;
    discrepancy.field = field;
    discrepancy.expected = clipped(expected, kMaxValue);
    discrepancy.found = clipped(found, kMaxValue);
    list_.push_back(std::move(discrepancy));
  }
  [[nodiscard]] std::vector<Discrepancy> take() { return std::move(list_); }

 private:
  std::size_t most_;
  std::vector<Discrepancy> list_;
};

}  // namespace usance::letter_of_credit::v1
