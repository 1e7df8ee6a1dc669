// Any bytes: compile() answers, in bounded time and memory, in both profiles; what the contract
// profile accepts the full engine accepts too.
#include <cstdlib>

#include "contracts/vm/instance.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  using namespace usance::vm;
  const ByteView bytes(data, size);
  const auto contract = compile(bytes, Profile::kContract);
  const auto full = compile(bytes, Profile::kFull);
  if (contract && !full) std::abort();
  if (contract && (*contract)->footprint() > (std::size_t{64} << 20)) std::abort();
  if (!contract && contract.error().message.empty()) std::abort();
  return 0;
}
