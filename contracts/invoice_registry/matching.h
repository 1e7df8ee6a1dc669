// What it means that two entries have tokens in common. Pure; docs/contracts/invoice_registry.md
// has the table.
#pragma once

#include <array>
#include <cstdint>

#include "invoice_registry/invoice_registry.usance.h"

namespace usance::invoice_registry::v1 {

// The kinds of token that two entries share, a bit each.
class SharedKinds {
 public:
  void add(TokenKind kind) { bits_ |= bit(kind); }
  [[nodiscard]] bool has(TokenKind kind) const { return (bits_ & bit(kind)) != 0; }
  [[nodiscard]] bool either(TokenKind a, TokenKind b) const { return has(a) || has(b); }

 private:
  static std::uint32_t bit(TokenKind kind) { return 1u << static_cast<std::uint32_t>(kind); }
  std::uint32_t bits_ = 0;
};

// Where others that match a token of this kind are found, and which kind they then share: a number
// is found by what refers to it too, a reference by the number alone.
struct Lookups {
  struct One {
    TokenKind among;
    TokenKind shared;
  };
  std::array<One, 2> all{};
  std::size_t count = 0;
};
[[nodiscard]] Lookups lookups_of(TokenKind kind);

struct Relation {
  Colour colour{};  // unset: the two have nothing to do with each other
  Reason reason{};
};

struct Document {
  Side side{};
  std::uint32_t document_class = 0;  // UNTDID 1001
};

[[nodiscard]] bool is_credit_note(std::uint32_t document_class);
[[nodiscard]] Relation relate(const SharedKinds& shared, const Document& a, const Document& b);

// 1 to 35 of A-Z, a-z, 0-9 and '-'.
[[nodiscard]] bool is_reference(std::string_view text);
// Ascending by (kind, value), no duplicates, known kinds, 32 bytes each, at least one. Null when
// well-formed, else what is wrong.
[[nodiscard]] const char* token_fault(const std::vector<Token>& tokens);
// As many tokens of each kind in both.
[[nodiscard]] bool same_kinds(const std::vector<Token>& a, const std::vector<Token>& b);
// Of an invoice or note, not of the documents behind it.
[[nodiscard]] bool is_of_invoice(TokenKind kind);
// A document that secures one financing.
[[nodiscard]] bool is_title(TokenKind kind);
// A document that financings draw on.
[[nodiscard]] bool has_balance(TokenKind kind);
[[nodiscard]] inline std::uint32_t balance_left(const Holding& holding) {
  return holding.outstanding > holding.drawn ? holding.outstanding - holding.drawn : 0;
}
// The end of that many weekdays after the instant, in UTC milliseconds. Banks' holidays are not
// considered: the terms are the register's own.
[[nodiscard]] std::int64_t end_of_weekday(std::int64_t from_ms, int count);
[[nodiscard]] inline std::int64_t lapse_time(std::int64_t registered_at_ms) {
  return end_of_weekday(registered_at_ms, 10);
}

}  // namespace usance::invoice_registry::v1
