// Valid modules that the fuzzer shapes: the same in both interpreters, on new, reset and cached
// instances, with and without enough gas.
#include <cstdio>
#include <cstdlib>

#include "tools/usance-wasm/compare/comparison.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  using namespace usance::tools;
  Choices choices{ByteView(data, size)};
  const auto transcript = compare_module(generate_module(choices));
  if (!transcript) {
    std::fprintf(stderr, "%s\n", transcript.error().message.c_str());
    std::abort();
  }
  return 0;
}
