// Typed records of a system contract read from a state, outside any invocation.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/state.h"
#include "contracts/sdk/wire.h"

namespace usance {

// What a system contract wrote always decodes; anything else is a store that contradicts itself.
template <class T>
[[nodiscard]] T decode_record(ByteView raw) {
  auto decoded = contract::from_wire<T>(raw);
  USANCE_INVARIANT(static_cast<bool>(decoded));
  return *std::move(decoded.value);
}

template <class T>
[[nodiscard]] Bytes record_item(ByteView key) {
  Bytes item = to_bytes(T::kItemPrefix);
  item.insert(item.end(), key.begin(), key.end());
  return item;
}

// The one T of a scope.
template <class T>
[[nodiscard]] std::optional<T> read_record(const StateView& state, std::string_view contract,
                                           std::string_view scope) {
  const auto raw = state.get({std::string(contract), to_bytes(scope), to_bytes(T::kItem)});
  if (!raw) return std::nullopt;
  return decode_record<T>(*raw);
}

// One of the many T of a scope.
template <class T>
[[nodiscard]] std::optional<T> read_entry(const StateView& state, std::string_view contract,
                                          std::string_view scope, ByteView key) {
  const auto raw = state.get({std::string(contract), to_bytes(scope), record_item<T>(key)});
  if (!raw) return std::nullopt;
  return decode_record<T>(*raw);
}

// All T of a scope, ascending by key.
template <class T>
[[nodiscard]] std::vector<T> read_entries(const StateView& state, std::string_view contract,
                                          std::string_view scope) {
  constexpr std::size_t kPage = 256;
  std::vector<T> out;
  Bytes from = to_bytes(T::kItemPrefix);
  Bytes to = from;
  ++to.back();  // prefixes end in '/', so this does not wrap
  for (;;) {
    const auto page = state.list(std::string(contract), to_bytes(scope), from, to, kPage);
    for (const StateItem& item : page) out.push_back(decode_record<T>(item.value));
    if (page.size() < kPage) return out;
    from = page.back().item;
    from.push_back(0);
  }
}

}  // namespace usance
