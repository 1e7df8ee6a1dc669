#include "storage/rocks.h"

#include <algorithm>
#include <string>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>

#include "storage/rocks_log.h"

namespace usance::storage {

namespace {

constexpr std::array<const char*, kFamilies> kNames = {
    "default", "blocks",  "certificates", "results", "outcomes", "actions",
    "events",  "objects", "pages",        "items",   "scopes",   "ledger"};

// RocksDB's own recovery from a full disk is switched off: it may leave the write-ahead log's
// writer refusing for ever ("Writer has previous error"), and a Resume() beside it is Busy. Any
// error for want of room stops the database at once, also one that RocksDB takes for soft, so
// that no write waits for a flush that will not come.
class FullDiskWatch final : public rocksdb::EventListener {
 public:
  explicit FullDiskWatch(std::shared_ptr<std::atomic<bool>> stopped)
      : stopped_(std::move(stopped)) {}
  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* status) override {
    if (!is_no_space(*status)) return;
    stopped_->store(true, std::memory_order_release);
    if (status->severity() < rocksdb::Status::kHardError)
      *status = rocksdb::Status(*status, rocksdb::Status::kHardError);
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status /*status*/,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  const std::shared_ptr<std::atomic<bool>> stopped_;
};

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
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;
  // A torn last record is a write that was never acknowledged; anything after it is not applied.
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  return out;
}

}  // namespace

bool is_no_space(const rocksdb::Status& status) {
  return status.IsNoSpace() ||
         (status.IsIOError() && status.ToString().find("Disk quota exceeded") != std::string::npos);
}

Error to_error(const rocksdb::Status& status) {
  if (is_no_space(status))
    return {ErrorCode::kResourceExhausted, "the disk is full: " + status.ToString()};
  if (status.IsCorruption()) return {ErrorCode::kCorrupt, status.ToString()};
  if (status.IsAborted()) return {ErrorCode::kPruned, status.ToString()};
  // RocksDB has no code for a database that is in use; a path may contain "lock" as well.
  const std::string text = status.ToString();
  if (status.IsIOError() && (text.find("While lock file") != std::string::npos ||
                             text.find("lock hold by current process") != std::string::npos))
    return {ErrorCode::kFailedPrecondition, "another process uses it: " + text};
  return {ErrorCode::kIo, status.ToString()};
}

Result<std::unique_ptr<Rocks>> Rocks::open(const std::filesystem::path& directory,
                                           const StoreOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache,
                                           Access access) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(kFamilies);
  for (std::size_t i = 0; i < kFamilies; ++i)
    families.emplace_back(kNames[i], family_options(static_cast<Family>(i), options, cache));
  std::unique_ptr<Rocks> out(new Rocks());
  rocksdb::Options whole = database_options(options);
  whole.info_log = make_rocks_log(directory);
  whole.listeners.push_back(std::make_shared<FullDiskWatch>(out->stopped_));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status =
      access == Access::kWrite
          ? rocksdb::DB::Open(whole, directory.string(), families, &handles, &raw)
          : rocksdb::DB::OpenForReadOnly(whole, directory.string(), families, &handles, &raw);
  if (!status.ok()) {
    Error error = to_error(status);
    // What it says of its own files: one is gone, or they have families that we do not know.
    if (status.IsPathNotFound()) error.code = ErrorCode::kCorrupt;
    if (status.IsInvalidArgument()) error.code = ErrorCode::kFailedPrecondition;
    return fail_with("the database in " + directory.string(), error);
  }
  out->db_.reset(raw);
  std::copy(handles.begin(), handles.end(), out->handles_.begin());
  if (access == Access::kReadOnly) out->stop();
  return out;
}

Rocks::~Rocks() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : handles_) db_->DestroyColumnFamilyHandle(family);
  db_->Close();
}

}  // namespace usance::storage
