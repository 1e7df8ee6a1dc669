// Crashes, partitions, pauses, clock steps; and their end.
#include <algorithm>

#include "consensus/mutation.h"
#include "consensus/vote_record.h"
#include "tools/usance-sim/world.h"

namespace usance::sim {

using consensus::mutated;
using consensus::Mutation;
using consensus::VoteRecord;

namespace {

constexpr std::uint64_t kKeepDiskEveryMs = 500;

}  // namespace

// What comes again and again, each time after a time that it draws, until the calm.
void World::repeat(std::uint64_t every, const std::function<void()>& action) {
  if (every == 0) return;
  after(every / 2 + random_.below(every), [this, every, action] {
    if (calm_) return;
    action();
    repeat(every, action);
  });
}

void World::schedule_faults() {
  repeat(knobs_.partition_every_ms, [this] { partition(); });
  repeat(knobs_.crash_every_ms, [this] { crash_one(); });
  repeat(knobs_.pause_every_ms, [this] { pause_one(); });
  repeat(knobs_.full_every_ms, [this] { fill_disk(); });
  repeat(knobs_.stream_ends_every_ms, [this] { end_stream(); });
  repeat(knobs_.clock_step_every_ms, [this] { step_clock(); });
  repeat(knobs_.snapshot_every_ms, [this] { join_by_snapshot(); });
  repeat(knobs_.govern_every_ms, [this] { govern(); });
  repeat(knobs_.submit_every_ms + 1, [this] { submit_something(); });
  if (forgetful_) repeat(kKeepDiskEveryMs, [this] { keep_disk(*forgetful_); });
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
    if (forgetful_ == slot) lose_votes(slot);
    // Some are away for so long that the others are far ahead of them.
    const std::uint64_t away =
        random_.chance(200) ? random_.between(1'000, 6'000) : 20 + random_.below(800);
    after(away, [this, slot] {
      if (!processes_[slot]->alive() && !frozen_[slot]) processes_[slot]->start();
    });
  }
}

