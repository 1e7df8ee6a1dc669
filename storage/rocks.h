// One open RocksDB with the store's families. Internal to storage/: Database replaces it when the
// disk was full.
#pragma once

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include "base/result.h"
#include "storage/ledger_store.h"

namespace usance::storage {

// The column families; the order is that of their names in rocks.cpp.
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

[[nodiscard]] Error to_error(const rocksdb::Status& status);
// Also for a quota, for which RocksDB has no code.
[[nodiscard]] bool is_no_space(const rocksdb::Status& status);

class Rocks {
 public:
  enum class Access { kWrite, kReadOnly };

  // The block cache outlives every Rocks that used it, so that what was read stays valid.
  static Result<std::unique_ptr<Rocks>> open(const std::filesystem::path& directory,
                                             const StoreOptions& options,
                                             const std::shared_ptr<rocksdb::Cache>& cache,
                                             Access access);
  ~Rocks();
  Rocks(const Rocks&) = delete;
  Rocks& operator=(const Rocks&) = delete;

  [[nodiscard]] rocksdb::DB& db() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }
  // True once a write of any thread, also of RocksDB's own, found no room, and for a read-only
  // one: nothing more can be written here.
  [[nodiscard]] bool stopped() const { return stopped_->load(std::memory_order_acquire); }
  void stop() { stopped_->store(true, std::memory_order_release); }

 private:
  Rocks() = default;

  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> handles_{};
  std::shared_ptr<std::atomic<bool>> stopped_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace usance::storage
