#include "storage/database.h"

#include <rocksdb/env.h>
#include <rocksdb/iterator.h>

namespace usance::storage {

namespace {

// Readers hold a database for the time of one call.
constexpr auto kReadersLeave = std::chrono::seconds(2);
// Opening writes the memtables out and begins a manifest and a log.
constexpr std::uint64_t kOpeningBytes = 4u << 20;
constexpr std::size_t kProbeBytes = 64u << 10;

tl::unexpected<Error> unreadable() {
  return fail(ErrorCode::kIo, "the database could not be opened again after the disk was full");
}

tl::unexpected<Error> no_room(const std::string& why) {
  return fail(ErrorCode::kResourceExhausted, "the disk is full, and writing stopped: " + why);
}

// RocksDB would begin a new database over what is left of one, and delete it.
Result<void> check_begun(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::exists(directory / "CURRENT", error)) return {};
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error))
    if (const auto kind = at->path().extension(); kind == ".sst" || kind == ".log")
      if (at->path().filename() != "rocksdb.log")
        return fail(ErrorCode::kCorrupt, "the database in " + directory.string() +
                                             " has data, but its file CURRENT is gone");
  return {};
}

}  // namespace

void Batch::put(Family family, const rocksdb::Slice& key, const rocksdb::Slice& value) {
  const InUse use(database_->gate_);
  const Rocks* rocks = database_->rocks_.get();
  whole_ = whole_ && rocks != nullptr && changes_.Put(rocks->handle(family), key, value).ok();
}

void Batch::erase(Family family, const rocksdb::Slice& key) {
  const InUse use(database_->gate_);
  const Rocks* rocks = database_->rocks_.get();
  whole_ = whole_ && rocks != nullptr && changes_.Delete(rocks->handle(family), key).ok();
}

Moment::Moment(const Database& database) : database_(database) {
  const InUse use(database_.gate_);
  if (database_.rocks_ == nullptr) return;
  const std::lock_guard lock(database_.moments_mutex_);
  snapshot_ = database_.rocks_->db().GetSnapshot();
  database_.moments_.insert(this);
}

Moment::~Moment() {
  const InUse use(database_.gate_);
  const std::lock_guard lock(database_.moments_mutex_);
  if (snapshot_ != nullptr) database_.rocks_->db().ReleaseSnapshot(snapshot_);
  database_.moments_.erase(this);
}

Cursor::Cursor(const Database& database, Family family, const Moment* moment)
    : use_(database.gate_), position_([&] {
        if (database.rocks_ == nullptr)
          return rocksdb::NewErrorIterator(rocksdb::Status::IOError(unreadable().value().message));
        if (moment != nullptr && moment->snapshot_ == nullptr)
          return rocksdb::NewErrorIterator(rocksdb::Status::Aborted(
              "what was held for others is lost: the database was opened again"));
        rocksdb::ReadOptions options;
        if (moment != nullptr) options.snapshot = moment->snapshot_;
        return database.rocks_->db().NewIterator(options, database.rocks_->handle(family));
      }()) {}

Database::Database(std::filesystem::path directory, const StoreOptions& options)
    : directory_(std::move(directory)),
      options_(options),
      cache_(rocksdb::NewLRUCache(options.block_cache_bytes)) {}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& directory,
                                                 const StoreOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return fail(
        error == std::errc::no_space_on_device ? ErrorCode::kResourceExhausted : ErrorCode::kIo,
        "cannot create " + directory.string() + ": " + error.message());
  USANCE_TRY(check_begun(directory));
  std::unique_ptr<Database> out(new Database(directory, options));
  USANCE_ASSIGN(out->rocks_, Rocks::open(directory, options, out->cache_, Rocks::Access::kWrite));
  return out;
}

Database::~Database() = default;

Result<std::optional<rocksdb::PinnableSlice>> Database::get(Family family,
                                                            const rocksdb::Slice& key) const {
  const InUse use(gate_);
  if (rocks_ == nullptr) return unreadable();
  // The slice pins a block of the cache, which outlives the database it was read from.
  std::optional<rocksdb::PinnableSlice> value(std::in_place);
  const rocksdb::Status status =
      rocks_->db().Get(rocksdb::ReadOptions(), rocks_->handle(family), key, &*value);
  if (status.IsNotFound()) return std::optional<rocksdb::PinnableSlice>();
  if (!status.ok()) return tl::unexpected<Error>(to_error(status));
  return value;
}

Result<void> Database::write(Batch& batch, bool sync) {
  USANCE_TRY(resume());
  const InUse use(gate_);
  if (rocks_ == nullptr || !batch.whole_) return unreadable();
  if (rocks_->stopped()) return no_room("it filled up again at once");
  rocksdb::WriteOptions options;
  options.sync = sync;
  const rocksdb::Status status = rocks_->db().Write(options, &batch.changes_);
  if (status.ok()) return {};
  // What follows a full disk has other names, too, such as "Writer has previous error".
  if (is_no_space(status)) rocks_->stop();
  if (rocks_->stopped()) return no_room(status.ToString());
  return tl::unexpected<Error>(to_error(status));
}

bool Database::stopped() const {
  const InUse use(gate_);
  return rocks_ == nullptr || rocks_->stopped();
}

Result<void> Database::resume() {
  if (!stopped()) return {};
  const std::lock_guard one(resuming_);
  if (!stopped()) return {};
  USANCE_TRY(check_room());
  if (!gate_.close(kReadersLeave)) return no_room("readers are busy; trying again");
  auto reopened = reopen();
  gate_.open();
  return reopened;
}

// Closing a database that cannot be opened again would cost the reads, too.
Result<void> Database::check_room() const {
  rocksdb::Env* env = options_.env != nullptr ? options_.env : rocksdb::Env::Default();
  std::uint64_t unwritten = 0;
  {
    const InUse use(gate_);
    if (rocks_ != nullptr)
      rocks_->db().GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables,
                                            &unwritten);
  }
  const std::uint64_t needed = unwritten + kOpeningBytes;
  std::uint64_t free = 0;
  if (env->GetFreeSpace(directory_.string(), &free).ok() && free < needed)
    return no_room(std::to_string(needed >> 20) + " MiB are needed to go on, " +
                   std::to_string(free >> 20) + " MiB are free");
  // Free space says nothing of quotas.
  const std::string probe = (directory_ / "room.probe").string();
  const rocksdb::Status written =
      rocksdb::WriteStringToFile(env, std::string(kProbeBytes, '\0'), probe, true);
  env->DeleteFile(probe);
  if (!written.ok()) return no_room(written.ToString());
  return {};
}

// Behind the closed gate.
void Database::lose_moments() {
  const std::lock_guard lock(moments_mutex_);
  for (Moment* moment : moments_) {
    if (moment->snapshot_ != nullptr) rocks_->db().ReleaseSnapshot(moment->snapshot_);
    moment->snapshot_ = nullptr;
  }
}

Result<void> Database::reopen() {
  if (rocks_ != nullptr) lose_moments();
  rocks_.reset();
  auto opened = Rocks::open(directory_, options_, cache_, Rocks::Access::kWrite);
  if (opened) {
    rocks_ = *std::move(opened);
    return {};
  }
  auto readable = Rocks::open(directory_, options_, cache_, Rocks::Access::kReadOnly);
  if (readable) rocks_ = *std::move(readable);
  return tl::unexpected<Error>(opened.error());
}

}  // namespace usance::storage