void World::pause_one() {
  const std::size_t slot = any_process(true);
  note(slot, "is paused");
  processes_[slot]->pause(now_ + 50 + random_.below(1'000));
}

// The others notice it late, some only when it is back, and never those that it is cut off from.
void World::crashed(std::size_t slot) {
  if (!knobs_.ends_noticed) return;
  for (std::size_t other = 0; other < processes_.size(); ++other)
    if (other != slot) notice_end(other, slot);
}

void World::notice_end(std::size_t at, std::size_t of) {
  after(random_.between(knobs_.delay_min_ms, knobs_.delay_max_ms), [this, at, of] {
    if (!cut_[of][at]) processes_[at]->peer_gone(known_as(of, at));
  });
}

void World::end_stream() {
  const std::size_t one = any_process(true);
  const std::size_t other = any_process(true);
  if (one == other) return;
  note(one, "loses its stream with " + std::to_string(other));
  notice_end(one, other);
  notice_end(other, one);
}

void World::step_clock() {
  const std::size_t slot = any_process(false);
  const std::uint64_t to = random_.below(kMostClockStepMs);
  processes_[slot]->set_clock(static_cast<std::int64_t>(to) -
                              static_cast<std::int64_t>(kMostClockStepMs / 2));
}

void World::fill_disk() {
  processes_[any_process(true)]->fill_disk(now_ + 200 + random_.below(2'000));
}

// One honest validator may lose its memory: a vote log that is gone or does not decode, or the disk
// of an earlier moment. It must notice, and vote no more. It counts among the f.
void World::lose_votes(std::size_t slot) {
  if (forgot_) return;
  if (knobs_.snapshot_every_ms != 0 && joining_.chance(500)) {
    if (!worth_losing(processes_[slot]->disk())) return;
    auto disk = snapshot_for(slot);
    if (disk && is_noticed(slot, *disk)) {
      checker_->began_at(processes_[slot]->identity().key, disk->ledger.base());
      snapshots_ += 1;
      forget(slot, *std::move(disk), "loses its disk and begins with a snapshot");
    }
    return;
  }
  const std::uint64_t kind = random_.below(4);
  if (kind >= 2) {
    if (old_disk_ && is_noticed(slot, *old_disk_))
      forget(slot, Disk(*old_disk_), "gets an old disk back");
    return;
  }
  Disk damaged = processes_[slot]->disk();
  if (!worth_losing(damaged)) return;
  if (kind == 0) {
    damaged.record.reset();
    damaged.sequence = 0;
  } else {
    (*damaged.record)[random_.below(2)] ^= 1;  // its tag
  }
  forget(slot, std::move(damaged),
         kind == 0 ? "loses its vote log" : "has a vote log that does not decode");
}

void World::forget(std::size_t slot, Disk disk, const char* how) {
  // What it signed last stands in the record that goes.
  const auto lost = decode<VoteRecord>(*processes_[slot]->disk().record);
  checker_->forgot(processes_[slot]->identity().key, lost.value().epoch);
  processes_[slot]->replace_disk(std::move(disk));
  note(slot, how);
  forgot_ = true;
  if (knobs_.govern_every_ms != 0 && rekeying_.chance(700)) prepare_key(slot);
}

// The way out of amnesia (C-9.4): the operator lays a new key beside the old one; the members
// decide later that it takes over.
void World::prepare_key(std::size_t slot) {
  do new_key_ = make_signer(rekeying_);
  while (!is_acceptable_key(new_key_->public_key()));  // half of what is drawn is no point
  new_public_ = new_key_->public_key();
  processes_[slot]->use_next_key(*new_key_);
  checker_->replaces(*new_public_, processes_[slot]->identity().key);
}

// What a node has that lost everything and fetched a snapshot of another: of a height whose
// successors of W heights are certified (SN-11). None if nobody offers one.
std::optional<Disk> World::snapshot_for(std::size_t slot) {
  const bool too_new = mutated(Mutation::kSnapshotTooNew);
  const std::uint64_t successors = too_new ? 0 : limits::kExecutionLag;
  std::vector<const Ledger*> offered;
  for (std::size_t other = 0; other < processes_.size(); ++other) {
    const Ledger& ledger = processes_[other]->disk().ledger;
    if (other != slot && processes_[other]->alive() && !processes_[other]->identity().liar &&
        ledger.certified().value > ledger.base().value + successors)
      offered.push_back(&ledger);
  }
  if (offered.empty()) return std::nullopt;
  const Ledger& ledger = *offered[joining_.below(offered.size())];
  const std::uint64_t newest = ledger.certified().value - successors;
  const std::uint64_t older =
      too_new ? 1 : std::min<std::uint64_t>(newest - ledger.base().value, 20);
  return Disk(ledger.snapshot(Height(newest - joining_.below(older))));
}

// A node that has never voted, a follower or one that may become a validator, loses its disk or is
// replaced; it begins at a snapshot (C-11.4).
void World::join_by_snapshot() {
  std::vector<std::size_t> fitting;
  for (std::size_t slot = 0; slot < processes_.size(); ++slot)
    if (!processes_[slot]->identity().liar && !processes_[slot]->disk().record)
      fitting.push_back(slot);
  if (fitting.empty()) return;
  const std::size_t slot = fitting[joining_.below(fitting.size())];
  auto disk = snapshot_for(slot);
  if (!disk) return;
  Process& process = *processes_[slot];
  process.crash(false);
  checker_->began_at(process.identity().key, disk->ledger.base());
  note(slot, "begins with a snapshot of " + std::to_string(disk->ledger.base().value));
  process.replace_disk(*std::move(disk));
  snapshots_ += 1;
  after(joining_.between(50, 3'000), [this, slot] {
    if (!processes_[slot]->alive() && !frozen_[slot]) processes_[slot]->start();
  });
}

// A ledger without votes says nothing of a vote log.
bool World::worth_losing(const Disk& disk) {
  return disk.ledger.height().value >= 4 && disk.record &&
         disk.ledger.at(disk.ledger.height()).vote_sequence != 0;
}

// The disk of a moment that a crash, much later, may bring back.
void World::keep_disk(std::size_t slot) {
  const Disk& disk = processes_[slot]->disk();
  if (!forgot_ && worth_losing(disk) && (!old_disk_ || random_.chance(300))) old_disk_ = disk;
}

// C-7.4: an old disk is noticed by those who saw what was written since, once so many of them did
// that the others are too few to say that it is the newest. It asks the members of the set that it
// left off in, and goes on in the one in force.
bool World::is_noticed(std::size_t slot, const Disk& old) const {
  consensus::Recovery found;
  old.recover(found);
  const Height open =
      (found.ordered.empty() ? found.head : found.ordered.back().block->header).height.next();
  return is_noticed(slot, old, checker_->set_at(open)) && is_noticed(slot, old, current());
}

bool World::is_noticed(std::size_t slot, const Disk& old, const ValidatorSet& asked) const {
  const ValidatorSet& set = current();
  const auto seat = set.index_of(processes_[slot]->identity().key);
  if (!seat) return false;
  std::size_t saw = 0;
  for (std::size_t other = 0; other < processes_.size(); ++other) {
    const Process& witness = *processes_[other];
    if (other == slot || witness.identity().liar || !witness.disk().record) continue;
    if (!set.index_of(witness.identity().key) || !asked.index_of(witness.identity().key)) continue;
    const auto record = decode<VoteRecord>(*witness.disk().record);
    if (record && record->epoch == set.epoch && *seat < record->seen.size() &&
        record->seen[*seat] > old.sequence)
      ++saw;
  }
  return asked.size() - 1 - saw < asked.quorum() - 1;
}

// S-12: no timeout grows above what members agreed on.
void World::check_timeouts() {
  for (const auto& process : processes_)
    if (process->alive() && !process->identity().liar &&
        process->replica().timeout_ms() > kMaxTimeoutMs)
      checker_->broke("a view's timeout above the cap");
}

// The liveness phase: a quorum is whole again, the rest stays frozen in its faults.
void World::heal() {
  calm_ = true;
  knobs_.loss = knobs_.duplicate = knobs_.slow = knobs_.fsync_stall = 0;
  knobs_.crash_every_ms = knobs_.die_per_million = 0;
  knobs_.delay_max_ms = std::min<std::uint64_t>(knobs_.delay_max_ms, 20);
  knobs_.delay_min_ms = std::min(knobs_.delay_min_ms, knobs_.delay_max_ms);
  knobs_.exec_max_ms = std::min<std::uint64_t>(knobs_.exec_max_ms, 30);
  std::size_t spare = set_.faults() - knobs_.liars;
  if (knobs_.forgetful) spare -= 1;
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
