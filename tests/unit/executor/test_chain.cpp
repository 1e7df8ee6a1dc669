#include "test_chain.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/result_header.h"
#include "contracts/system/contract_view.h"
#include "system/registry.usance.h"

namespace usance::test {

std::optional<Bytes> MapState::get(const StateKey& key) const {
  const auto found = items_.find(key);
  if (found == items_.end()) return std::nullopt;
  return found->second;
}

std::vector<StateItem> MapState::list(const std::string& contract, const Bytes& scope,
                                      const Bytes& from, const Bytes& to, std::size_t limit) const {
  std::vector<StateItem> out;
  for (auto at = items_.lower_bound({contract, scope, from});
       at != items_.end() && out.size() < limit; ++at) {
    const StateKey& key = at->first;
    if (key.contract != contract || key.scope != scope) break;
    if (!to.empty() && key.item >= to) break;
    out.push_back({key.item, at->second});
  }
  return out;
}

void MapState::apply(const std::vector<StateChange>& changes) {
  for (const StateChange& change : changes) {
    if (change.value)
      items_[change.key] = *change.value;
    else
      items_.erase(change.key);
  }
}

std::unique_ptr<Signer> signer_of(const std::string& name) {
  SecretSeed seed;
  seed.bytes = sha256(as_bytes(name)).bytes;
  return ed25519_signer(seed);
}

Bytes key_bytes(const std::string& name) {
  const PublicKey key = signer_of(name)->public_key();
  return Bytes(key.bytes.begin(), key.bytes.end());
}

Genesis test_genesis(bool development) {
  Genesis genesis;
  genesis.chain_id = sha256(as_bytes("test chain"));
  genesis.network = "test";
  genesis.time = TimeMs(1'600'000'000'000);
  genesis.development = development;
  std::uint32_t id = 0;
  for (const std::string name : {"bank-a", "bank-b", "bank-c", "bank-d"}) {
    GenesisOrganisation org;
    org.id = OrgId(name);
    org.name = name;
    org.country = "DE";
    org.roles = {"bank"};
    org.governance_key = signer_of(name + "/governance")->public_key();
    org.recovery_key = signer_of(name + "/recovery")->public_key();
    for (const std::string user : {"maker", "checker", "viewer", "admin"})
      org.users.push_back({user, signer_of(name + "/" + user)->public_key(), {user}});
    genesis.organisations.push_back(org);
    genesis.nodes.push_back({id, "node-" + std::to_string(id), OrgId(name), true,
                             signer_of(name + "/consensus")->public_key(),
                             sha256(as_bytes(name + "/tls"))});
    ++id;
  }
  return genesis;
}

TestChain::TestChain(bool development)
    : genesis(test_genesis(development)), executor(genesis.chain_id) {
  const auto changes = genesis_changes(genesis);
  EXPECT_TRUE(changes.has_value());
  if (changes) state.apply(*changes);
  parent = block_hash(genesis_block_header(genesis.chain_id, genesis.time));
}

Transaction TestChain::transaction(const Call& call) {
  Transaction tx;
  tx.org = OrgId(call.org);
  tx.user_key = signer_of(call.org + "/" + call.user)->public_key();
  ++nonce_;
  for (std::size_t i = 0; i < 8; ++i)
    tx.nonce.bytes.at(i) = static_cast<std::uint8_t>(nonce_ >> (8 * i));
  tx.valid_until_height = Height(height.value + 100);
  tx.gas_limit = call.gas;
  tx.contract = call.contract;
  tx.method = call.method;
  tx.arguments = call.arguments;
  return tx;
}

BlockInput TestChain::input(const std::vector<Call>& calls, std::vector<ReceiptStatus> marks) {
  BlockInput input;
  input.header.chain = genesis.chain_id;
  input.header.height = height.next();
  input.header.parent = parent;
  input.header.time = time;
  input.marks = std::move(marks);
  for (const Call& call : calls) {
    const auto signer = signer_of(call.org + "/" + call.user);
    auto checked = CheckedBundle::check(
        genesis.chain_id, encode(sign_bundle(genesis.chain_id, {transaction(call)}, *signer)),
        ed25519_verifier());
    EXPECT_TRUE(checked.has_value());
    input.bundles.push_back(std::make_shared<const CheckedBundle>(*std::move(checked)));
  }
  return input;
}

BlockOutcome TestChain::execute(const BlockInput& input) {
  BlockOutcome outcome = executor.execute_block(state, input);
  state.apply(outcome.changes);
  height = input.header.height;
  parent = block_hash(input.header);
  time = TimeMs(time.value + 1'000);
  return outcome;
}

BlockOutcome TestChain::block(const std::vector<Call>& calls, std::vector<ReceiptStatus> marks) {
  return execute(input(calls, std::move(marks)));
}

Receipt TestChain::run(const Call& call) {
  BlockOutcome outcome = block({call});
  return outcome.receipts.back();
}

Receipt TestChain::run(const std::string& contract, const std::string& method, Bytes arguments) {
  Call call;
  call.contract = contract;
  call.method = method;
  call.arguments = std::move(arguments);
  return run(call);
}

void TestChain::deploy(const std::string& name, const std::string& module) {
  registry::v1::DeployRequest request;
  request.name = name;
  request.code = read_module(module);
  const Receipt receipt = run("contracts", "Deploy", contract::to_wire(request));
  ASSERT_EQ(receipt.status, ReceiptStatus::kOk) << receipt.code << ' ' << receipt.detail;
}

std::optional<Bytes> TestChain::value(const std::string& contract, const std::string& scope,
                                      const std::string& item) const {
  return state.get({contract, to_bytes(scope), to_bytes(item)});
}

Bytes read_module(const std::string& name) {
  std::ifstream file(std::string(USANCE_BINARY_DIR) + "/contracts/" + name + ".wasm",
                     std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

}  // namespace usance::test
