#include "storage/database.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

namespace usance::storage {

namespace {

constexpr std::array<const char*, kFamilies> kNames = {
    "default", "blocks",  "certificates", "results", "outcomes", "actions",
    "events",  "objects", "pages",        "items",   "scopes",   "ledger"};

rocksdb::ColumnFamilyOptions family_options(Family family, const StoreOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions out;
  out.compression = rocksdb::kNoCompression;  // what is big is hashes and ciphertexts
  out.write_buffer_size = options.memtable_bytes / 2;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.format_version = 5;
  // Point look-ups of keys that are mostly absent below the newest files.
  if (family == Family::kActions || family == Family::kObjects || family == Family::kPages)
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return out;
}

rocksdb::Options database_options(const StoreOptions& options) {
  rocksdb::Options out;
  out.create_if_missing = true;
  out.create_missing_column_families = true;
  if (options.env != nullptr) out.env = options.env;
  out.db_write_buffer_size = options.memtable_bytes;
  out.max_total_wal_size = 4 * options.memtable_bytes;
  out.max_background_jobs = 2;
  // One writer: its inserts are sequential, and spinning for a place in a write group costs more
  // than it gains on a small machine.
  out.allow_concurrent_memtable_write = false;
  out.enable_write_thread_adaptive_yield = false;
  out.keep_log_file_num = 4;
  out.max_log_file_size = 4u << 20;
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;
  // A torn last record is a write that was never acknowledged; anything after it is not applied.
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  return out;
}

}  // namespace

Error to_error(const rocksdb::Status& status) {
  if (status.IsNoSpace())
    return {ErrorCode::kResourceExhausted, "the disk is full: " + status.ToString()};
  if (status.IsCorruption()) return {ErrorCode::kCorrupt, status.ToString()};
  // RocksDB has no code for a database that is in use; a path may contain "lock" as well.
  const std::string text = status.ToString();
  if (status.IsIOError() && (text.find("While lock file") != std::string::npos ||
                             text.find("lock hold by current process") != std::string::npos))
    return {ErrorCode::kFailedPrecondition, "another process uses it: " + text};
  return {ErrorCode::kIo, status.ToString()};
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& directory,
                                                 const StoreOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return fail(ErrorCode::kIo, "cannot create " + directory.string() + ": " + error.message());
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(kFamilies);
  for (std::size_t i = 0; i < kFamilies; ++i)
    families.emplace_back(kNames[i], family_options(static_cast<Family>(i), options, cache));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(database_options(options), directory.string(), families, &handles, &raw);
  if (!status.ok()) return fail_with("the database in " + directory.string(), to_error(status));
  std::unique_ptr<Database> out(new Database());
  out->db_.reset(raw);
  std::copy(handles.begin(), handles.end(), out->handles_.begin());
  return out;
}

Database::~Database() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : handles_) db_->DestroyColumnFamilyHandle(family);
  db_->Close();
}

Result<std::optional<rocksdb::PinnableSlice>> Database::get(Family family,
                                                            const rocksdb::Slice& key) const {
  std::optional<rocksdb::PinnableSlice> value(std::in_place);
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), handle(family), key, &*value);
  if (status.IsNotFound()) return std::optional<rocksdb::PinnableSlice>();
  if (!status.ok()) return tl::unexpected<Error>(to_error(status));
  return value;
}

Result<void> Database::write(rocksdb::WriteBatch& batch, bool sync) {
  if (stopped_.load(std::memory_order_relaxed)) {
    // Busy while RocksDB is watching for free space itself.
    if (const rocksdb::Status resumed = db_->Resume(); !resumed.ok())
      return fail(reason_.load(std::memory_order_relaxed),
                  "writing stopped and cannot go on yet: " + resumed.ToString());
    stopped_.store(false, std::memory_order_relaxed);
  }
  rocksdb::WriteOptions options;
  options.sync = sync;
  const rocksdb::Status status = db_->Write(options, &batch);
  if (!status.ok()) {
    Error error = to_error(status);
    reason_.store(error.code, std::memory_order_relaxed);
    stopped_.store(true, std::memory_order_relaxed);
    return tl::unexpected<Error>(std::move(error));
  }
  return {};
}

std::unique_ptr<rocksdb::Iterator> Database::iterator(Family family) const {
  return std::unique_ptr<rocksdb::Iterator>(
      db_->NewIterator(rocksdb::ReadOptions(), handle(family)));
}

}  // namespace usance::storage
