// Ledger timers: kept by the contract "system.timers", whose scopes are ephemeral. Rules in
// docs/spec/execution.md, "Timers".
#pragma once

#include <optional>

#include "contracts/host/overlay.h"
#include "contracts/system/native.h"
#include "system/timers.usance.h"

namespace usance::timers {

using Timer = v1::Timer;

inline constexpr std::string_view kContract = "system.timers";
inline constexpr std::uint32_t kRetries = 5;  // after the first run

// Gives the timer its id and makes it pending.
std::uint64_t add(Overlay& overlay, Timer timer);
// False when no timer of that id is pending, or it is another contract's.
bool cancel(Overlay& overlay, std::string_view contract, std::uint64_t id);

// A timer's place in the order in which timers run.
struct Position {
  TimeMs at;
  std::uint64_t id = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};
[[nodiscard]] Position position(const Timer& timer);
// The first pending timer after that position, or the first of all.
[[nodiscard]] std::optional<Timer> first_after(Overlay& overlay,
                                               const std::optional<Position>& position);
// Takes a pending timer off the list, to be run.
void remove(Overlay& overlay, const Timer& timer);
// After a failed run at that time: pending again, or, when the retries are used up, moved to the
// dead ones (false).
bool retry(Overlay& overlay, Timer timer, TimeMs now);

[[nodiscard]] SystemContract system_contract();

}  // namespace usance::timers
