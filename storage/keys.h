// The keys of every column family (docs/spec/storage.md). Numbers are big-endian, so that keys
// sort by number.
#pragma once

#include <string>

#include "base/types.h"
#include "storage/tree_page.h"

namespace usance::storage::keys {

template <class T>
void append_number(std::string& key, T number) {
  for (std::size_t i = sizeof(T); i-- > 0;) key.push_back(static_cast<char>(number >> (8 * i)));
}
template <class T>
[[nodiscard]] T read_number(std::string_view bytes) {
  T out = 0;
  for (std::size_t i = 0; i < sizeof(T) && i < bytes.size(); ++i)
    out = static_cast<T>((out << 8) | static_cast<std::uint8_t>(bytes[i]));
  return out;
}

// blocks: height, block hash, part. Competing blocks of one height lie side by side.
enum class BlockPart : std::uint8_t { kHeader = 0, kBody = 1 };
[[nodiscard]] std::string block(Height height, const Hash32& hash, BlockPart part);
[[nodiscard]] std::string height(Height height);  // also a prefix of all keys of that height
// certificates: height, kind of vote.
[[nodiscard]] std::string certificate(Height height, std::uint8_t kind);
// outcomes: height, part.
enum class OutcomePart : std::uint8_t { kActions = 0, kReceipts = 1, kEvents = 2 };
[[nodiscard]] std::string outcome(Height height, OutcomePart part);
// objects and pages: height, index.
[[nodiscard]] std::string address(Address address);
// events: contract, key, height.
[[nodiscard]] std::string event_prefix(std::string_view contract, ByteView key);
[[nodiscard]] std::string event(std::string_view contract, ByteView key, Height height);
// scopes: contract, scope.
[[nodiscard]] std::string scope_prefix(std::string_view contract);
[[nodiscard]] std::string scope(std::string_view contract, ByteView scope);
// items of large objects: scope path, item (escaped, so that one item's keys never mix with those
// of an item it begins), height descending: the newest version up to a height is one seek away.
[[nodiscard]] std::string item_prefix(const Hash32& scope_path);
[[nodiscard]] std::string item_bound(const Hash32& scope_path, ByteView item);
[[nodiscard]] std::string item(const Hash32& scope_path, ByteView item, Height height);
// The item and height of an items key behind the scope path; false if it is none.
[[nodiscard]] bool parse_item(std::string_view key, Bytes& item, Height& height);
// ledger: level, index of a perfect subtree.
[[nodiscard]] std::string ledger_node(std::uint8_t level, std::uint64_t index);

}  // namespace usance::storage::keys
