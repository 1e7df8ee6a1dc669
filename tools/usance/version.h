#pragma once

#include <string_view>

namespace usance::cli {

inline constexpr std::string_view kVersion = USANCE_VERSION;

}  // namespace usance::cli
