// The model of voting and view change (docs/spec/consensus.md, C-3 and C-6), without messages:
// whatever was signed may have reached anybody, and liars sign anything that certificates allow.
// tests/model explores every history of it; the simulator checks that what honest validators sign
// is a step of it.
#pragma once

#include <cstddef>
#include <optional>

namespace usance::sim {

// Seeded errors of the model, which the explorer must find.
enum class ModelMutant : unsigned char {
  kNone,
  kQuorumOffByOne,
  kLockIgnored,      // a new view proposes freely although a view change names a lock
  kLowestLock,       // the oldest lock that is named counts instead of the newest
  kLockForgotten,    // a view change names no lock
  kVoteAfterAsking,  // votes below the view that was asked for
  kPrepareTwice,
  kCommitUnlocked,    // commits what fewer than q prepared
  kViewWithoutProof,  // a view begins with fewer than q view changes
};

struct Electorate {
  std::size_t validators = 4;
  std::size_t quorum = 3;
  std::size_t liars = 1;  // they add their signatures to whatever the honest signed
  ModelMutant mutant = ModelMutant::kNone;

  [[nodiscard]] std::size_t needed() const {
    return quorum - (mutant == ModelMutant::kQuorumOffByOne ? 1 : 0);
  }
  // C-2.3: so many honest signatures and the liars' make a certificate.
  [[nodiscard]] bool certifies(std::size_t honest) const { return honest + liars >= needed(); }
};

// C-3.1: one prepare per view and height; nothing below a view that was asked for.
[[nodiscard]] inline bool may_prepare(const Electorate& e, bool prepared_other, bool asked_higher) {
  return (!prepared_other || e.mutant == ModelMutant::kPrepareTwice) &&
         (!asked_higher || e.mutant == ModelMutant::kVoteAfterAsking);
}

// C-3.3: q prepares of the block in this view.
[[nodiscard]] inline bool may_commit(const Electorate& e, std::size_t honest_prepares,
                                     bool committed_other, bool asked_higher) {
  const bool lock = e.certifies(honest_prepares) || e.mutant == ModelMutant::kCommitUnlocked;
  return lock && !committed_other && (!asked_higher || e.mutant == ModelMutant::kVoteAfterAsking);
}

// The honest view changes for exactly one view that can stand in the proof of one block: those
// whose last height allows it, by whether they name a lock for its height.
struct Changes {
  std::size_t all = 0;
  std::size_t unlocked = 0;
  std::size_t locked_up_to = 0;  // unlocked, or locked in a view up to that of the lock in question
  bool names_it = false;         // one names the lock in question
};

// C-6.6, no lock: q view changes without one.
[[nodiscard]] inline bool may_be_free(const Electorate& e, const Changes& changes) {
  if (e.mutant == ModelMutant::kViewWithoutProof) return true;
  return e.certifies(e.mutant == ModelMutant::kLockIgnored ? changes.all : changes.unlocked);
}

// C-6.6, the block of the newest lock among q view changes. A liar may name any lock for which q
// prepares exist.
[[nodiscard]] inline bool may_be_locked(const Electorate& e, const Changes& changes,
                                        std::size_t honest_prepares_of_lock) {
  if (!e.certifies(honest_prepares_of_lock)) return false;
  if (!changes.names_it && e.liars == 0) return false;
  if (e.mutant == ModelMutant::kLowestLock) return e.certifies(changes.all);
  return e.certifies(changes.locked_up_to);
}

}  // namespace usance::sim
