// Which invoices of a pile are the same, or like each other: the registry's comparison, offline,
// before anything is submitted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/documents/tokens.h"

namespace usance::documents {

// Numbers are those of Reason in contracts/invoice_registry/invoice_registry.proto.
enum class MatchReason : std::uint8_t {
  kSameInvoice = 1,
  kIdentityConflict = 3,
  kNumberReused = 4,
  kSimilarNumber = 5,
  kOtherNumber = 6,
  kNearNumberTyped = 7,
  kOtherDocument = 8,
  kCreditNote = 9,
  kRefersTo = 10,
  kNumberUsedTwice = 13,
};

// The strongest first.
enum class MatchClass : std::uint8_t {
  kLink,         // a credit note and its invoice; a document that names the other
  kRed,          // the same invoice
  kAmberId,      // everything agrees but a party's identifier
  kAmberNumber,  // the seller's number is used again, or one like it
  kAmber,        // another number for the same sale, or another class of document
};

struct InvoiceFile {
  std::string path;  // as it shall be reported
  NormalisedInvoice invoice;
};

struct InvoicePair {
  std::string file_a;  // before file_b in the order given
  std::string file_b;
  MatchClass match = MatchClass::kAmber;
  MatchReason reason = MatchReason::kOtherNumber;
  std::vector<TokenKind> tokens;  // the kinds that agree, ascending
};

// More files than this are refused by match_invoices: pairs grow with their square.
inline constexpr std::size_t kMaxMatchedFiles = 20'000;
inline constexpr std::size_t kMaxMatchedPairs = 1'000'000;

// Every pair with something in common, once, with its strongest class, in the order of the files.
// kInvalidArgument when there are too many files or pairs.
[[nodiscard]] Result<std::vector<InvoicePair>> match_invoices(
    const std::vector<InvoiceFile>& files);

}  // namespace usance::documents
