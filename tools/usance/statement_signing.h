// What is signed or committed to off the ledger, as JSON that a contract's method takes: each
// function says which message it makes. Bytes are in base64, hashes in hexadecimal digits, as the
// JSON of arguments wants them. The signed bytes are the contract's own (statements.h).
#pragma once

#include <nlohmann/json.hpp>

#include "base/signature.h"
#include "contracts/oracle_aggregator/statements.h"
#include "contracts/payment_undertaking/statements.h"

namespace usance::cli {

using Json = nlohmann::ordered_json;

// RegisterDevice, but for the feed, which the device's oracle chooses.
[[nodiscard]] Json certified_device(const oracle_aggregator::CertifiedDevice& device,
                                    const Signer& manufacturer);
// SignedReading: of SubmitReading, Backfill and ProveEquivocation.
[[nodiscard]] Json signed_reading(const oracle_aggregator::MeasuredValue& reading,
                                  const Signer& device);
// SignedReport: of SubmitSigned and ProveReportEquivocation.
[[nodiscard]] Json signed_report(const oracle_aggregator::OffLedgerReport& report,
                                 const Signer& oracle);
// Attest, but for the attestor's name in the terms.
[[nodiscard]] Json signed_attestation(const payment_undertaking::Attestation& attestation,
                                      const Signer& attestor);

// A hash for the ledger and what opens it later.
struct Commitment {
  Json now;    // Commit; PlaceBid, but for the account
  Json later;  // Reveal; RevealBid
};
[[nodiscard]] Commitment committed_report(const oracle_aggregator::CommittedReport& report);
[[nodiscard]] Commitment sealed_bid(const oracle_aggregator::SealedBid& bid);

}  // namespace usance::cli
