// Opening a store: whose it is, up to which height its parts agree, what is left to execute.
#include "base/hash.h"
#include "storage/ledger_store_impl.h"
#include "storage/packed_list.h"

namespace usance::storage {

namespace {

// How many of the newest heights are checked link by link at every start: what execution lag
// leaves uncertified, and the one below.
constexpr std::uint64_t kCheckedHeights = limits::kExecutionLag + 1;

tl::unexpected<Error> disagrees(const std::string& what) {
  return fail(ErrorCode::kCorrupt, "the store disagrees with itself: " + what);
}

Result<bool> holds_from(const Database& database, Family family, const std::string& key) {
  const Cursor at = database.cursor(family);
  at->Seek(key);
  if (!at->status().ok()) return tl::unexpected<Error>(to_error(at->status()));
  return at->Valid();
}

}  // namespace

LedgerStore::Impl::Impl(std::unique_ptr<Database> opened, const ChainId& chain_id,
                        const StoreOptions& opts)
    : chain(chain_id),
      options(opts),
      database(std::move(opened)),
      ledger(*database),
      source(*database, opts.cache_bytes),
      latest(source, state, StoredStateView::Reader::kWriter) {}

LedgerStore::LedgerStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LedgerStore::~LedgerStore() = default;

Result<std::unique_ptr<LedgerStore>> LedgerStore::open(const std::filesystem::path& directory,
                                                       const ChainId& chain,
                                                       const StoreOptions& options) {
  USANCE_ASSIGN(auto database, Database::open(directory, options));
  std::unique_ptr<LedgerStore> store(
      new LedgerStore(std::make_unique<Impl>(std::move(database), chain, options)));
  const auto in_directory = [&directory](const Error& cause) {
    return fail_with("the store in " + directory.string(), cause);
  };
  if (auto own = store->impl_->check_identity(); !own) return in_directory(own.error());
  if (auto recovered = store->impl_->recover(); !recovered) return in_directory(recovered.error());
  if (options.verify_state && store->executed())
    if (auto whole = store->verify_state(); !whole) return in_directory(whole.error());
  return store;
}

const RecoveryReport& LedgerStore::recovery() const {
  return impl_->report;
}
bool LedgerStore::disk_full() const {
  return impl_->database->stopped();
}
Result<void> LedgerStore::resume() {
  return impl_->database->resume();
}
const ChainId& LedgerStore::chain() const {
  return impl_->chain;
}
std::optional<Height> LedgerStore::executed() const {
  return impl_->executed();
}

Height LedgerStore::base() const {
  return impl_->base;
}

std::optional<Height> LedgerStore::Impl::executed() const {
  const std::uint64_t count = executed_count.load(std::memory_order_acquire);
  if (count == 0) return std::nullopt;
  return Height(count - 1);
}

Result<void> LedgerStore::Impl::check_identity() {
  USANCE_ASSIGN(const auto format, database->get(Family::kMeta, kFormatKey));
  USANCE_ASSIGN(const auto owner, database->get(Family::kMeta, kChainKey));
  if (!format && !owner) {
    USANCE_ASSIGN(const bool foreign, holds_from(*database, Family::kMeta, {}));
    if (foreign)
      return fail(ErrorCode::kFailedPrecondition, "the directory holds another program's database");
    Batch batch(*database);
    std::string number;
    keys::append_number(number, kStoreFormat);
    batch.put(Family::kMeta, kFormatKey, number);
    batch.put(Family::kMeta, kChainKey, slice(chain.view()));
    USANCE_TRY(database->write(batch, true));
    report.notes.push_back("created a new store for network " + to_hex(chain));
    return {};
  }
  if (!format || format->size() != sizeof(std::uint32_t))
    return disagrees("the format's number (meta/format) is malformed");
  if (const auto number = keys::read_number<std::uint32_t>(format->ToStringView());
      number != kStoreFormat)
    return fail(ErrorCode::kFailedPrecondition,
                "it has format " + std::to_string(number) + ", and this program knows " +
                    std::to_string(kStoreFormat) +
                    " alone: use the version of the program that wrote it");
  USANCE_ASSIGN(const auto importing, database->get(Family::kMeta, kImportKey));
  if (importing)
    return fail(ErrorCode::kFailedPrecondition,
                "it holds a snapshot that was not fetched to the end: remove it");
  ChainId stored;
  if (!owner || !fixed_from(contents(*owner), stored))
    return disagrees("the network's identity (meta/chain) is malformed");
  if (stored != chain)
    return fail(ErrorCode::kFailedPrecondition,
                "it belongs to another network: the store is of " + to_hex(stored) +
                    ", this genesis is " + to_hex(chain) +
                    "; use that network's genesis, or another directory");
  return {};
}

Result<void> LedgerStore::Impl::load_base() {
  USANCE_ASSIGN(const auto raw, database->get(Family::kMeta, kBaseKey));
  if (!raw) return {};
  base = Height(keys::read_number<std::uint64_t>(raw->ToStringView()));
  report.notes.push_back("the ledger begins here with the snapshot of height " +
                         std::to_string(base.value));
  return {};
}

Result<void> LedgerStore::Impl::recover() {
  USANCE_ASSIGN(const auto newest, database->get(Family::kMeta, kExecutedKey));
  if (newest) {
    USANCE_TRY(load_base());
    const Height height(keys::read_number<std::uint64_t>(newest->ToStringView()));
    executed_count.store(height.value + 1, std::memory_order_release);
    USANCE_TRY(check_newest(height));
    report.executed = height;
    USANCE_ASSIGN(const auto votes, database->get(Family::kMeta, kVoteSequenceKey));
    if (votes) report.vote_sequence = keys::read_number<std::uint64_t>(votes->ToStringView());
    report.notes.push_back("state, results and ledger tree agree at height " +
                           std::to_string(height.value));
  } else {
    report.notes.push_back("no height is executed yet");
  }
  USANCE_TRY(drop_overtaken_blocks());
  return find_ordered();
}

Result<void> LedgerStore::Impl::check_newest(Height newest) {
  USANCE_ASSIGN(const StoredResult stored, stored_result(newest));
  USANCE_ASSIGN(const bool beyond,
                holds_from(*database, Family::kResults, keys::height(newest.next())));
  if (beyond)
    return disagrees("a result above the newest executed height " + std::to_string(newest.value));

  state = stored.version();
  if (state.tree.root.kind != NodeHash::Kind::kEmpty)
    USANCE_TRY(checked_page(source, TreeKind::kScopes, state.tree, 0));

  USANCE_ASSIGN(frontier, ledger.frontier(newest.value));
  if (frontier.root() != stored.result.ledger_root)
    return disagrees(at_height("the ledger tree and the result", newest));
  USANCE_ASSIGN(const Hash32 newest_leaf, ledger.leaf(newest.value));
  frontier.append(newest_leaf);
  last_block = stored.result.block;

  Hash32 child_parent;
  for (std::uint64_t back = 0; back < kCheckedHeights && back <= newest.value - base.value;
       ++back) {
    const Height height(newest.value - back);
    USANCE_ASSIGN(const StoredResult result, stored_result(height));
    const bool from_snapshot = height == base && base != Height(0);
    USANCE_TRY(check_block(height, result, back == 0 && !from_snapshot));
    if (back > 0 && result.result.block != child_parent)
      return disagrees(at_height("the block", height) + " is not its child's parent");
    USANCE_ASSIGN(const auto header, find_header(height, result.result.block));
    child_parent = header->parent;
  }
  return {};
}

Result<void> LedgerStore::Impl::check_block(Height height, const StoredResult& stored,
                                            bool with_body) {
  const ResultHeader& result = stored.result;
  if (result.chain != chain) return disagrees(at_height("the result", height) + ": its network");
  USANCE_ASSIGN(const auto header, find_header(height, result.block));
  if (!header) return disagrees(at_height("the block header", height) + " is missing");
  if (with_body) USANCE_TRY(body_of(*header, result.block));
  USANCE_ASSIGN(const Hash32 leaf, ledger.leaf(height.value));
  if (leaf != ledger_leaf(result.block, result_hash(result)))
    return disagrees(at_height("the ledger tree's leaf and the result", height));
  USANCE_ASSIGN(const auto commit, find_certificate(height, VoteKind::kCommit));
  if (commit && commit->content.hash != result.block)
    return disagrees(at_height("the commit certificate", height) + " is for another block");
  if (!commit && height != Height(0))
    return disagrees(at_height("the commit certificate", height) + " is missing");
  USANCE_ASSIGN(const auto certified, find_certificate(height, VoteKind::kExec));
  if (certified && certified->content.hash != result_hash(result))
    return disagrees(at_height("the result certificate", height) + " is for another result");
  return {};
}

// A batch that was durable in part only (blocks before votes) may leave competitors behind.
Result<void> LedgerStore::Impl::drop_overtaken_blocks() {
  const auto done = executed();
  if (!done) return {};
  Batch batch(*database);
  for (std::uint64_t back = 0; back < kCheckedHeights && back <= done->value - base.value; ++back) {
    const Height height(done->value - back);
    USANCE_ASSIGN(const Hash32 hash, decided_hash(height));
    USANCE_TRY(delete_competitors(batch, height, hash));
  }
  if (batch.count() == 0) return {};
  report.notes.push_back("dropped " + std::to_string(batch.count()) +
                         " parts of blocks that were not decided");
  return database->write(batch, false);
}

Result<void> LedgerStore::Impl::find_ordered() {
  const auto done = executed();
  Height height = done.value_or(Height(0));
  Hash32 parent = last_block;
  report.ordered = height;
  for (;;) {
    height = height.next();
    USANCE_ASSIGN(const auto certificate, find_certificate(height, VoteKind::kCommit));
    if (!certificate) break;
    const Hash32 hash = certificate->content.hash;
    USANCE_ASSIGN(const auto header, find_header(height, hash));
    if (!header) {
      report.notes.push_back("height " + std::to_string(height.value) +
                             " is decided, but its block is not here");
      break;
    }
    if (done && header->parent != parent)
      return disagrees(at_height("the decided block", height) + " has another parent");
    parent = hash;
    report.ordered = height;
  }
  if (const std::uint64_t newest = done ? done->value : 0; report.ordered.value > newest)
    report.notes.push_back("decided and to be executed again: heights " +
                           std::to_string(newest + 1) + " to " +
                           std::to_string(report.ordered.value));
  return {};
}

}  // namespace usance::storage
