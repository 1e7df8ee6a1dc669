// The generated codec: whatever it takes, it writes back byte for byte.
#include <cstdint>
#include <cstdlib>

#include "everything/everything.usance.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  const contract::ByteView input(data, size);
  if (const auto decoded = contract::from_wire<everything::v1::Everything>(input)) {
    const contract::Bytes again = contract::to_wire(*decoded.value);
    if (again != contract::copy(input)) std::abort();
  }
  if (const auto decoded = contract::from_wire<everything::v1::Shuffled>(input)) {
    if (contract::to_wire(*decoded.value) != contract::copy(input)) std::abort();
  }
  return 0;
}
