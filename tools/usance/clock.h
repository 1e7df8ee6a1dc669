// This machine's clock, for what a person is told and for certificates.
#pragma once

#include <chrono>
#include <cstdint>

namespace usance::cli {

inline std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace usance::cli
