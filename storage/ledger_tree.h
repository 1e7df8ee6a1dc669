// The append-only tree over all blocks and results (RFC 9162 shape). Every perfect subtree has its
// node on disk, so that roots, paths and consistency proofs of any size need O(log^2 n) reads.
#pragma once

#include "base/merkle.h"
#include "storage/database.h"

namespace usance::storage {

class LedgerTree {
 public:
  explicit LedgerTree(const Database& database) : database_(database) {}

  // Adds the nodes that the next leaf completes to the batch, and the leaf to the frontier.
  void append(Batch& batch, MerkleFrontier& frontier, const Hash32& leaf) const;
  // Adds what a tree needs that begins behind this frontier: no path leads to its leaves.
  void begin_behind(Batch& batch, const MerkleFrontier& frontier) const;
  // The frontier of the first `size` leaves.
  [[nodiscard]] Result<MerkleFrontier> frontier(std::uint64_t size) const;
  [[nodiscard]] Result<Hash32> leaf(std::uint64_t index) const;
  [[nodiscard]] Result<MerklePath> path(std::uint64_t index, std::uint64_t size) const;
  [[nodiscard]] Result<std::vector<Hash32>> consistency(std::uint64_t old_size,
                                                        std::uint64_t new_size) const;

 private:
  [[nodiscard]] Result<Hash32> node(std::uint8_t level, std::uint64_t index) const;
  [[nodiscard]] Result<Hash32> range(std::uint64_t begin, std::uint64_t size) const;
  Result<void> path_of(std::uint64_t begin, std::uint64_t size, std::uint64_t index,
                       std::vector<Hash32>& out) const;
  Result<void> subproof(std::uint64_t begin, std::uint64_t size, std::uint64_t old_size, bool whole,
                        std::vector<Hash32>& out) const;

  const Database& database_;
};

}  // namespace usance::storage
