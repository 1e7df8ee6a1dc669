// What the measuring commands share.
#pragma once

#include <ctime>
#include <string>

#include "base/result.h"
#include "contracts/vm/instance.h"

namespace usance::tools {

inline constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 62;  // gas

[[nodiscard]] inline double cpu_milliseconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

[[nodiscard]] Result<Bytes> read_bytes(const std::string& path);

// A host without functions.
class NoHost : public vm::HostInterface {
 public:
  vm::HostResult call(std::uint32_t, vm::HostFrame&) override {
    return vm::HostResult::fail(TrapCode::kUnreachable);
  }
};

}  // namespace usance::tools
