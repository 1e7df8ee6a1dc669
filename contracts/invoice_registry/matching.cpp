#include "contracts/invoice_registry/matching.h"

#include <algorithm>

#include "contracts/sdk/date.h"

namespace usance::invoice_registry::v1 {

bool is_credit_note(std::uint32_t document_class) {
  switch (document_class) {
    case 81:   // credit note related to goods or services
    case 83:   // credit note related to financial adjustments
    case 261:  // self-billed credit note
    case 262:  // consolidated credit note
    case 296:  // interim application credit note
    case 308:  // delcredere credit note
    case 381:  // credit note
    case 396:  // factored credit note
    case 420:  // optical character reading credit note
    case 458:  // reversal of debit
    case 532:  // forwarder's credit note
      return true;
    default: return false;
  }
}

Lookups lookups_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNumber:
      return {{{{kind, kind}, {TokenKind::kReference, TokenKind::kReference}}}, 2};
    case TokenKind::kNumberName:
      return {{{{kind, kind}, {TokenKind::kReferenceName, TokenKind::kReferenceName}}}, 2};
    case TokenKind::kReference: return {{{{TokenKind::kNumber, kind}}}, 1};
    case TokenKind::kReferenceName: return {{{{TokenKind::kNumberName, kind}}}, 1};
    default: return {{{{kind, kind}}}, 1};
  }
}

namespace {

Relation relate_invoices(const SharedKinds& shared, const Document& a, const Document& b) {
  const bool number = shared.either(TokenKind::kNumber, TokenKind::kNumberName);
  const bool reference = shared.either(TokenKind::kReference, TokenKind::kReferenceName);
  const bool other_class = a.document_class != b.document_class;
  const bool credit_a = is_credit_note(a.document_class);
  const bool credit_b = is_credit_note(b.document_class);
  const bool credited = credit_a != credit_b;
  if (credited && (number || reference)) return {Colour::kLink, Reason::kCreditNote};
  // A document that names its own number as its predecessor's does not become another by it; nor
  // is a credit note meant when another names its invoice's number.
  if (reference && !credit_a && (other_class || !number)) return {Colour::kLink, Reason::kRefersTo};
  if (number && other_class) return {Colour::kAmber, Reason::kOtherDocument};
  if (shared.has(TokenKind::kSame)) {
    if (a.side == b.side) return {Colour::kRed, Reason::kSameInvoice};
    return {Colour::kAmber, Reason::kOtherSide};
  }
  if (shared.has(TokenKind::kNumberByLaw) && a.side == b.side)
    return {Colour::kRed, Reason::kNumberUsedTwice};
  if (shared.either(TokenKind::kSameSellerId, TokenKind::kSameBuyerId) ||
      shared.has(TokenKind::kSameNames))
    return {Colour::kAmber, Reason::kIdentityConflict};
  if (shared.either(TokenKind::kNumberInYear, TokenKind::kNumberInYearName))
    return {Colour::kAmber, Reason::kNumberReused};
  if (shared.either(TokenKind::kSkeleton, TokenKind::kSkeletonName))
    return {Colour::kAmber, Reason::kSimilarNumber};
  if (shared.either(TokenKind::kNearNumber, TokenKind::kNearNumberName))
    return {Colour::kAmber, Reason::kNearNumberTyped};
  if (shared.either(TokenKind::kRenumbered, TokenKind::kRenumberedNames))
    return {Colour::kAmber, Reason::kOtherNumber};
  return {};
}

// One document has several of these only by what it refers to, or by spellings of its number.
bool stands_once(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNearNumber:
    case TokenKind::kNearNumberName:
    case TokenKind::kReference:
    case TokenKind::kReferenceName:
    case TokenKind::kSimilarAmount: return false;
    default: return is_of_invoice(kind);
  }
}

}  // namespace

Relation relate(const SharedKinds& shared, const Document& a, const Document& b) {
  const Relation invoice = relate_invoices(shared, a, b);
  if (invoice.colour == Colour::kRed) return invoice;
  // A warehouse receipt is pledged by whoever holds the goods: it has no sides.
  const bool one_side = a.side == b.side;
  if (shared.has(TokenKind::kWarehouseReceipt) ||
      (one_side && shared.either(TokenKind::kBillOfLading, TokenKind::kCreditPresentation)))
    return {Colour::kRed, Reason::kSameTitle};
  if (shared.either(TokenKind::kBillOfLading, TokenKind::kCreditPresentation))
    return {Colour::kAmber, Reason::kOtherSide};
  if (invoice.colour != Colour::kColourUnset) return invoice;
  if (shared.has(TokenKind::kContainer)) return {Colour::kAmber, Reason::kSameContainer};
  return {};
}

bool is_reference(std::string_view text) {
  if (text.empty() || text.size() > 35) return false;
  for (const char c : text) {
    const bool allowed =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (!allowed) return false;
  }
  return true;
}

const char* token_fault(const std::vector<Token>& tokens) {
  if (tokens.empty()) return "there are none";
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::kTokenKindUnset || !is_known(token.kind))
      return "a kind is unknown";
    if (token.value.size() != 32) return "a value is not of 32 bytes";
    if (i == 0) continue;
    const Token& before = tokens[i - 1];
    if (before.kind == token.kind && stands_once(token.kind))
      return "a kind that stands once stands twice";
    if (before.kind > token.kind || (before.kind == token.kind && !(before.value < token.value)))
      return "they are not ascending by kind and value";
  }
  return nullptr;
}

bool is_of_invoice(TokenKind kind) {
  return kind >= TokenKind::kSame && kind <= TokenKind::kNumberByLaw;
}

bool same_kinds(const std::vector<Token>& a, const std::vector<Token>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Token& x, const Token& y) { return x.kind == y.kind; });
}

bool is_title(TokenKind kind) {
  return kind == TokenKind::kBillOfLading || kind == TokenKind::kWarehouseReceipt ||
         kind == TokenKind::kCreditPresentation;
}

bool has_balance(TokenKind kind) {
  return kind == TokenKind::kPurchaseOrder || kind == TokenKind::kCustomsDeclaration ||
         kind == TokenKind::kCredit;
}

std::int64_t end_of_weekday(std::int64_t from_ms, int count) {
  sdk::Date day = sdk::Date::from_ms(from_ms);
  for (int weekdays = 0; weekdays < count;) {
    day = day.plus_days(1);
    if (day.weekday() != 0 && day.weekday() != 6) ++weekdays;
  }
  return day.end_ms();
}

}  // namespace usance::invoice_registry::v1
