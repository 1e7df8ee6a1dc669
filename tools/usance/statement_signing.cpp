#include "tools/usance/statement_signing.h"

#include "base/hash.h"
#include "tools/render/base64.h"

namespace usance::cli {

namespace {

using render::to_base64;

std::string signed_by(const Signer& signer, const Bytes& statement) {
  return to_base64(signer.sign(sha256(statement)).view());
}

}  // namespace

Json certified_device(const oracle_aggregator::CertifiedDevice& device,
                      const Signer& manufacturer) {
  return {{"serial", device.serial},
          {"model", device.model},
          {"manufacturer", device.manufacturer},
          {"public_key", to_base64(device.public_key)},
          {"certified_until_ms", device.certified_until_ms},
          {"certificate", signed_by(manufacturer, certificate_statement(device))}};
}

Json signed_reading(const oracle_aggregator::MeasuredValue& reading, const Signer& device) {
  return {{"reading",
           {{"counter", reading.counter},
            {"measured_ms", reading.measured_ms},
            {"value", reading.value},
            {"latitude_e6", reading.latitude_e6},
            {"longitude_e6", reading.longitude_e6},
            {"tampered", reading.tampered}}},
          {"signature", signed_by(device, reading_statement(reading))}};
}

Json signed_report(const oracle_aggregator::OffLedgerReport& report, const Signer& oracle) {
  Json out{{"oracle", report.oracle}, {"value", report.value}, {"observed_ms", report.observed_ms}};
  if (!report.source.empty())
    out["source"] = {{"source", report.source},
                     {"fetched_ms", report.fetched_ms},
                     {"proof", to_hex(report.proof)}};
  out["signature"] = signed_by(oracle, report_statement(report));
  return out;
}

Json signed_attestation(const payment_undertaking::Attestation& attestation,
                        const Signer& attestor) {
  return {{"undertaking", attestation.undertaking},
          {"signature", signed_by(attestor, attestation_statement(attestation))}};
}

Commitment committed_report(const oracle_aggregator::CommittedReport& report) {
  return {{{"feed", report.feed},
           {"round", report.round},
           {"commitment", to_hex(sha256(commitment_statement(report)))}},
          {{"feed", report.feed},
           {"round", report.round},
           {"value", report.value},
           {"salt", to_base64(report.salt)}}};
}

Commitment sealed_bid(const oracle_aggregator::SealedBid& bid) {
  return {{{"feed", bid.feed}, {"commitment", to_hex(sha256(bid_statement(bid)))}},
          {{"feed", bid.feed},
           {"price", bid.price},
           {"source", bid.source},
           {"salt", to_base64(bid.salt)}}};
}

}  // namespace usance::cli
