// What host functions and actions cost: table version 1 (Parameters::gas_table_version), listed in
// docs/spec/host.md and docs/spec/execution.md. One unit is one simple wasm operation, about a
// nanosecond. Identical on every node, so a change is a new version. `usance-wasm calibrate host`
// holds every price against what the function takes at its worst: storage is priced for items that
// no cache holds and objects that are read whole for one item, hashes checked.
#pragma once

#include <cstdint>

namespace usance {

struct HostPrice {
  std::uint64_t base = 0;
  std::uint64_t per_byte = 0;

  [[nodiscard]] constexpr std::uint64_t of(std::size_t bytes) const {
    return base + per_byte * bytes;
  }
};

namespace gas {

inline constexpr HostPrice kTransaction{5'000, 2};  // bytes of the arguments
inline constexpr HostPrice kTimer{5'000, 2};
inline constexpr HostPrice kInput{100, 1};  // method, arguments, call_result, context
inline constexpr HostPrice kFinish{100, 1};
inline constexpr HostPrice kGet{20'000, 1};  // bytes of key and value
inline constexpr HostPrice kHas{20'000, 1};  // likewise: the value is read
inline constexpr HostPrice kPut{30'000, 4};
inline constexpr HostPrice kDel{30'000, 1};  // bytes of key and what was there
inline constexpr HostPrice kNext{20'000, 1};
inline constexpr std::uint64_t kNextSkipped = 100;  // each deleted item passed over
inline constexpr HostPrice kBlock{50, 0};           // block_height, block_time
inline constexpr HostPrice kEmit{2'000, 4};
inline constexpr HostPrice kCall{6'000, 2};  // bytes of names and arguments
inline constexpr HostPrice kSchedule{10'000, 4};
inline constexpr HostPrice kCancel{30'000, 0};
inline constexpr HostPrice kSha256{500, 4};
inline constexpr HostPrice kSha3{1'000, 8};
inline constexpr HostPrice kEd25519{100'000, 4};
inline constexpr HostPrice kP256{250'000, 4};
inline constexpr HostPrice kMulDiv{60, 0};
inline constexpr HostPrice kLog{50, 1};
inline constexpr HostPrice kDeployCode{1'000'000, 40};  // validation, compilation and storage

}  // namespace gas

class GasMeter {
 public:
  explicit GasMeter(std::uint64_t limit) : limit_(limit), remaining_(limit) {}

  // False when it does not suffice; then nothing remains.
  [[nodiscard]] bool charge(std::uint64_t amount) {
    if (amount > remaining_) {
      remaining_ = 0;
      return false;
    }
    remaining_ -= amount;
    return true;
  }
  // For an engine that counts by itself while it runs.
  void set_remaining(std::uint64_t remaining) { remaining_ = remaining; }
  [[nodiscard]] std::uint64_t remaining() const { return remaining_; }
  [[nodiscard]] std::uint64_t used() const { return limit_ - remaining_; }

 private:
  std::uint64_t limit_;
  std::uint64_t remaining_;
};

}  // namespace usance
