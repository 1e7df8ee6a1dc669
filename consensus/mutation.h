// Seeded protocol bugs, to show that the simulator finds them (tests/sim). Compiled in only where
// USANCE_MUTATIONS is defined, which no shipped target does; elsewhere mutated() is constant false
// and leaves no trace in the code.
#pragma once

#include <cstdint>

namespace usance::consensus {

enum class Mutation : std::uint8_t {
  kNone,
  kQuorumOffByOne,        // q - 1 signatures are enough
  kLockIgnored,           // a new view's leader proposes freely although a lock is proven
  kVoteForgotten,         // the vote record is not read at a restart
  kSendBeforeDurable,     // votes leave without waiting for their record
  kCertificateUnchecked,  // signatures of certificates are not verified
  kPrepareTwice,          // a second proposal of one view and height gets a vote, too
  kVoteBelowViewChange,   // goes on voting in the view it asked to leave
  kDuplicateExecuted,     // recent ids are not looked up
  kParentNotDurable,      // a proposal is voted on without storing its parent's certificate
  kWrongLeaderAccepted,   // anybody's proposal gets a vote
  kNoFsync,               // durable is reported when the write was only begun
  kResultVoteEarly,       // result votes leave without waiting for their record
  kTimerUncapped,         // timeouts grow without bound
  kSyncUnchecked,         // a fetched block's commit certificate is not verified
  kResultUnchecked,       // a fetched result certificate is not verified
  kProofUnchecked,        // a new view begins without q view changes
  kCommitUnlocked,        // commits what f + 1 prepared
  kLockForgotten,         // a view change names no lock
  kViewChangeUnchecked,   // a view change's certificates are not verified
  kOneMovesAll,           // one view change for a higher view is followed
  kAskAhead,              // asks for the next view before a quorum asked for the last
  kBodyNotDurable,        // a vote does not store its block
  kExpiredExecuted,       // transactions do not expire
  kRevokedKeyAccepted,    // revoked keys still sign
  kTimeUnchecked,         // any block time is valid
  kEmptyBlocks,           // blocks without content are always allowed
  kNeverRepeated,         // lost votes stay lost
  kNeverAnnounced,        // nobody learns that it is behind
  kPatienceForEver,       // a leader that withholds bundles is never replaced
  kHelloSkipped,          // votes after a restart without asking the others what they saw
  kLogLossIgnored,        // a lost vote log is taken for a new one, whatever the others saw
  kEpochLate,             // a set that is learned when its first height is open is not taken up
  kSetForgotten,          // the set before the current one is forgotten at once
  kLowestLock,            // the oldest lock named counts instead of the newest
  kProposeAgain,          // a leader forgets at a restart what it proposed
  kIdsForgotten,          // executed ids are not loaded at a restart
  kOrderedIdsForgotten,   // ids of ordered blocks are not loaded at a restart
  kViewNotReset,          // a new epoch goes on in the old one's view
  kVoteUnverified,        // signatures of prepares and commits are not verified
  kResultVoteUnverified,  // signatures of result votes are not verified
  kResultsUnbounded,      // result votes far above the certified height outgrow the record
  kFetchNeverEnds,        // a peer that does not answer is waited for
  kForgottenKeySigns,     // a new key lets the one that forgot its votes sign results again
  kSnapshotTooNew,        // a snapshot is offered before its W successors are certified
  kMutations,             // how many; none itself
};

#ifdef USANCE_MUTATIONS
Mutation& active_mutation();
[[nodiscard]] inline bool mutated(Mutation m) {
  return active_mutation() == m;
}
#else
[[nodiscard]] constexpr bool mutated(Mutation) {
  return false;
}
#endif

}  // namespace usance::consensus
