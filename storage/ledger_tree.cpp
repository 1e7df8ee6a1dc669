#include "storage/ledger_tree.h"

#include <bit>

#include "storage/keys.h"

namespace usance::storage {

void LedgerTree::append(Batch& batch, MerkleFrontier& frontier, const Hash32& leaf) const {
  const auto put = [&](std::uint8_t level, std::uint64_t index, const Hash32& hash) {
    batch.put(Family::kLedger, keys::ledger_node(level, index), slice(hash.view()));
  };
  const std::uint64_t index = frontier.size;
  Hash32 carry = leaf;
  put(0, index, carry);
  std::size_t peak = frontier.peaks.size();
  for (std::uint8_t level = 1; (index >> (level - 1) & 1) == 1; ++level) {
    carry = merkle_node(frontier.peaks[--peak], carry);
    put(level, index >> level, carry);
  }
  frontier.append(leaf);
}

void LedgerTree::begin_behind(Batch& batch, const MerkleFrontier& frontier) const {
  std::uint64_t begin = 0;
  std::size_t peak = 0;
  for (std::uint64_t left = frontier.size; left != 0; left -= std::bit_floor(left)) {
    const std::uint64_t part = std::bit_floor(left);
    const auto level = static_cast<std::uint8_t>(std::countr_zero(part));
    batch.put(Family::kLedger, keys::ledger_node(level, begin >> level),
              slice(frontier.peaks[peak++].view()));
    begin += part;
  }
}

Result<MerkleFrontier> LedgerTree::frontier(std::uint64_t size) const {
  MerkleFrontier out;
  out.size = size;
  std::uint64_t begin = 0;
  for (std::uint64_t left = size; left != 0; left -= std::bit_floor(left)) {
    const std::uint64_t part = std::bit_floor(left);
    USANCE_ASSIGN(const Hash32 peak, range(begin, part));
    out.peaks.push_back(peak);
    begin += part;
  }
  return out;
}

Result<Hash32> LedgerTree::leaf(std::uint64_t index) const {
  return node(0, index);
}

Result<MerklePath> LedgerTree::path(std::uint64_t index, std::uint64_t size) const {
  MerklePath out{index, size, {}};
  USANCE_TRY(path_of(0, size, index, out.siblings));
  return out;
}

Result<std::vector<Hash32>> LedgerTree::consistency(std::uint64_t old_size,
                                                    std::uint64_t new_size) const {
  std::vector<Hash32> out;
  if (old_size != 0 && old_size != new_size) USANCE_TRY(subproof(0, new_size, old_size, true, out));
  return out;
}

Result<Hash32> LedgerTree::node(std::uint8_t level, std::uint64_t index) const {
  USANCE_ASSIGN(const auto raw, database_.get(Family::kLedger, keys::ledger_node(level, index)));
  Hash32 hash;
  if (!raw || !fixed_from(contents(*raw), hash))
    return fail(ErrorCode::kCorrupt, "the ledger tree lacks node " + std::to_string(index) +
                                         " of level " + std::to_string(level));
  return hash;
}

Result<Hash32> LedgerTree::range(std::uint64_t begin, std::uint64_t size) const {
  if (std::has_single_bit(size)) {
    const auto level = static_cast<std::uint8_t>(std::countr_zero(size));
    return node(level, begin >> level);
  }
  const std::uint64_t left = std::bit_floor(size - 1);
  USANCE_ASSIGN(const Hash32 l, range(begin, left));
  USANCE_ASSIGN(const Hash32 r, range(begin + left, size - left));
  return merkle_node(l, r);
}

Result<void> LedgerTree::path_of(std::uint64_t begin, std::uint64_t size, std::uint64_t index,
                                 std::vector<Hash32>& out) const {
  if (size <= 1) return {};
  const std::uint64_t left = std::bit_floor(size - 1);
  const bool in_left = index < left;
  USANCE_TRY(in_left ? path_of(begin, left, index, out)
                     : path_of(begin + left, size - left, index - left, out));
  USANCE_ASSIGN(const Hash32 sibling,
                in_left ? range(begin + left, size - left) : range(begin, left));
  out.push_back(sibling);
  return {};
}

Result<void> LedgerTree::subproof(std::uint64_t begin, std::uint64_t size, std::uint64_t old_size,
                                  bool whole, std::vector<Hash32>& out) const {
  if (old_size == size) {
    if (whole) return {};
    USANCE_ASSIGN(const Hash32 root, range(begin, size));
    out.push_back(root);
    return {};
  }
  const std::uint64_t left = std::bit_floor(size - 1);
  const bool in_left = old_size <= left;
  USANCE_TRY(in_left ? subproof(begin, left, old_size, whole, out)
                     : subproof(begin + left, size - left, old_size - left, false, out));
  USANCE_ASSIGN(const Hash32 sibling,
                in_left ? range(begin + left, size - left) : range(begin, left));
  out.push_back(sibling);
  return {};
}

}  // namespace usance::storage
