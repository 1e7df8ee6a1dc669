#include "node/snapshot_join.h"

#include <algorithm>

#include "base/file.h"
#include "consensus/claims.h"
#include "node/log.h"

namespace usance::node {

namespace {

constexpr auto kTick = std::chrono::milliseconds(100);
constexpr auto kHearing = std::chrono::seconds(2);  // the others, from the first of them on
constexpr auto kTellEvery = std::chrono::seconds(10);
constexpr const char* kLedger = "ledger";
constexpr const char* kSnapshot = "ledger.snapshot";
constexpr const char* kReplaced = "ledger.replaced";

Result<void> moved(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error)
    return fail(ErrorCode::kIo,
                "cannot move " + from.string() + " to " + to.string() + ": " + error.message());
  return sync_directory(to.parent_path());
}

}  // namespace

SnapshotJoin::SnapshotJoin(Options options, Outputs outputs)
    : options_(std::move(options)), outputs_(std::move(outputs)) {
  for (const Validator& validator : options_.genesis->validators().validators)
    if (validator.key != options_.self) others_.push_back(validator.key);
}

SnapshotJoin::~SnapshotJoin() {
  stop();
}

void SnapshotJoin::start() {
  thread_ = std::thread([this] { run(); });
}

void SnapshotJoin::stop() {
  mailbox_.close();
  if (thread_.joinable()) thread_.join();
}

void SnapshotJoin::heard(const PublicKey& from, Height decided) {
  if (phase_ == Phase::kUndecided)
    static_cast<void>(mailbox_.try_push({from, Heard{decided}, nullptr}));
}

// Nobody has more than one request to answer; what a peer sends besides takes no room of others.
void SnapshotJoin::receive(const PublicKey& from, consensus::SnapshotAnswer answer,
                           ByteCharge charge) {
  if (phase_ != Phase::kFetching) return;
  const std::lock_guard lock(waiting_mutex_);
  if (waiting_.insert(from).second &&
      !mailbox_.try_push({from, std::move(answer), std::move(charge)}))
    waiting_.erase(from);
}

void SnapshotJoin::looked_at(const Item& item) {
  if (std::holds_alternative<Heard>(item.what)) return;
  const std::lock_guard lock(waiting_mutex_);
  waiting_.erase(item.from);
}

void SnapshotJoin::executed() {
  Phase undecided = Phase::kUndecided;
  phase_.compare_exchange_strong(undecided, Phase::kOver);
}

std::uint64_t SnapshotJoin::now_ms() const {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_).count());
}

void SnapshotJoin::run() {
  std::vector<Item> items;
  while (mailbox_.take_all(items, Clock::now() + kTick)) {
    for (Item& item : items) {
      looked_at(item);
      step(&item);
    }
    step(nullptr);
    if (phase_ == Phase::kOver || phase_ == Phase::kWhole) break;
  }
  fetch_.reset();
  import_.reset();
}

void SnapshotJoin::step(Item* item) {
  if (phase_ == Phase::kUndecided) {
    if (item == nullptr) return decide();
    if (const auto* claim = std::get_if<Heard>(&item->what)) {
      claims_[item->from] = claim->decided;
      if (!first_heard_) first_heard_ = Clock::now();
    }
    return;
  }
  if (phase_ != Phase::kFetching) return;
  if (item != nullptr) {
    if (auto* answer = std::get_if<consensus::SnapshotAnswer>(&item->what))
      carry_out(fetch_->receive(now_ms(), item->from, std::move(*answer)));
  } else {
    const std::vector<PublicKey> now = outputs_.peers();
    const std::set<PublicKey> connected(now.begin(), now.end());
    for (const PublicKey& peer : connected_)
      if (!connected.contains(peer)) fetch_->gone(peer);
    for (const PublicKey& peer : connected) fetch_->connected(peer);
    connected_ = connected;
    carry_out(fetch_->tick(now_ms()));
  }
  if (phase_ == Phase::kFetching) look_at_phase();
}

// By the validators that were heard; by others if none was.
Height SnapshotJoin::claimed() const {
  std::vector<Height> claims;
  for (const PublicKey& validator : others_)
    if (const auto found = claims_.find(validator); found != claims_.end())
      claims.push_back(found->second);
  if (claims.empty())
    for (const auto& [peer, decided] : claims_) claims.push_back(decided);
  return consensus::claimed_by_enough(std::move(claims), options_.genesis->validators().faults());
}

void SnapshotJoin::decide() {
  if (!first_heard_) return;
  const bool all = std::ranges::all_of(
      others_, [this](const PublicKey& validator) { return claims_.contains(validator); });
  if (!all && Clock::now() < *first_heard_ + kHearing) return;
  const Height decided = claimed();
  Phase undecided = Phase::kUndecided;
  if (decided.value <= options_.after) {
    phase_.compare_exchange_strong(undecided, Phase::kOver);
    return;
  }
  if (!phase_.compare_exchange_strong(undecided, Phase::kFetching)) return;
  options_.counters->fetching = true;
  begin_fetch(decided);
}

