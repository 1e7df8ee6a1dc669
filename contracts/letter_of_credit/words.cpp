#include "contracts/letter_of_credit/words.h"

namespace usance::letter_of_credit::v1 {
namespace {

bool is_word_char(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

bool contains_words(std::string_view text, std::string_view part) {
  if (part.empty()) return false;
  const std::string padded = " " + std::string(text) + " ";
  return padded.find(" " + std::string(part) + " ") != std::string::npos;
}

}  // namespace

std::string plain_words(std::string_view text) {
  std::string out;
  bool gap = false;
  for (const char raw : text) {
    const bool lower = raw >= 'a' && raw <= 'z';
    const auto c = static_cast<unsigned char>(lower ? raw - 'a' + 'A' : raw);
    if (!is_word_char(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out.push_back(' ');
    gap = false;
    out.push_back(static_cast<char>(c));
  }
  return out;
}

bool same_words(std::string_view a, std::string_view b) {
  return plain_words(a) == plain_words(b);
}

bool words_agree(std::string_view credit, std::string_view document) {
  const std::string expected = plain_words(credit);
  const std::string found = plain_words(document);
  return contains_words(found, expected) || contains_words(expected, found);
}

}  // namespace usance::letter_of_credit::v1
