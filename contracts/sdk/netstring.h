// Statements that people and devices sign outside a transaction: parts in an order, each with its
// length before it, so that no two lists of parts read the same. "ab", "" is "2:ab,0:,".
#pragma once

#include <initializer_list>
#include <string_view>

#include "contracts/sdk/bytes.h"
#include "contracts/sdk/failure.h"

namespace usance::contract {

[[nodiscard]] inline Bytes netstrings(std::initializer_list<std::string_view> parts) {
  Bytes out;
  const auto append = [&out](std::string_view text) {
    const ByteView bytes = view(text);
    out.insert(out.end(), bytes.begin(), bytes.end());
  };
  for (const std::string_view part : parts) {
    append(decimal(std::uint64_t{part.size()}));
    append(":");
    append(part);
    append(",");
  }
  return out;
}

}  // namespace usance::contract
