#include "tools/usance-wasm/calibration_ledger.h"

#include <algorithm>
#include <cstdlib>

#include "base/hash.h"
#include "contracts/executor/result.h"
#include "contracts/sdk/wire.h"
#include "system/registry.usance.h"
#include "tools/usance-wasm/measure.h"

namespace usance::tools {

namespace {

constexpr int kOrganisations = 4;  // the least number of validators

SecretSeed seed_of(const std::string& name) {
  return SecretSeed{sha256(as_bytes(name)).bytes};
}

Genesis genesis() {
  Genesis genesis;
  genesis.chain_id = sha256(as_bytes("calibration"));
  genesis.network = "calibration";
  genesis.time = TimeMs(1'600'000'000'000);
  genesis.development = true;  // one organisation may deploy
  for (int i = 0; i < kOrganisations; ++i) {
    const std::string name = "bank-" + std::to_string(i);
    const auto key = [&name](const char* use) {
      return ed25519_signer(seed_of(name + use))->public_key();
    };
    GenesisOrganisation organisation;
    organisation.id = OrgId(name);
    organisation.name = name;
    organisation.country = "DE";
    organisation.roles = {"bank"};
    organisation.governance_key = key("governance");
    organisation.recovery_key = key("recovery");
    organisation.users.push_back({"maker", key("maker"), {"maker"}});
    genesis.organisations.push_back(organisation);
    genesis.nodes.push_back({static_cast<std::uint32_t>(i), name, OrgId(name), true,
                             key("consensus"), sha256(as_bytes(name))});
  }
  return genesis;
}

Result<std::filesystem::path> new_directory() {
  std::string path = (std::filesystem::temp_directory_path() / "usance-calibrate-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr)
    return fail(ErrorCode::kIo,
                "no folder can be made in " + std::filesystem::temp_directory_path().string());
  return std::filesystem::path(path);
}

}  // namespace

CalibrationLedger::CalibrationLedger()
    : genesis_(genesis()),
      signer_(ed25519_signer(seed_of("bank-0maker"))),
      executor_(genesis_.chain_id),
      time_(genesis_.time) {}

CalibrationLedger::~CalibrationLedger() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Result<std::unique_ptr<CalibrationLedger>> CalibrationLedger::create(
    std::vector<StateChange> items) {
  std::unique_ptr<CalibrationLedger> ledger(new CalibrationLedger());
  USANCE_ASSIGN(ledger->directory_, new_directory());
  USANCE_TRY(ledger->reopen());
  USANCE_ASSIGN(BlockOutcome outcome, genesis_outcome(ledger->genesis_));
  outcome.changes.insert(outcome.changes.end(), std::make_move_iterator(items.begin()),
                         std::make_move_iterator(items.end()));
  BlockInput input;
  input.header = genesis_block_header(ledger->genesis_.chain_id, ledger->genesis_.time);
  USANCE_TRY(ledger->commit(input, {}, outcome));
  return ledger;
}

Result<void> CalibrationLedger::reopen() {
  store_.reset();
  storage::StoreOptions options;
  options.sync = false;  // time for the disk is no work of the processor
  USANCE_ASSIGN(store_, storage::LedgerStore::open(directory_, genesis_.chain_id, options));
  return {};
}

Result<void> CalibrationLedger::deploy(const std::string& name, Bytes module) {
  const registry::v1::DeployRequest request{name, std::move(module), {}};
  USANCE_TRY(block("contracts", "Deploy", {contract::to_wire(request)}));
  return {};
}

Result<CalibrationLedger::Cost> CalibrationLedger::block(const std::string& contract,
                                                         const std::string& method,
                                                         const std::vector<Bytes>& arguments) {
  BlockInput input;
  time_ = TimeMs(time_.value + 1'000);
  input.header.chain = genesis_.chain_id;
  input.header.height = store_->executed()->next();
  input.header.parent = parent_;
  input.header.time = time_;
  BlockBody body;
  for (const Bytes& request : arguments) {
    Transaction tx;
    tx.org = OrgId("bank-0");
    tx.user_key = signer_->public_key();
    ++nonce_;
    for (std::size_t i = 0; i < 8; ++i)
      tx.nonce.bytes.at(i) = static_cast<std::uint8_t>(nonce_ >> (8 * i));
    tx.valid_until_height = Height(input.header.height.value + 10);
    tx.gas_limit = genesis_.parameters.max_transaction_gas;
    tx.contract = contract;
    tx.method = method;
    tx.arguments = request;
    const Bytes raw = encode(sign_bundle(genesis_.chain_id, {tx}, *signer_));
    USANCE_ASSIGN(auto checked, CheckedBundle::decode_certified(genesis_.chain_id, raw));
    body.bundles.push_back(raw);
    input.bundles.push_back(std::make_shared<const CheckedBundle>(std::move(checked)));
  }
  input.header.body_root = body_root(body);

  const double before = cpu_milliseconds();
  const BlockOutcome outcome = executor_.execute_block(store_->latest_view(), input);
  USANCE_TRY(commit(input, body, outcome));
  const double after = cpu_milliseconds();
  for (const Receipt& receipt : outcome.receipts) {
    if (receipt.status != ReceiptStatus::kOk)
      return fail(ErrorCode::kInternal, contract + "." + method + " came to " +
                                            std::string(to_string(receipt.status)) + " " +
                                            std::to_string(receipt.code) + " " + receipt.detail);
  }
  return Cost{outcome.gas_used, after - before};
}

Result<void> CalibrationLedger::commit(const BlockInput& input, const BlockBody& body,
                                       const BlockOutcome& outcome) {
  const Height height = input.header.height;
  USANCE_ASSIGN(const auto staged, store_->stage(height, outcome.changes));
  const ResultHeader result =
      make_result_header(input.header, outcome, staged.state_root(), store_->next_ledger_root());
  Certificate certificate;
  certificate.content = {VoteKind::kCommit, Epoch(0), View(0), height, result.block};
  certificate.bitmap = {7};
  certificate.signatures.resize(3);
  USANCE_TRY(store_->commit(staged,
                            {input.header, &body, height == Height(0) ? nullptr : &certificate},
                            outcome.receipts, outcome.events, result));
  parent_ = result.block;
  return {};
}

}  // namespace usance::tools
