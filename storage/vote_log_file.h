// The vote log in one file (docs/spec/storage.md): a ring of records, each hashed together with
// the one before it, in space that was written once when the file was made, so that an append
// changes no metadata, costs one fdatasync, and needs no room on most file systems.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "base/vote_log.h"

namespace usance::storage {

struct VoteLogOptions {
  std::size_t ring_bytes = 8u << 20;  // a multiple of 512, at least four of the largest records
  bool sync = true;                   // false only in tests and benchmarks
};

// Owned by one thread. A log that is missing is made anew and has no newest(): a validator whose
// ledger is not empty must then take itself for amnesiac, and likewise if the newest record is
// older than its ledger.
class VoteLogFile final : public VoteLog {
 public:
  // `validators`: this node's keys; a file of any of them is its own, a new one is the first's.
  // kFailedPrecondition: the file is another network's or another validator's, or another process
  // has it open. kCorrupt: its head does not decode, or two neighbouring records do not chain.
  // kResourceExhausted: no room to make it.
  static Result<std::unique_ptr<VoteLogFile>> open(const std::filesystem::path& file,
                                                   const ChainId& chain,
                                                   std::span<const PublicKey> validators,
                                                   const VoteLogOptions& options = {});
  static Result<std::unique_ptr<VoteLogFile>> open(const std::filesystem::path& file,
                                                   const ChainId& chain, const PublicKey& validator,
                                                   const VoteLogOptions& options = {}) {
    return open(file, chain, std::span(&validator, 1), options);
  }
  ~VoteLogFile() override;
  VoteLogFile(const VoteLogFile&) = delete;
  VoteLogFile& operator=(const VoteLogFile&) = delete;

  [[nodiscard]] std::optional<StoredVoteRecord> newest() const override;
  // kResourceExhausted: no room, which a file system that copies on writing has for old space,
  // too; the same record may be appended again. After any other failure every further append is
  // kIo until the log is opened again: what an fdatasync that failed left on the disk is unknown.
  [[nodiscard]] Result<void> append(std::uint64_t sequence, ByteView record) override;
  // Writes one sector; the file is the new key's or, if that fails, still the old one's.
  [[nodiscard]] Result<void> hand_over(const PublicKey& validator) override;

  [[nodiscard]] bool created() const { return created_; }  // open() found no file

 private:
  VoteLogFile() = default;
  Result<void> create(const std::filesystem::path& file, const ChainId& chain,
                      const PublicKey& validator, const VoteLogOptions& options);
  Result<void> read_head(const std::filesystem::path& file, const ChainId& chain,
                         std::span<const PublicKey> validators);
  Result<void> find_newest();
  [[nodiscard]] Hash32 record_hash(const Hash32& previous, std::uint64_t sequence,
                                   ByteView record) const;

  int descriptor_ = -1;
  bool created_ = false;
  bool sync_ = true;
  bool failed_ = false;
  ChainId chain_;
  PublicKey validator_;  // whose file it is
  std::uint64_t ring_bytes_ = 0;
  Nonce salt_;  // random, so that nothing a peer sent can pass for a record
  std::uint64_t next_offset_ = 0;
  Hash32 newest_hash_;
  std::optional<StoredVoteRecord> newest_;
};

}  // namespace usance::storage
