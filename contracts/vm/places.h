// Where in a module the translated code comes from, for tools that name the place of a trap.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "contracts/vm/types.h"

namespace usance::vm {

// The instruction at `offset` of the module begins at `code` of its translation.
struct Place {
  std::uint32_t code = 0;
  std::uint32_t offset = 0;
};

// All of a module's, ascending; instructions that translate to nothing share the next one's code.
// The errors of compile().
[[nodiscard]] Result<std::vector<Place>> find_places(ByteView wasm, Profile profile);

// The offset of the instruction whose operation is at `code`.
[[nodiscard]] std::optional<std::uint32_t> offset_of(const std::vector<Place>& places,
                                                     std::uint32_t code);

}  // namespace usance::vm
