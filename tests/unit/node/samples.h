// Keys and hashes that tests tell apart by a number, and a genesis.
#pragma once

#include <memory>
#include <string>

#include "base/genesis.h"
#include "base/signature.h"

namespace usance::node {

inline std::unique_ptr<Signer> signer(std::uint8_t number) {
  SecretSeed seed;
  seed.bytes.fill(number);
  return ed25519_signer(seed);
}

inline Hash32 hash_of(std::uint8_t number) {
  Hash32 hash;
  hash.bytes.fill(number);
  return hash;
}

// Four banks with a node each: node i of 1 to 4 has the consensus key of signer(i).
inline Genesis four_banks() {
  Genesis genesis;
  genesis.network = "test";
  genesis.time = TimeMs(1'700'000'000'000);
  for (std::uint8_t i = 0; i < 4; ++i) {
    GenesisOrganisation org;
    org.id = OrgId("bank-" + std::to_string(i));
    org.name = org.id.value;
    org.country = "DE";
    org.roles = {"bank"};
    org.governance_key = signer(static_cast<std::uint8_t>(20 + i))->public_key();
    org.recovery_key = signer(static_cast<std::uint8_t>(40 + i))->public_key();
    genesis.organisations.push_back(org);
    GenesisNode node;
    node.id = i + 1u;
    node.name = "node-" + std::to_string(node.id);
    node.org = org.id;
    node.consensus_key = signer(static_cast<std::uint8_t>(1 + i))->public_key();
    node.tls_key.bytes[0] = static_cast<std::uint8_t>(1 + i);
    genesis.nodes.push_back(node);
  }
  return genesis;
}

}  // namespace usance::node
