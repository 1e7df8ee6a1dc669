// Where a validator's vote record outlives a crash. The record's meaning is consensus' business
// (consensus/vote_record.h); the log keeps the newest one, whole or not at all.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "base/types.h"

namespace usance {

struct StoredVoteRecord {
  std::uint64_t sequence = 0;  // ascending, from 1
  Bytes record;                // at most kMaxVoteRecordBytes
};

// Two certificates, a view change and W results of the largest set fit with room to spare.
inline constexpr std::size_t kMaxVoteRecordBytes = 64 * 1024;

// Implementations: the preallocated file in storage/, the torn-write fake of the simulator. Owned
// by one thread.
class VoteLog {
 public:
  virtual ~VoteLog() = default;
  // The newest record that is whole; none if nothing was ever appended. A torn tail means that the
  // vote was never sent, so the record before it counts.
  [[nodiscard]] virtual std::optional<StoredVoteRecord> newest() const = 0;
  // Returns once the record is durable. sequence must be above newest's (kInvalidArgument): a log
  // that was lost goes on with the number after the highest that is known elsewhere. After an error
  // the caller must not send what waits for it. kResourceExhausted: no room now; the caller appends
  // the same record again. After kIo nothing is known to be durable.
  [[nodiscard]] virtual Result<void> append(std::uint64_t sequence, ByteView record) = 0;
  // The records are another key's from now on, that of the same validator which replaces the one
  // before. Returns once that is durable.
  [[nodiscard]] virtual Result<void> hand_over(const PublicKey& validator) = 0;
};

}  // namespace usance
