// Where RocksDB writes about itself: rocksdb.log in its directory, and one older file beside it.
// A line that finds no room is lost. RocksDB's own logger ends the process there: its next line
// meets an assertion that Debian's build keeps (WritableFileWriter, "previous error").
#pragma once

#include <filesystem>
#include <memory>

#include <rocksdb/env.h>

namespace usance::storage {

// Thread-safe. Null options of RocksDB would bring its own logger back, so there is always one,
// also where the file cannot be opened.
[[nodiscard]] std::shared_ptr<rocksdb::Logger> make_rocks_log(
    const std::filesystem::path& directory);

}  // namespace usance::storage
