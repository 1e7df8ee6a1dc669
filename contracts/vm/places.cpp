#include "contracts/vm/places.h"

#include <algorithm>

#include "contracts/vm/decoder.h"
#include "contracts/vm/module_data.h"

namespace usance::vm {

Result<std::vector<Place>> find_places(ByteView wasm, Profile profile) {
  USANCE_ASSIGN(auto data, ModuleDecoder(wasm, profile, true).run());
  return std::move(data->places);
}

std::optional<std::uint32_t> offset_of(const std::vector<Place>& places, std::uint32_t code) {
  // Of several that begin there, the last is the one that emitted it.
  const auto after = std::upper_bound(
      places.begin(), places.end(), code,
      [](std::uint32_t wanted, const Place& place) { return wanted < place.code; });
  if (after == places.begin()) return std::nullopt;
  return std::prev(after)->offset;
}

}  // namespace usance::vm
