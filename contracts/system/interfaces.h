// The serialised FileDescriptorSets of the system contracts, made from their .proto files by the
// build (contracts/system/CMakeLists.txt). They live for ever.
#pragma once

#include "base/types.h"

namespace usance::interfaces {

[[nodiscard]] ByteView governance();
[[nodiscard]] ByteView registry();
[[nodiscard]] ByteView timers();

}  // namespace usance::interfaces
