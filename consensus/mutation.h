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
