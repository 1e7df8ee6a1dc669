// RocksDB as the store uses it: families by name, statuses as errors, no exceptions, and open
// again by itself after the disk was full. Internal to storage/; every call is thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include <rocksdb/write_batch.h>

#include "base/result.h"
#include "base/types.h"
#include "storage/rocks.h"
#include "storage/use_gate.h"

namespace usance::storage {

[[nodiscard]] inline rocksdb::Slice slice(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline ByteView contents(const rocksdb::Slice& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes copy(const rocksdb::Slice& bytes) {
  const ByteView v = contents(bytes);
  return Bytes(v.begin(), v.end());
}

class Database;

// Changes that are written together or not at all. Outlives a reopening of its database, which
// must outlive it; owned by one thread.
class Batch {
 public:
  explicit Batch(const Database& database) : database_(&database) {}
  void put(Family family, const rocksdb::Slice& key, const rocksdb::Slice& value);
  void erase(Family family, const rocksdb::Slice& key);
  [[nodiscard]] std::size_t count() const { return changes_.Count(); }

 private:
  friend class Database;
  const Database* database_;
  rocksdb::WriteBatch changes_;
  bool whole_ = true;  // false: a change could not be noted
};

// A moment that cursors can go back to: what is overwritten later stays readable for them. Lost
// when the database is opened again. Thread-safe; not made or destroyed where a cursor lives; must
// not outlive its database.
class Moment {
 public:
  explicit Moment(const Database& database);
  ~Moment();
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;

 private:
  friend class Cursor;
  friend class Database;
  const Database& database_;
  const rocksdb::Snapshot* snapshot_ = nullptr;  // null: lost
};

// A position in a family. While it lives the database cannot be opened again: it lives in one
// function, which neither reads by key nor adds to a batch meanwhile.
class Cursor {
 public:
  // With a moment that was lost its status is Aborted, which is kPruned.
  Cursor(const Database& database, Family family, const Moment* moment = nullptr);
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  rocksdb::Iterator* operator->() const { return position_.get(); }

 private:
  const InUse use_;
  const std::unique_ptr<rocksdb::Iterator> position_;
};

class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& directory,
                                                const StoreOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Nothing if the key is absent; the value stays valid as long as the slice.
  [[nodiscard]] Result<std::optional<rocksdb::PinnableSlice>> get(Family family,
                                                                  const rocksdb::Slice& key) const;
  [[nodiscard]] Cursor cursor(Family family, const Moment* moment = nullptr) const {
    return {*this, family, moment};
  }
  // All or nothing. kResourceExhausted: the disk is or was full; every write resumes first, so the
  // same call succeeds once there is room.
  [[nodiscard]] Result<void> write(Batch& batch, bool sync);

  // True after a write, also one of RocksDB's own in the background, found no room.
  [[nodiscard]] bool stopped() const;
  // Goes on after that, if there is room by now (else kResourceExhausted): closes RocksDB and
  // opens it again in place, which rereads every acknowledged write from its log and drops what a
  // failed one left. Reads wait meanwhile. If the disk fills up again on the way, reads go on from
  // a database that is open for reading only. At once if nothing had stopped.
  [[nodiscard]] Result<void> resume();

 private:
  friend class Batch;
  friend class Cursor;
  friend class Moment;
  Database(std::filesystem::path directory, const StoreOptions& options);
  Result<void> check_room() const;
  Result<void> reopen();
  void lose_moments();

  const std::filesystem::path directory_;
  const StoreOptions options_;
  const std::shared_ptr<rocksdb::Cache> cache_;
  std::mutex resuming_;
  mutable UseGate gate_;
  mutable std::mutex moments_mutex_;
  mutable std::set<Moment*> moments_;
  std::unique_ptr<Rocks> rocks_;  // replaced behind the closed gate; null only if not even
                                  // reading was possible any more
};

}  // namespace usance::storage
