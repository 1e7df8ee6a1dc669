// Crashes, partitions, pauses, clock steps; and their end.
#include <algorithm>

#include "tools/usance-sim/world.h"

namespace usance::sim {

void World::schedule_faults() {
  // Each fault draws when it comes again.
  const auto repeat = [this](std::uint64_t every, auto action) {
    if (every == 0) return;
    auto again = std::make_shared<std::function<void()>>();
    // The world owns the queue that owns this; it ends with the calm.
    *again = [this, every, action, again] {
      if (calm_) return;
      action();
      after(every / 2 + random_.below(every), *again);
    };
    after(every / 2 + random_.below(every), *again);
  };
  repeat(knobs_.partition_every_ms, [this] { partition(); });
  repeat(knobs_.crash_every_ms, [this] { crash_one(); });
  repeat(knobs_.pause_every_ms, [this] { pause_one(); });
  repeat(knobs_.clock_step_every_ms, [this] { step_clock(); });
  repeat(knobs_.govern_every_ms, [this] { govern(); });
  repeat(knobs_.submit_every_ms + 1, [this] { submit_something(); });
  for (std::size_t slot = 0; slot < processes_.size(); ++slot)
    if (processes_[slot]->identity().liar) after(50, [this, slot] { act_as_liar(slot); });
}

std::size_t World::any_process(bool alive_only) {
  for (;;) {
    const std::size_t slot = random_.below(processes_.size());
    if (!alive_only) return slot;
    for (std::size_t i = 0; i < processes_.size(); ++i) {
      const std::size_t candidate = (slot + i) % processes_.size();
      if (processes_[candidate]->alive()) return candidate;
    }
    return slot;
  }
}

void World::partition() {
  std::vector<std::pair<std::size_t, std::size_t>> links;
  const std::size_t n = processes_.size();
  const std::uint64_t kind = random_.below(3);
  if (kind == 0) {  // two groups
    std::vector<bool> side(n);
    for (std::size_t i = 0; i < n; ++i) side[i] = random_.chance(500);
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b)
        if (side[a] != side[b]) links.emplace_back(a, b);
  } else if (kind == 1) {  // one is isolated
    const std::size_t lonely = any_process(false);
    for (std::size_t b = 0; b < n; ++b) {
      links.emplace_back(lonely, b);
      links.emplace_back(b, lonely);
    }
  } else {  // some links, one way
    for (std::size_t i = 0; i < 1 + random_.below(n); ++i) {
      const std::size_t a = any_process(false);  // in this order, whatever the compiler
      links.emplace_back(a, any_process(false));
    }
  }
  for (const auto& [a, b] : links) cut_[a][b] = true;
  note(0, "partition of " + std::to_string(links.size()) + " one-way links");
  after(50 + random_.below(1'200), [this, links] {
    if (calm_) return;
    for (const auto& [a, b] : links) cut_[a][b] = false;
  });
}

void World::crash_one() {
  const bool everybody = random_.chance(50);
  const std::size_t one = any_process(true);
  for (std::size_t slot = 0; slot < processes_.size(); ++slot) {
    if (!everybody && slot != one) continue;
    const bool wipe = lies_[slot].forget && random_.chance(500);
    processes_[slot]->crash(wipe);
    after(20 + random_.below(800), [this, slot] {
      if (!processes_[slot]->alive() && !frozen_[slot]) processes_[slot]->start();
    });
  }
}

void World::pause_one() {
  const std::size_t slot = any_process(true);
  note(slot, "is paused");
  processes_[slot]->pause(now_ + 50 + random_.below(1'000));
}

void World::step_clock() {
  const std::size_t slot = any_process(false);
  processes_[slot]->set_clock(static_cast<std::int64_t>(random_.below(600)) - 300);
}

// The liveness phase: a quorum is whole again, the rest stays frozen in its faults.
void World::heal() {
  calm_ = true;
  knobs_.loss = knobs_.duplicate = knobs_.slow = knobs_.fsync_stall = 0;
  knobs_.crash_every_ms = 0;
  knobs_.delay_max_ms = std::min<std::uint64_t>(knobs_.delay_max_ms, 20);
  knobs_.delay_min_ms = std::min(knobs_.delay_min_ms, knobs_.delay_max_ms);
  knobs_.exec_max_ms = std::min<std::uint64_t>(knobs_.exec_max_ms, 30);
  std::size_t spare = set_.faults() - knobs_.liars;
  if (random_.chance(500)) spare = 0;
  while (spare > 0) {
    const std::size_t slot = random_.below(options_.nodes + knobs_.spares);
    --spare;
    if (!processes_[slot]->identity().liar) frozen_[slot] = true;
  }
  for (std::size_t slot = 0; slot < processes_.size(); ++slot) {
    for (std::size_t other = 0; other < processes_.size(); ++other)
      cut_[slot][other] = frozen_[slot] || frozen_[other];
    processes_[slot]->pause(0);
    if (!processes_[slot]->alive() && !frozen_[slot]) processes_[slot]->start();
  }
  note(0, "calm: a quorum is whole again");
  submit_again();
}

}  // namespace usance::sim