void SnapshotJoin::begin_fetch(Height decided) {
  log::info("snapshot.begin", "this ledger is far behind: it begins with a snapshot of the others'",
            {{"height", decided}, {"after", options_.after}});
  fetch_.emplace(consensus::SnapshotFetch::Options{options_.genesis, &options_.recoveries,
                                                   options_.verifier, Height(options_.after)});
}

void SnapshotJoin::carry_out(consensus::SnapshotFetch::Outputs outputs) {
  for (const auto& [peer, why] : outputs.blamed) {
    ++options_.counters->blamed;
    log::error("snapshot.blamed", "a peer sent a piece of a snapshot that is not proven",
               {{"node", outputs_.name(peer)}, {"key", to_hex(peer)}, {"reason", why}});
    outputs_.drop(peer, why);
  }
  if (auto stored = store(outputs); !stored)
    return over("the snapshot cannot be stored: " + stored.error().message);
  for (const auto& [peer, request] : outputs.requests)
    outputs_.send(peer, std::make_shared<const Bytes>(consensus::encode_snapshot_message(request)));
}

Result<void> SnapshotJoin::store(consensus::SnapshotFetch::Outputs& outputs) {
  if (outputs.begin) {
    import_.reset();  // closes what was begun before
    USANCE_ASSIGN(import_, storage::SnapshotImport::begin(options_.directory, *outputs.begin,
                                                          options_.genesis_result));
    told_ = Clock::now();
    log::info("snapshot.offered", "fetching a snapshot", {{"height", outputs.begin->height()}});
  }
  for (const auto& piece : outputs.pieces) {
    USANCE_TRY(std::visit([this](const auto& which) { return import_->add(which); }, piece));
    ++options_.counters->pieces;
  }
  if (Clock::now() >= told_ + kTellEvery && fetch_->height() != Height(0)) {
    told_ = Clock::now();
    log::info("snapshot.progress", "pieces of the snapshot are here",
              {{"height", fetch_->height()}, {"pieces", options_.counters->pieces.load()}});
  }
  return {};
}

void SnapshotJoin::look_at_phase() {
  using Fetch = consensus::SnapshotFetch::Phase;
  if (fetch_->phase() == Fetch::kFailed) return over("no peer offers one and serves it to the end");
  if (fetch_->phase() != Fetch::kWhole) return;
  const Height height = fetch_->height();
  if (auto finished = import_->finish(); !finished)
    return over("the snapshot is not whole: " + finished.error().message);
  import_.reset();  // closes it
  phase_ = Phase::kWhole;
  outputs_.whole(height);
}

void SnapshotJoin::over(const std::string& why) {
  log::warning("snapshot.given_up", why + "; the node fetches every block instead");
  import_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(options_.directory, ignored);
  options_.counters->fetching = false;
  phase_ = Phase::kOver;
}

namespace {

// A node fetches a snapshot when it has nothing else; a ledger that was put there since then, as
// from a backup, is worth more.
Result<bool> has_history(const std::filesystem::path& ledger, const ChainId& chain) {
  std::error_code error;
  if (!std::filesystem::exists(ledger, error)) return false;
  USANCE_ASSIGN(const auto store, storage::LedgerStore::open(ledger, chain));
  const auto executed = store->executed();
  return executed && *executed != Height(0);
}

Result<void> removed(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  if (error)
    return fail(ErrorCode::kIo, "cannot remove " + directory.string() + ": " + error.message());
  return {};
}

// Whether the snapshot is to take the ledger's place.
Result<bool> is_wanted(const std::filesystem::path& snapshot, const std::filesystem::path& ledger,
                       const ChainId& chain) {
  const auto whole = storage::LedgerStore::open(snapshot, chain);
  if (!whole || !(*whole)->executed()) {
    log::warning("snapshot.half", "a snapshot that was not fetched to the end is removed",
                 {{"reason", whole ? "it is empty" : whole.error().message}});
    return false;
  }
  USANCE_ASSIGN(const bool history, has_history(ledger, chain));
  if (history)
    log::warning("snapshot.unwanted", "a snapshot is removed: there is a ledger already");
  return !history;
}

}  // namespace

std::filesystem::path snapshot_directory(const std::filesystem::path& data_dir) {
  return data_dir / kSnapshot;
}

Result<bool> install_snapshot(const std::filesystem::path& data_dir, const ChainId& chain) {
  const auto ledger = data_dir / kLedger;
  const auto snapshot = data_dir / kSnapshot;
  const auto replaced = data_dir / kReplaced;
  std::error_code error;
  bool installed = false;
  if (std::filesystem::exists(snapshot, error)) {
    USANCE_ASSIGN(installed, is_wanted(snapshot, ledger, chain));
    if (!installed) USANCE_TRY(removed(snapshot));
  }
  // Each step may be the last before a crash; the next start goes on from it.
  if (installed && std::filesystem::exists(ledger, error)) {
    USANCE_TRY(removed(replaced));
    USANCE_TRY(moved(ledger, replaced));
  }
  if (installed)
    USANCE_TRY(moved(snapshot, ledger));
  else if (!std::filesystem::exists(ledger, error) && std::filesystem::exists(replaced, error))
    USANCE_TRY(moved(replaced, ledger));
  USANCE_TRY(removed(replaced));
  return installed;
}

}  // namespace usance::node
