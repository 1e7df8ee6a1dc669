// Where the contract registry keeps its records.
#pragma once

#include <string>

#include "contracts/system/contract_view.h"
#include "system/registry.usance.h"

namespace usance::registry {

inline constexpr std::string_view kNames = "names";
inline constexpr std::string_view kProposals = "proposals";
// Code is cut into values of this size, under "chunk/" and the chunk's number as 8 bytes.
inline constexpr std::size_t kChunkBytes = 48 * 1024;

[[nodiscard]] inline std::string contract_scope(std::string_view name) {
  return "contract/" + std::string(name);
}
[[nodiscard]] inline std::string proposal_scope(std::uint64_t id) {
  return "proposal/" + std::to_string(id);
}
[[nodiscard]] inline std::string code_scope(const Hash32& hash) {
  return "code/" + to_hex(hash);
}
[[nodiscard]] inline Bytes chunk_item(std::uint64_t index) {
  Bytes item = to_bytes("chunk/");
  const Bytes number = contract::ordered_key(index);
  item.insert(item.end(), number.begin(), number.end());
  return item;
}

}  // namespace usance::registry
