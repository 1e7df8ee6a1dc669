// docs/spec/genesis.md.
#include "base/genesis.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/signature.h"

namespace usance {
namespace {

PublicKey key(std::uint8_t n) {
  SecretSeed seed;
  seed.bytes.fill(n);
  return ed25519_signer(seed)->public_key();
}

Genesis sample_genesis(std::size_t validators = 4) {
  Genesis genesis;
  genesis.network = "test";
  genesis.time = TimeMs(1'700'000'000'000);
  genesis.development = true;
  for (std::size_t i = 0; i < validators; ++i) {
    const auto n = static_cast<std::uint8_t>(i);
    GenesisOrganisation org;
    org.id = OrgId("org-" + std::to_string(i));
    org.name = "Organisation " + std::to_string(i);
    org.country = "DE";
    org.roles = {"bank"};
    org.governance_key = key(static_cast<std::uint8_t>(100 + n));
    org.recovery_key = key(static_cast<std::uint8_t>(150 + n));
    org.users.push_back(GenesisUser{"anna", key(static_cast<std::uint8_t>(50 + n)), {"maker"}});
    genesis.organisations.push_back(org);
    GenesisNode node;
    node.id = static_cast<std::uint32_t>(i + 1);
    node.name = "node-" + std::to_string(i + 1);
    node.org = org.id;
    node.consensus_key = key(static_cast<std::uint8_t>(1 + n));
    genesis.nodes.push_back(node);
  }
  return genesis;
}

std::string error_of(const std::string& file) {
  const auto parsed = parse_genesis(file);
  return parsed ? "" : parsed.error().message;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Genesis, ReadsBackWhatItWroteAndItsHashIsTheChain) {
  const std::string file = write_genesis(sample_genesis());
  const auto genesis = parse_genesis(file);
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  EXPECT_EQ(genesis->chain_id, sha256(as_bytes(file)));
  EXPECT_EQ(write_genesis(*genesis), file);
  EXPECT_EQ(genesis->validators().size(), 4u);
  EXPECT_EQ(genesis->validators().validators[2].org.value, "org-2");
  EXPECT_NE(parse_genesis(file + "\n")->chain_id, genesis->chain_id);
}

TEST(Genesis, ATypoIsNamed) {
  const std::string file = write_genesis(sample_genesis());
  EXPECT_EQ(error_of(replaced(file, "\"development\"", "\"developement\"")),
            "genesis.development is missing");
  EXPECT_EQ(error_of(replaced(file, "\"network\":", "\"extra\": 1, \"network\":")),
            "genesis.extra is not a known field");
  EXPECT_NE(error_of(replaced(file, "\"org-2\"", "\"Org 2\"")).find("organisations[2].id"),
            std::string::npos);
  EXPECT_NE(error_of("{").find("not JSON"), std::string::npos);
}

// What a later proposal could not bring in does not come in by the genesis either.
TEST(Genesis, RolesPermissionsAndCountriesAreOfTheClosedLists) {
  Genesis odd = sample_genesis();
  odd.organisations[1].roles = {"king"};
  EXPECT_NE(error_of(write_genesis(odd)).find("organisations[1].roles: there is no role 'king'"),
            std::string::npos);
  odd = sample_genesis();
  odd.organisations[2].users[0].permissions = {"maker", "owner"};
  EXPECT_NE(error_of(write_genesis(odd)).find("users[0].permissions: there is no permission"),
            std::string::npos);
  odd = sample_genesis();
  odd.organisations[0].country = "de";
  EXPECT_NE(error_of(write_genesis(odd)).find("country: 'de'"), std::string::npos);
}

TEST(Genesis, NeedsFourValidatorsAndNoOrganisationAboveF) {
  EXPECT_EQ(error_of(write_genesis(sample_genesis(3))), "a network has 4 to 100 validators, not 3");
  Genesis crowded = sample_genesis();
  crowded.nodes[1].org = crowded.nodes[0].org;
  EXPECT_EQ(error_of(write_genesis(crowded)),
            "org-0 holds 2 validators; no organisation may hold more than f = 1");
}

TEST(Genesis, DuplicatesAndStrangersAreRefused) {
  Genesis twice = sample_genesis();
  twice.nodes[3].consensus_key = twice.nodes[0].consensus_key;
  EXPECT_EQ(error_of(write_genesis(twice)), "node node-4: its id, name or key is taken");
  Genesis stranger = sample_genesis();
  stranger.nodes[3].org = OrgId("nobody");
  EXPECT_EQ(error_of(write_genesis(stranger)), "node node-4 is of the unknown organisation nobody");
  Genesis shared = sample_genesis();
  shared.organisations[1].users[0].key = shared.organisations[0].users[0].key;
  EXPECT_NE(error_of(write_genesis(shared)).find("registered twice"), std::string::npos);
}

TEST(Genesis, ParametersThatStopANetworkAreRefused) {
  Genesis genesis = sample_genesis();
  genesis.parameters.base_timeout_ms = 0;
  EXPECT_NE(error_of(write_genesis(genesis)).find("base_timeout_ms"), std::string::npos);
}

// The field is named, so that who wrote the file finds it.
TEST(Genesis, AValueOfAnotherTypeOrSizeIsNamed) {
  const std::string file = write_genesis(sample_genesis());
  const auto says = [&](const std::string& from, const std::string& to, const std::string& what) {
    const std::string error = error_of(replaced(file, from, to));
    EXPECT_NE(error.find(what), std::string::npos) << to << ": " << error;
  };
  says("\"network\": \"test\"", "\"network\": 7", "genesis.network must be a text of at most");
  says("\"base_timeout_ms\": 2000", "\"base_timeout_ms\": -1",
       "base_timeout_ms must be a whole number, zero or more");
  says(to_hex(key(1)), to_hex(key(1)).substr(2), "must be an Ed25519 public key in hexadecimal");
  says(to_hex(key(1)), std::string(64, '0'), "must be an Ed25519 public key in hexadecimal");
  says("\"bank\"", "\"Bank\"", "roles must be a list of lower-case words");
  says("\"bank\"", "7", "roles must be a list of lower-case words");
  says("usance-genesis/1", "usance-genesis/9", "this program reads the format");
}

TEST(Genesis, KeysAreReadInUpperCaseToo) {
  std::string upper = to_hex(key(1));
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  const auto genesis =
      parse_genesis(replaced(write_genesis(sample_genesis()), to_hex(key(1)), upper));
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  EXPECT_EQ(genesis->nodes[0].consensus_key, key(1));
}

TEST(Genesis, AFileOverItsBoundIsNotRead) {
  EXPECT_EQ(error_of(std::string((4u << 20) + 1, ' ')), "the genesis file is over 4 MiB");
}

TEST(ParameterBounds, WhatWouldStopANetworkIsRefused) {
  const auto refused = [](auto change) {
    Parameters parameters;
    change(parameters);
    const auto judged = validate(parameters);
    return judged ? std::string("accepted") : judged.error().message;
  };
  const auto about = [&](const char* field, auto change) {
    EXPECT_TRUE(refused(change).starts_with(field)) << refused(change);
  };
  about("max_body_bytes", [](Parameters& p) { p.max_body_bytes = limits::kMaxBundleBytes; });
  about("max_body_bytes", [](Parameters& p) { p.max_body_bytes = limits::kMaxBodyBytes + 1; });
  about("max_block_transactions", [](Parameters& p) { p.max_block_transactions = 999; });
  about("max_block_transactions", [](Parameters& p) { p.max_block_transactions = 20'001; });
  about("max_transaction_gas", [](Parameters& p) { p.max_transaction_gas = 0; });
  about("max_transaction_gas", [](Parameters& p) { p.max_transaction_gas = p.max_block_gas + 1; });
  about("max_timer_gas", [](Parameters& p) { p.max_timer_gas_per_block = 0; });
  about("max_timer_gas", [](Parameters& p) { p.max_timer_gas_per_block = p.max_block_gas + 1; });
  about("block_interval_ms", [](Parameters& p) { p.block_interval_ms = 60'001; });
  about("base_timeout_ms", [](Parameters& p) { p.base_timeout_ms = 99; });
  about("base_timeout_ms", [](Parameters& p) { p.base_timeout_ms = p.max_timeout_ms + 1; });
  about("max_timeout_ms", [](Parameters& p) { p.max_timeout_ms = 60'001; });
  about("request_timeout_ms", [](Parameters& p) { p.request_timeout_ms = 99; });
  about("request_timeout_ms", [](Parameters& p) { p.request_timeout_ms = 60'001; });
  about("clock_ahead_ms", [](Parameters& p) { p.clock_ahead_ms = 60'001; });
  about("gas_table_version", [](Parameters& p) { p.gas_table_version = 2; });
}

TEST(ParameterBounds, ABlocksGasIsBounded) {
  Parameters parameters;
  EXPECT_TRUE(validate(parameters));
  parameters.max_block_gas = 4'500'000'000;
  EXPECT_TRUE(validate(parameters));
  parameters.max_block_gas += 1;
  EXPECT_EQ(validate(parameters).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace usance
