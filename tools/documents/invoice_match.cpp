#include "tools/documents/invoice_match.h"

#include <algorithm>
#include <map>

#include "contracts/invoice_registry/matching.h"

namespace usance::documents {

namespace {

namespace registry = invoice_registry::v1;

using Pair = std::pair<std::size_t, std::size_t>;

MatchClass class_of(MatchReason reason) {
  switch (reason) {
    case MatchReason::kCreditNote: return MatchClass::kLink;
    case MatchReason::kSameInvoice: return MatchClass::kRed;
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

}  // namespace

Result<std::vector<InvoicePair>> match_invoices(const std::vector<InvoiceFile>& files) {
  if (files.size() > kMaxMatchedFiles)
    return fail(ErrorCode::kInvalidArgument,
                "more than " + std::to_string(kMaxMatchedFiles) + " invoices at once");
  // The key matters to nobody here: no token leaves this function.
  std::map<Token, std::vector<std::size_t>> bearers;
  for (std::size_t i = 0; i < files.size(); ++i)
    for (const Token& token : invoice_tokens({}, files[i].invoice)) bearers[token].push_back(i);

  std::map<Pair, std::vector<TokenKind>> shared;
  for (const auto& [token, who] : bearers) {
    for (std::size_t a = 0; a + 1 < who.size(); ++a)
      for (std::size_t b = a + 1; b < who.size(); ++b) {
        std::vector<TokenKind>& kinds = shared[{who[a], who[b]}];
        if (kinds.empty() || kinds.back() != token.kind) kinds.push_back(token.kind);
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
