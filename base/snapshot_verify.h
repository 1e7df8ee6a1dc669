// Verifies the pieces of a snapshot (base/snapshot.h), each when it arrives and by itself, so that
// a wrong one is its sender's. Pure functions; what they allocate is bounded by the piece's size.
//
// Errors of all: kMalformed (the parts do not fit together), kBadSignature (they do not lead to
// what a quorum signed). The message says what is wrong.
#pragma once

#include <vector>

#include "base/genesis.h"
#include "base/recovery_record.h"
#include "base/snapshot.h"

namespace usance {

// SN-2: a quorum of the set that the genesis and the recovery records lead to signed the tip, and
// the other parts are those of its height.
[[nodiscard]] Result<void> verify_offer(const SnapshotOffer& offer, const Genesis& genesis,
                                        const std::vector<RecoveryRecord>& recoveries,
                                        const Verifier& verifier);

// A subtree whose hash is proven. Never empty.
struct ProvenSubtree {
  Subtree subtree;
  Hash32 root;
};

// SN-3: the piece is that subtree. Returns what is left to fetch below it: its parts, or the items
// of the scopes that came without them.
[[nodiscard]] Result<std::vector<ProvenSubtree>> verify_piece(const ProvenSubtree& asked,
                                                              const StatePiece& piece);

// SN-4: how far the walk back through the outcomes has come.
struct OutcomeWalk {
  Height next;              // the newest height whose outcome is not whole here yet
  Height lowest;            // the last one that is needed
  Hash32 ledger_root;       // of the ledger tree over the heights up to and with `next`
  std::uint32_t first = 0;  // receipts of `next` that are here already

  [[nodiscard]] bool done() const { return next < lowest; }
  // From a verified offer.
  [[nodiscard]] static OutcomeWalk begin(const SnapshotOffer& offer);
};
// The piece is what the walk asks for; the walk goes on behind it. `chain`: of all results.
[[nodiscard]] Result<void> verify_outcomes(OutcomeWalk& walk, const ChainId& chain,
                                           const OutcomePiece& piece);

}  // namespace usance
