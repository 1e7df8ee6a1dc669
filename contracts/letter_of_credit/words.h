// Comparing what a document says with what the credit says. Data need not be identical, but must
// not conflict (UCP 600 Art. 14(d)); a program can only compare words, so a difference here is a
// suggestion to the examiner and equality is no guarantee.
//
// Pure: no host access. Works on ASCII letters; other bytes are compared as they are.
#pragma once

#include <string>
#include <string_view>

namespace usance::letter_of_credit::v1 {

// Upper case, punctuation as one space, no space at either end: "Kilima-Coffee  Ltd." and
// "KILIMA COFFEE LTD" are the same.
[[nodiscard]] std::string plain_words(std::string_view text);

[[nodiscard]] bool same_words(std::string_view a, std::string_view b);

// Whether the credit's words all appear, in their order and side by side, in what the document
// says, or the other way round: "MOMBASA" and "MOMBASA, KENYA" do not conflict.
[[nodiscard]] bool words_agree(std::string_view credit, std::string_view document);

}  // namespace usance::letter_of_credit::v1
