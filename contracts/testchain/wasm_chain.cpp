#include "contracts/testchain/wasm_chain.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "base/file.h"
#include "base/hash.h"
#include "contracts/system/contract_view.h"
#include "system/registry.usance.h"

namespace usance::testchain {
namespace {

// Runs the network of the test: votes in governance and deploys the contracts.
const Caller kOperator{"operator-1", "operator"};
constexpr std::uint32_t kOperators = 4;  // the least number of validators

SecretSeed seed_of(std::string_view what) {
  return SecretSeed{sha256(as_bytes(what)).bytes};
}

PublicKey key_of(std::string_view what) {
  return ed25519_signer(seed_of(what))->public_key();
}

std::string signer_name(const Caller& caller) {
  return "user " + caller.organisation + '/' + caller.user;
}

GenesisOrganisation& organisation_of(Genesis& genesis, const std::string& id) {
  for (GenesisOrganisation& organisation : genesis.organisations)
    if (organisation.id.value == id) return organisation;
  GenesisOrganisation& out = genesis.organisations.emplace_back();
  out.id = OrgId(id);
  out.name = id;
  out.country = "DE";
  out.governance_key = key_of("governance " + id);
  out.recovery_key = key_of("recovery " + id);
  return out;
}

void add_member(Genesis& genesis, const Member& member) {
  GenesisOrganisation& organisation = organisation_of(genesis, member.caller.organisation);
  if (!member.roles.empty()) organisation.roles = member.roles;
  organisation.users.push_back(
      {member.caller.user, key_of(signer_name(member.caller)), member.permissions});
}

Genesis make_genesis(const Setup& setup) {
  Genesis genesis;
  genesis.chain_id = sha256(as_bytes("test chain"));
  genesis.network = "test";
  genesis.time = TimeMs(static_cast<std::uint64_t>(setup.start_ms));
  genesis.development = true;  // one organisation may deploy
  for (const Member& member : setup.members) add_member(genesis, member);
  for (std::uint32_t i = 1; i <= kOperators; ++i) {
    const std::string id = "operator-" + std::to_string(i);
    add_member(genesis, {{id, "operator"}, {"corporate"}, {"maker", "checker"}});
    genesis.nodes.push_back({i, "node-" + std::to_string(i), OrgId(id), true,
                             key_of("consensus " + id), sha256(as_bytes("tls " + id))});
  }
  return genesis;
}

// The module at the path, or that of the same name in the folder USANCE_MODULES names: other
// compilers' modules run through the same tests (tools/check-clangs.sh).
Bytes read_module(const std::string& path) {
  std::filesystem::path from = path;
  if (const char* folder = std::getenv("USANCE_MODULES")) {
    const std::filesystem::path other = folder / from.filename();
    if (std::filesystem::exists(other)) from = other;
  }
  const Result<std::string> code = read_file(from);
  USANCE_INVARIANT(code && "the module is built with its target, NAME_wasm");
  return to_bytes(*code);
}

}  // namespace

std::optional<Bytes> MemoryState::get(const StateKey& key) const {
  const auto found = items_.find(key);
  if (found == items_.end()) return std::nullopt;
  return found->second;
}

std::vector<StateItem> MemoryState::list(const std::string& contract, const Bytes& scope,
                                         const Bytes& from, const Bytes& to,
                                         std::size_t limit) const {
  std::vector<StateItem> out;
  for (auto at = items_.lower_bound({contract, scope, from});
       at != items_.end() && out.size() < limit; ++at) {
    const auto& [key, value] = *at;
    if (key.contract != contract || key.scope != scope || (!to.empty() && key.item >= to)) break;
    out.push_back({key.item, value});
  }
  return out;
}

void MemoryState::apply(const std::vector<StateChange>& changes) {
  for (const StateChange& change : changes) {
    if (change.value)
      items_[change.key] = *change.value;
    else
      items_.erase(change.key);
  }
}

WasmChain::WasmChain(const Setup& setup, const std::string& modules)
    : chain_(make_genesis(setup).chain_id), executor_(chain_), now_ms_(setup.start_ms) {
  const auto changes = genesis_changes(make_genesis(setup));
  USANCE_INVARIANT(changes && "the setup's members can be registered");
  state_.apply(*changes);
  recording_.chain = chain_;
  recording_.genesis = *changes;
  for (const Deployment& deployment : setup.contracts) deploy(deployment, modules);
}

WasmChain::~WasmChain() {
  static int chains = 0;
  const char* prefix = std::getenv("USANCE_RECORD_HISTORY");
  if (prefix == nullptr) return;
  const Bytes bytes = encode_recording(recording_);
  std::ofstream out(prefix + ("-" + std::to_string(++chains)) + ".blocks", std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}

void WasmChain::deploy(const Deployment& deployment, const std::string& modules) {
  const std::string path = deployment.module_path.empty()
                               ? modules + "/" + deployment.name + ".wasm"
                               : deployment.module_path;
  const registry::v1::DeployRequest request{deployment.name, read_module(path), {}};
  const auto reply =
      call<registry::v1::method::Deploy>(kOperator, std::string(registry::kContract), request);
  if (!reply.ok()) {
    std::cerr << "deploying " << path << ": ";
    PrintTo(reply, &std::cerr);
    std::cerr << '\n';
  }
  USANCE_INVARIANT(reply.ok() && "the module is accepted");
}

std::unique_ptr<Signer> WasmChain::signer(const Caller& caller) const {
  return ed25519_signer(seed_of(signer_name(caller)));
}

std::vector<Outcome> WasmChain::make_block(
    std::vector<std::shared_ptr<const CheckedBundle>> bundles) {
  BlockInput input;
  input.header.chain = chain_;
  input.header.height = Height(++height_);
  input.header.time = TimeMs(static_cast<std::uint64_t>(now_ms_));
  Recording::Block& recorded = recording_.blocks.emplace_back();
  recorded.time = input.header.time;
  for (const auto& bundle : bundles) recorded.bundles.push_back(bundle->raw());
  input.bundles = std::move(bundles);
  BlockOutcome block = executor_.execute_block(state_, input);
  state_.apply(block.changes);
  std::vector<Outcome> out;
  for (Receipt& receipt : block.receipts) out.push_back({std::move(receipt), {}});
  for (Event& event : block.events) out[event.action].events.push_back(std::move(event));
  return out;
}

Outcome WasmChain::submit(const Caller& caller, const std::string& contract,
                          const std::string& method, const Bytes& arguments) {
  const std::unique_ptr<Signer> key = signer(caller);
  Transaction tx;
  tx.org = OrgId(caller.organisation);
  tx.user_key = key->public_key();
  ++nonce_;
  for (std::size_t i = 0; i < 8; ++i)
    tx.nonce.bytes[i] = static_cast<std::uint8_t>(nonce_ >> (8 * i));
  tx.valid_until_height = Height(height_ + limits::kReplayHorizon);
  tx.gas_limit = Parameters{}.max_transaction_gas;
  tx.contract = contract;
  tx.method = method;
  tx.arguments = arguments;
  auto bundle =
      CheckedBundle::decode_certified(chain_, encode(sign_bundle(chain_, {std::move(tx)}, *key)));
  USANCE_INVARIANT(bundle && "the test's call fits a bundle");
  return make_block({std::make_shared<const CheckedBundle>(*std::move(bundle))}).back();
}

Outcome WasmChain::query(const Caller& caller, const std::string& contract,
                         const std::string& method, const Bytes& arguments) {
  const ViewCaller asker{OrgId(caller.organisation), signer(caller)->public_key()};
  const SimulationPoint here{Height(height_), TimeMs(static_cast<std::uint64_t>(now_ms_))};
  Simulation simulation = executor_.call_view(
      state_, here,
      {.contract = contract, .method = method, .arguments = arguments, .caller = asker});
  return {std::move(simulation.receipt), std::move(simulation.events)};
}

std::vector<Outcome> WasmChain::advance_to(std::int64_t time_ms) {
  USANCE_INVARIANT(time_ms >= now_ms_);
  now_ms_ = time_ms;
  return make_block({});
}

std::optional<Bytes> WasmChain::state(const StateKey& key) const {
  return state_.get(key);
}

}  // namespace usance::testchain
