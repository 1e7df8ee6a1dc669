#include "tools/usance/offline_ledger.h"

#include "consensus/vote_record.h"
#include "storage/vote_log_file.h"
#include "tools/usance/join.h"

namespace usance::cli {

namespace {

namespace fs = std::filesystem;

// The block above the ledger that this node is locked on, if its log is here and says so.
Result<std::optional<CarriedBlock>> lock_of(const OfflineLedger& ledger,
                                            const node::Config& config) {
  std::optional<CarriedBlock> none;
  const Path log_file = ledger.data_dir / "votes.log";
  std::vector<PublicKey> keys;
  for (const Path& file : {config.consensus_key, config.next_consensus_key}) {
    if (!fs::exists(file)) continue;
    USANCE_ASSIGN(const SecretSeed seed, read_key_file(file.string()));
    keys.push_back(ed25519_signer(seed)->public_key());
  }
  if (keys.empty() || !fs::exists(log_file)) return none;
  USANCE_ASSIGN(const auto log,
                storage::VoteLogFile::open(log_file, ledger.genesis.chain_id, keys));
  const auto newest = log->newest();
  const auto record =
      newest ? decode<consensus::VoteRecord>(newest->record)
             : Result<consensus::VoteRecord>(fail(ErrorCode::kNotFound, "an empty log"));
  const Height above = ledger.store->executed()->next();
  if (!record || !record->lock || record->lock->content.height != above) return none;
  USANCE_ASSIGN(auto block, ledger.store->find_block(above, record->lock->content.hash));
  if (!block) return none;
  return CarriedBlock{*record->lock, *std::move(block)};
}

}  // namespace

Outcome<const storage::LedgerStore*> OfflineLedger::needed(const std::string& what) const {
  if (store == nullptr)
    return stop(ExitCode::kUsage,
                home.root.string() + " holds no ledger: " + what + " on a node that still has one");
  return store.get();
}

Outcome<OfflineLedger> open_offline(const MemberHome& home) {
  OfflineLedger ledger;
  ledger.home = home;
  CLI_ASSIGN(const std::string genesis, read_file(home.genesis()));
  CLI_ASSIGN(ledger.genesis, parse_genesis(genesis));
  if (!fs::exists(home.config())) return ledger;  // a member without a node
  CLI_ASSIGN(node::Config config, read_member_config(home));
  for (Path* path : {&config.data_dir, &config.consensus_key, &config.next_consensus_key})
    if (path->is_relative()) *path = home.root / *path;
  ledger.data_dir = config.data_dir;
  const Path folder = config.data_dir / "ledger";
  if (!fs::exists(folder / "CURRENT")) return ledger;
  CLI_ASSIGN(auto store, storage::LedgerStore::open(folder, ledger.genesis.chain_id));
  if (!store->executed()) return ledger;
  ledger.store = std::move(store);
  CLI_ASSIGN(ledger.lock, lock_of(ledger, config));
  return ledger;
}

Outcome<MemberHome> member_home(const Context& context) {
  CLI_ASSIGN(const Path root, context.home_folder());
  const MemberHome home{root};
  if (std::filesystem::exists(home.description())) return home;
  return stop(ExitCode::kUsage,
              root.string() +
                  " is no member's home: give --home the folder that 'usance node "
                  "init' made (of a devnet: HOME/members/ORG)");
}

}  // namespace usance::cli
