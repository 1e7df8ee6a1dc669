// What one block costs in the store: staging its state and committing it, without the fdatasync.
//   storage_bench --benchmark_filter=Transfers
// Arguments: accounts, transactions a block. Counters are CPU microseconds per transaction,
// background work of RocksDB included, and bytes written per transaction.
#include <filesystem>
#include <random>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "base/hash.h"
#include "storage/ledger_store.h"

namespace usance::storage {
namespace {

double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Deposit accounts of two items each; a transfer rewrites both items of two accounts.
class TransferChain {
 public:
  TransferChain(std::uint64_t accounts, bool sync) : accounts_(accounts) {
    directory_ =
        std::filesystem::temp_directory_path() / ("usance-bench-" + std::to_string(getpid()));
    std::filesystem::remove_all(directory_);
    StoreOptions options;
    options.sync = sync;
    store_ = LedgerStore::open(directory_, chain_, options).value();
    std::vector<StateChange> genesis;
    for (std::uint64_t i = 0; i < accounts; ++i) write_account(genesis, i, 0);
    prepare(0, std::move(genesis));
    run_once();
  }
  ~TransferChain() {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  void prepare_transfers(std::size_t transactions) {
    std::vector<StateChange> changes;
    for (std::uint32_t i = 0; i < transactions; ++i) {
      const std::uint64_t from = random_() % accounts_;
      const std::uint64_t to = (from + 1 + random_() % (accounts_ - 1)) % accounts_;
      write_account(changes, from, i);
      write_account(changes, to, i);
    }
    prepare(transactions, std::move(changes));
  }
  // CPU seconds that staging took.
  double run_once() {
    const double start = process_cpu_seconds();
    auto staged = store_->stage(block_.header.height, changes_);
    if (!staged) std::abort();
    const double staging = process_cpu_seconds() - start;
    result_.state_root = staged->state_root();
    result_.ledger_root = store_->next_ledger_root();
    const Certificate* commit = block_.header.height == Height(0) ? nullptr : &certificate_;
    const auto done =
        store_->commit(*staged, {block_.header, &block_.body, commit}, receipts_, events_, result_);
    if (!done) std::abort();
    parent_ = result_.block;
    return staging;
  }
  std::uint64_t directory_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_))
      if (entry.is_regular_file()) bytes += entry.file_size();
    return bytes;
  }
  const LedgerStore& store() const { return *store_; }
  static StateKey key(std::uint64_t account, std::string_view item) {
    return {"deposit", to_bytes("account/DE00" + std::to_string(1'000'000 + account)),
            to_bytes(item)};
  }

 private:
  void write_account(std::vector<StateChange>& changes, std::uint64_t account,
                     std::uint32_t action) {
    for (const std::string_view item : {"balance", "terms"}) {
      Bytes value(68);
      for (std::uint8_t& byte : value) byte = static_cast<std::uint8_t>(random_());
      changes.push_back({key(account, item), std::move(value), action});
    }
  }
  void prepare(std::size_t transactions, std::vector<StateChange> changes) {
    changes_ = std::move(changes);
    receipts_.clear();
    events_.clear();
    block_ = {};
    const Height height = store_->executed() ? store_->executed()->next() : Height(0);
    for (std::uint32_t i = 0; i < transactions; ++i) {
      Receipt& receipt = receipts_.emplace_back();
      const std::string name = std::to_string(height.value) + "/" + std::to_string(i);
      receipt.tx = sha256(as_bytes(name));
      receipt.gas_used = 1'000;
      receipt.events = 1;
      events_.push_back({i, 0, "deposit", "Moved", changes_[4 * i].key.scope, Bytes(60)});
      Bytes bundle(300);
      for (std::uint8_t& byte : bundle) byte = static_cast<std::uint8_t>(random_());
      block_.body.bundles.push_back(std::move(bundle));
    }
    if (height == Height(0)) {
      block_.header = genesis_block_header(chain_, TimeMs(1));
    } else {
      block_.header.chain = chain_;
      block_.header.height = height;
      block_.header.parent = parent_;
      block_.header.body_root = body_root(block_.body);
    }
    result_ = {};
    result_.chain = chain_;
    result_.height = height;
    result_.block = block_hash(block_.header);
    result_.actions = static_cast<std::uint32_t>(receipts_.size());
    certificate_ = {};
    certificate_.content = {VoteKind::kCommit, Epoch(0), View(0), height, result_.block};
    certificate_.bitmap = {7};
    certificate_.signatures.resize(3);
  }

  std::uint64_t accounts_;
  std::filesystem::path directory_;
  ChainId chain_;
  std::mt19937_64 random_{42};
  std::unique_ptr<LedgerStore> store_;
  std::vector<StateChange> changes_;
  std::vector<Receipt> receipts_;
  std::vector<Event> events_;
  Block block_;
  Certificate certificate_;
  ResultHeader result_;
  Hash32 parent_;
};

void Transfers(benchmark::State& state) {
  TransferChain chain(static_cast<std::uint64_t>(state.range(0)), state.range(2) != 0);
  const auto transactions = static_cast<std::size_t>(state.range(1));
  double cpu = 0;
  double staging = 0;
  std::uint64_t blocks = 0;
  const std::uint64_t before = chain.directory_bytes();
  for (auto _ : state) {
    state.PauseTiming();
    chain.prepare_transfers(transactions);
    state.ResumeTiming();
    const double start = process_cpu_seconds();
    staging += chain.run_once();
    cpu += process_cpu_seconds() - start;
    ++blocks;
  }
  const double count = static_cast<double>(blocks * transactions);
  state.counters["cpu_us_per_tx"] = cpu * 1e6 / count;
  state.counters["staging_us_per_tx"] = staging * 1e6 / count;
  state.counters["bytes_per_tx"] = static_cast<double>(chain.directory_bytes() - before) / count;
}
BENCHMARK(Transfers)
    ->ArgNames({"accounts", "transactions", "sync"})
    ->Args({5'000, 1'000, 0})
    ->Args({200'000, 1'000, 0})
    ->Args({5'000, 100, 0})
    ->Args({5'000, 1'000, 1})
    ->Iterations(150)
    ->Unit(benchmark::kMillisecond);

void ReadLatest(benchmark::State& state) {
  TransferChain chain(static_cast<std::uint64_t>(state.range(0)), false);
  std::uint64_t i = 0;
  for (auto _ : state) {
    i = (i * 6'364'136'223'846'793'005ULL + 1) % static_cast<std::uint64_t>(state.range(0));
    benchmark::DoNotOptimize(chain.store().latest_view().get(TransferChain::key(i, "balance")));
  }
}
BENCHMARK(ReadLatest)->Arg(5'000);

void ProveItem(benchmark::State& state) {
  TransferChain chain(5'000, false);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        chain.store().state_proof(Height(0), TransferChain::key(77, "balance")));
}
BENCHMARK(ProveItem);

}  // namespace
}  // namespace usance::storage

BENCHMARK_MAIN();
