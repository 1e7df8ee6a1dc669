// What is signed or committed to off the ledger, byte for byte: the contract checks it, whoever
// makes it builds it with the same function. Digests are SHA-256 of these bytes; signatures are
// Ed25519 over the digest.
#pragma once

#include <cstdint>
#include <string_view>

#include "contracts/sdk/netstring.h"

namespace usance::oracle_aggregator {

struct CertifiedDevice {
  std::string_view manufacturer;
  std::string_view serial;
  std::string_view model;
  contract::ByteView public_key;  // Ed25519, 32 bytes
  std::int64_t certified_until_ms = 0;
};
// Signed by the manufacturer.
[[nodiscard]] inline contract::Bytes certificate_statement(const CertifiedDevice& device) {
  return contract::netstrings({"usance/device-certificate/1", device.manufacturer, device.serial,
                               device.model, contract::text_of(device.public_key),
                               contract::decimal(device.certified_until_ms)});
}

struct MeasuredValue {
  std::string_view serial;
  std::uint64_t counter = 0;
  std::int64_t measured_ms = 0;
  std::int64_t value = 0;
  std::int32_t latitude_e6 = 0;  // degrees in millionths
  std::int32_t longitude_e6 = 0;
  bool tampered = false;
};
// Signed by the device.
[[nodiscard]] inline contract::Bytes reading_statement(const MeasuredValue& reading) {
  return contract::netstrings(
      {"usance/device-reading/1", reading.serial, contract::decimal(reading.counter),
       contract::decimal(reading.measured_ms), contract::decimal(reading.value),
       contract::decimal(std::int64_t{reading.latitude_e6}),
       contract::decimal(std::int64_t{reading.longitude_e6}), reading.tampered ? "1" : "0"});
}

struct OffLedgerReport {
  std::string_view contract;  // the aggregator's name on the ledger
  std::string_view feed;
  std::uint64_t round = 0;
  std::string_view oracle;
  std::int64_t value = 0;
  std::int64_t observed_ms = 0;
  std::string_view source;  // empty: none; then the next two are 0 and empty
  std::int64_t fetched_ms = 0;
  contract::ByteView proof;  // a SHA-256
};
// Signed with the oracle's reporting key.
[[nodiscard]] inline contract::Bytes report_statement(const OffLedgerReport& report) {
  return contract::netstrings(
      {"usance/signed-report/1", report.contract, report.feed, contract::decimal(report.round),
       report.oracle, contract::decimal(report.value), contract::decimal(report.observed_ms),
       report.source, contract::decimal(report.fetched_ms), contract::text_of(report.proof)});
}

struct CommittedReport {
  std::string_view feed;
  std::uint64_t round = 0;
  std::int64_t value = 0;
  contract::ByteView salt;
  std::string_view oracle;
};
// Its digest is the commitment of Commit.
[[nodiscard]] inline contract::Bytes commitment_statement(const CommittedReport& report) {
  return contract::netstrings({"usance/report/1", report.feed, contract::decimal(report.round),
                               contract::decimal(report.value), contract::text_of(report.salt),
                               report.oracle});
}

struct SealedBid {
  std::string_view contract;  // the aggregator's name on the ledger
  std::string_view feed;
  std::string_view oracle;
  std::int64_t price = 0;  // minor units of the order's currency
  std::string_view source;
  contract::ByteView salt;
};
// Its digest is the commitment of PlaceBid.
[[nodiscard]] inline contract::Bytes bid_statement(const SealedBid& bid) {
  return contract::netstrings({"usance/bid/1", bid.contract, bid.feed, bid.oracle,
                               contract::decimal(bid.price), bid.source,
                               contract::text_of(bid.salt)});
}

}  // namespace usance::oracle_aggregator
