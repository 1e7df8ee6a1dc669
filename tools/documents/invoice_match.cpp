#include "tools/documents/invoice_match.h"

#include <algorithm>
#include <map>

#include "contracts/invoice_registry/matching.h"

namespace usance::documents {

namespace {

namespace registry = invoice_registry::v1;

using Pair = std::pair<std::size_t, std::size_t>;  // ascending
using Bearers = std::map<Token, std::vector<std::size_t>>;
using SharedTokens = std::map<Pair, std::vector<TokenKind>>;

MatchClass class_of(MatchReason reason) {
  switch (reason) {
    case MatchReason::kCreditNote:
    case MatchReason::kRefersTo: return MatchClass::kLink;
    case MatchReason::kSameInvoice:
    case MatchReason::kNumberUsedTwice: return MatchClass::kRed;
    case MatchReason::kIdentityConflict: return MatchClass::kAmberId;
    case MatchReason::kNumberReused:
    case MatchReason::kSimilarNumber:
    case MatchReason::kNearNumberTyped: return MatchClass::kAmberNumber;
    case MatchReason::kOtherNumber:
    case MatchReason::kOtherDocument: return MatchClass::kAmber;
  }
  return MatchClass::kAmber;
}

registry::Document document_of(const NormalisedInvoice& invoice) {
  registry::Document out;
  out.side = registry::Side::kSellerReceivable;  // one bank's pile is all on one side
  for (const char c : invoice.document_class)
    out.document_class = out.document_class * 10 + static_cast<std::uint32_t>(c - '0');
  return out;
}

void note(SharedTokens& shared, std::size_t a, std::size_t b, TokenKind kind) {
  std::vector<TokenKind>& kinds = shared[std::minmax(a, b)];
  if (kinds.empty() || kinds.back() != kind) kinds.push_back(kind);
}

// A reference matches the number that it names; two files that name one third have nothing in
// common by that.
void note_references(SharedTokens& shared, const Bearers& bearers, const Token& reference,
                     const std::vector<std::size_t>& who) {
  const TokenKind number =
      reference.kind == TokenKind::kReference ? TokenKind::kNumber : TokenKind::kNumberName;
  const auto named = bearers.find(Token{number, reference.value});
  if (named == bearers.end()) return;
  for (const std::size_t a : who)
    for (const std::size_t b : named->second)
      if (a != b) note(shared, a, b, reference.kind);
}

}  // namespace

Result<std::vector<InvoicePair>> match_invoices(const std::vector<InvoiceFile>& files) {
  if (files.size() > kMaxMatchedFiles)
    return fail(ErrorCode::kInvalidArgument,
                "more than " + std::to_string(kMaxMatchedFiles) + " invoices at once");
  // The key matters to nobody here: no token leaves this function.
  Bearers bearers;
  for (std::size_t i = 0; i < files.size(); ++i)
    for (const Token& token : invoice_tokens({}, files[i].invoice)) bearers[token].push_back(i);

  SharedTokens shared;
  for (const auto& [token, who] : bearers) {
    if (token.kind == TokenKind::kSimilarAmount) continue;  // the register only counts it
    if (token.kind == TokenKind::kReference || token.kind == TokenKind::kReferenceName) {
      note_references(shared, bearers, token, who);
    } else {
      for (std::size_t a = 0; a + 1 < who.size(); ++a)
        for (std::size_t b = a + 1; b < who.size(); ++b) note(shared, who[a], who[b], token.kind);
    }
    if (shared.size() > kMaxMatchedPairs)
      return fail(ErrorCode::kInvalidArgument,
                  "more than " + std::to_string(kMaxMatchedPairs) + " pairs are alike");
  }

  std::vector<InvoicePair> out;
  for (auto& [pair, kinds] : shared) {
    const InvoiceFile& a = files[pair.first];
    const InvoiceFile& b = files[pair.second];
    registry::SharedKinds common;
    for (const TokenKind kind : kinds) common.add(static_cast<registry::TokenKind>(kind));
    const registry::Relation relation =
        registry::relate(common, document_of(a.invoice), document_of(b.invoice));
    if (relation.colour == registry::Colour{}) continue;
    const auto reason = static_cast<MatchReason>(relation.reason);
    out.push_back({a.path, b.path, class_of(reason), reason, std::move(kinds)});
  }
  return out;
}

}  // namespace usance::documents
