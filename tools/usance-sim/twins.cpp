// Scenarios of duplicated keys (after Bano et al., "Twins: BFT Systems Made Robust"): f validators
// run in two copies that share a key and know nothing of each other, and in each round the network
// falls into two groups. Together the copies equivocate, double vote, forget and lie by omission,
// with the protocol's own code. A scenario's number names the copied validators and the partitions.
#include "tools/usance-sim/world.h"

namespace usance::sim {

namespace {

// Spreads consecutive numbers over all of them: odd factors permute the numbers modulo 2^64.
std::uint64_t spread(std::uint64_t number) {
  return number * 0x9e3779b97f4a7c15u;
}

}  // namespace

Knobs Knobs::twins(std::size_t faults) {
  Knobs k;
  k.delay_min_ms = 1;
  k.delay_max_ms = 4;
  k.exec_max_ms = 2;
  k.fsync_max_ms = 1;
  k.tick_ms = 20;
  k.submit_every_ms = 25;
  k.waiting = 4;
  k.liars = faults;
  return k;
}

// The scenario's number, lowest digits first: who is copied, then one partition per round.
std::set<std::size_t> World::twin_members() const {
  std::set<std::size_t> members;
  std::uint64_t digits = options_.seed;
  for (std::size_t left = options_.nodes; members.size() < knobs_.liars; --left) {
    std::size_t skip = digits % left;
    digits /= left;
    for (std::size_t member = 0;; ++member) {
      if (members.contains(member)) continue;
      if (skip-- != 0) continue;
      members.insert(member);
      break;
    }
  }
  return members;
}

void World::schedule_twins() {
  std::uint64_t rest = options_.seed;
  for (std::size_t i = 0; i < knobs_.liars; ++i) rest /= options_.nodes - i;
  const std::uint64_t bits = processes_.size() - 1;  // the first process is in the first group
  std::uint64_t digits = spread(rest) >> (64 - bits * kTwinsRounds);
  for (std::uint64_t round = 0; round < kTwinsRounds; ++round) {
    const std::uint64_t groups = (digits & ((std::uint64_t{1} << bits) - 1)) << 1;
    digits >>= bits;
    after(round * kTwinsRoundMs, [this, groups] {
      if (!calm_) divide(groups);
    });
  }
  repeat(knobs_.submit_every_ms, [this] { submit_something(); });
}

// Bit i says in which of the two groups process i is.
void World::divide(std::uint64_t groups) {
  for (std::size_t a = 0; a < processes_.size(); ++a)
    for (std::size_t b = 0; b < processes_.size(); ++b)
      cut_[a][b] = ((groups >> a) & 1) != ((groups >> b) & 1);
  note(0, "groups " + std::to_string(groups));
}

}  // namespace usance::sim
