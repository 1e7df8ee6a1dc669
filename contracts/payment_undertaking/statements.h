// What an attestor signs off the ledger, byte for byte: Ed25519 over the SHA-256 of these bytes.
#pragma once

#include <string_view>

#include "contracts/sdk/netstring.h"

namespace usance::payment_undertaking {

struct Attestation {
  std::string_view contract;      // its name on the ledger
  std::string_view undertaking;   // "bank/reference"
  contract::ByteView terms_hash;  // SHA-256, as the undertaking's record has it
};
[[nodiscard]] inline contract::Bytes attestation_statement(const Attestation& attestation) {
  return contract::netstrings({"usance/attestation/1", attestation.contract,
                               attestation.undertaking, contract::text_of(attestation.terms_hash)});
}

}  // namespace usance::payment_undertaking
