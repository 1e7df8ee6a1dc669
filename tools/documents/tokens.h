// Keyed fingerprints of a normalised invoice: what goes on the ledger in its place. Equal tokens
// mean equal fields; without the members' key nobody can test a guess. Whoever holds the key can
// (docs/contracts/invoice_registry.md says what that means); the interface is that of a threshold
// OPRF, which can take its place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/types.h"
#include "tools/documents/norm1.h"

namespace usance::documents {

// Numbers are those of TokenKind in contracts/invoice_registry/invoice_registry.proto.
enum class TokenKind : std::uint8_t {
  kSame = 1,              // T1ii: class, seller, buyer, number, date, currency, amount; parties by
                          // id, a party that has none by name
  kSameSellerId = 2,      // T1in: the buyer by name
  kSameBuyerId = 3,       // T1ni: the seller by name
  kSameNames = 4,         // T1nn: both by name
  kNumberInYear = 5,      // T2: class, seller, number, year; by id
  kNumberInYearName = 6,  //     by name
  kSkeleton = 7,          // T3: seller, the number's digits; by id
  kSkeletonName = 8,
  kRenumbered = 9,  // T4: seller, buyer, currency, amount, date; by ids, else by names
  kRenumberedNames = 10,
  kNearNumber = 11,  // T5: seller, number with one character left out; several per invoice
  kNearNumberName = 12,
  kNumber = 13,  // seller, number, whatever the class: links credit notes
  kNumberName = 14,
  kReference = 15,  // a preceding document's number, with the value of a kNumber over it; several
  kReferenceName = 16,
  kSimilarAmount = 17,       // T6: buyer, currency, amount to a hundredth, week; two per invoice
  kNumberByLaw = 18,         // T2 of sellers that the law forbids to use a number twice in a year
  kBillOfLading = 19,        // T7: number, carrier
  kWarehouseReceipt = 20,    // T8: number, operator
  kContainer = 21,           // T9: number, voyage
  kPurchaseOrder = 22,       // T10: number, buyer
  kCustomsDeclaration = 23,  // T11: movement reference number
  kCredit = 24,              // T12: issuing bank, credit number
  kCreditPresentation = 25,  // T12: issuing bank, credit number, number of the presentation
};

struct Token {
  TokenKind kind = TokenKind::kSame;
  Hash32 value;

  friend auto operator<=>(const Token&, const Token&) = default;
};

// What a token is made of. A tuple with an empty field identifies nobody and makes none.
struct TokenInput {
  TokenKind kind = TokenKind::kSame;
  std::vector<std::string> tuple;
};
[[nodiscard]] std::vector<TokenInput> invoice_inputs(const NormalisedInvoice& invoice);
// What the fields of a document behind a financing are, in order; none for kinds that an invoice
// has.
[[nodiscard]] std::vector<std::string_view> document_fields(TokenKind kind);
// Of a document behind a financing (T7 to T12), its fields normalised as identifiers.
// kInvalidArgument when they are not as many as the kind has, or nothing is left of one.
[[nodiscard]] Result<TokenInput> document_input(TokenKind kind,
                                                const std::vector<std::string>& fields);

// 32 secret bytes that the members share, and the epoch (a year) the tokens belong to.
struct TokenKey {
  Hash32 secret;
  std::uint32_t epoch = 0;
};

// token(epoch, kind, tuple) = HMAC-SHA-256(HKDF(secret, epoch, kind), canonical tuple).
[[nodiscard]] Hash32 make_token(const TokenKey& key, TokenKind kind,
                                const std::vector<std::string>& tuple);
// The one place where inputs become tokens, all of a document at once: what a threshold OPRF, a
// round of messages to the members, would take over. Ascending, without duplicates.
[[nodiscard]] std::vector<Token> make_tokens(const TokenKey& key,
                                             const std::vector<TokenInput>& inputs);
// All tokens of an invoice.
[[nodiscard]] std::vector<Token> invoice_tokens(const TokenKey& key,
                                                const NormalisedInvoice& invoice);

}  // namespace usance::documents
