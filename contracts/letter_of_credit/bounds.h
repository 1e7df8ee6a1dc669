// How large the parts of a credit's records may be. Each record is one value of the state and each
// view's reply one result, at most 64 KiB (docs/spec/state.md): these bounds leave room for all
// that may still be written into a record, so that nobody can present what the bank could then no
// longer refuse or pay.
#pragma once

#include <cstddef>
#include <cstdint>

namespace usance::letter_of_credit::v1 {

inline constexpr std::uint32_t kMaxPresentations = 100;
inline constexpr std::uint32_t kMaxAmendments = 100;
inline constexpr std::uint32_t kMaxTransfers = 20;
inline constexpr std::uint32_t kMaxAssignments = 10;
inline constexpr std::size_t kMaxRequiredDocuments = 32;
inline constexpr std::size_t kMaxConditions = 32;

inline constexpr std::size_t kMaxTermsBytes = 48 * 1024;      // as stored
inline constexpr std::size_t kMaxDocumentsBytes = 20 * 1024;  // of one presentation, as stored

inline constexpr std::size_t kMaxParts = 8;        // of a payment
inline constexpr std::size_t kMaxReason = 512;     // why an undertaking was not paid
inline constexpr std::size_t kMaxEventText = 256;  // of an event

}  // namespace usance::letter_of_credit::v1
