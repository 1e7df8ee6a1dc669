// One simulation's settings, and the knobs that its seed turns.
#pragma once

#include <cstdint>
#include <string>

#include "tools/usance-sim/random.h"

namespace usance::sim {

struct Options {
  std::uint64_t seed = 0;
  std::size_t nodes = 4;
  std::uint64_t heights = 200;  // how far the faults reach; the liveness phase follows
  bool verbose = false;
  bool real_signatures = false;  // Ed25519 whatever the seed says
  // A scenario of duplicated keys instead of drawn faults: f validators run twice, and round after
  // round another partition. The seed is the scenario's number.
  bool twins = false;
};

struct Outcome {
  bool passed = false;
  std::string failure;        // what broke, with the virtual time
  std::uint64_t digest = 0;   // of everything that happened
  std::uint64_t heights = 0;  // certified at the end
  std::uint64_t steps = 0;
  std::uint64_t messages = 0;
  std::uint64_t virtual_ms = 0;
  std::uint64_t views = 0;  // highest view at the end
  std::uint64_t transactions = 0;
  std::uint64_t epochs = 0;     // changes of the validator set
  std::uint64_t succeeded = 0;  // transactions that the executor carried out
  bool rekeyed = false;         // who lost its memory votes again, with another key
  std::uint64_t snapshots = 0;  // how often a node began with one
};

// What can go wrong in this history, in per mille unless named otherwise.
struct Knobs {
  std::uint64_t loss = 0, duplicate = 0, slow = 0;
  std::uint64_t delay_min_ms = 0, delay_max_ms = 0, slow_max_ms = 0;
  std::uint64_t fsync_max_ms = 0, fsync_stall = 0;
  std::uint64_t exec_max_ms = 0;
  std::uint64_t tick_ms = 0;
  std::uint64_t partition_every_ms = 0, crash_every_ms = 0, pause_every_ms = 0;  // 0 = never
  std::uint64_t clock_offset_ms = 0, clock_step_every_ms = 0;
  std::uint64_t submit_every_ms = 0;
  std::size_t waiting = 0;  // bundles under way at most
  std::size_t liars = 0;    // at most f
  bool follower = false;
  std::uint64_t govern_every_ms = 0;       // set changes, key and parameter changes
  std::size_t spares = 0;                  // nodes that may become validators
  std::size_t timers = 0;                  // ledger timers in the genesis state
  std::uint64_t die_per_million = 0;       // crashes at outputs and at durability points, per step
  std::uint64_t full_every_ms = 0;         // a disk is full for a while
  bool ends_noticed = false;               // a crash ends streams, and the others notice it
  std::uint64_t stream_ends_every_ms = 0;  // between two that are up
  bool forgetful = false;  // one honest validator loses its vote log, or gets an old disk
  std::uint64_t snapshot_every_ms = 0;  // who has never voted begins anew with a snapshot

  static Knobs draw(Random& random, std::size_t faults);
  static Knobs twins(std::size_t faults);
};

inline constexpr std::uint64_t kMostClockStepMs = 600;
inline constexpr std::uint64_t kTwinsRounds = 4;
inline constexpr std::uint64_t kTwinsRoundMs = 350;  // a view's patience and some
inline constexpr std::uint64_t kTwinsPhaseMs = kTwinsRounds * kTwinsRoundMs;
inline constexpr std::uint32_t kMaxTimeoutMs = 1'500;  // of the simulated networks

[[nodiscard]] Outcome simulate(const Options& options);

}  // namespace usance::sim
