// RocksDB as the store uses it: families by name, statuses as errors, no exceptions. Internal to
// storage/; every call is thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "base/result.h"
#include "base/types.h"
#include "storage/ledger_store.h"

namespace usance::storage {

// The column families; the order is that of their names in database.cpp.
enum class Family : std::uint8_t {
  kMeta,          // network, format, highest executed height
  kBlocks,        // headers and bodies, decided or competing
  kCertificates,  // commit and result certificates
  kResults,       // result header and state root's page of each executed height
  kOutcomes,      // ids, receipts and events of each executed height, packed
  kActions,       // transaction id -> height, action
  kEvents,        // contract, key, height -> positions of events
  kObjects,       // versions of scopes
  kPages,         // pages of the state's trees
  kItems,         // versions of the items of large scopes
  kScopes,        // contract, scope -> height of creation
  kLedger,        // nodes of the ledger tree
};
inline constexpr std::size_t kFamilies = 12;

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

[[nodiscard]] Error to_error(const rocksdb::Status& status);

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
  // All or nothing. After a failed write RocksDB refuses all others until it is resumed: it does
  // that by itself within seconds of finding room, and each further write tries to.
  [[nodiscard]] Result<void> write(rocksdb::WriteBatch& batch, bool sync);
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> iterator(Family family) const;
  [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }

 private:
  Database() = default;

  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> handles_{};
  std::atomic<bool> stopped_{false};               // a write failed; resume before the next
  std::atomic<ErrorCode> reason_{ErrorCode::kIo};  // why
};

}  // namespace usance::storage
