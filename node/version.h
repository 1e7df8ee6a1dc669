// The program's version.
#pragma once

namespace usance::node {

inline constexpr const char* kVersion = USANCE_VERSION;

}  // namespace usance::node
