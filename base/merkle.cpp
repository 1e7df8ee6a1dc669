#include "base/merkle.h"

#include <bit>

#include "base/hash.h"

namespace usance {

namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;
constexpr std::uint8_t kCountPrefix = 0x02;

// The largest power of two smaller than n; n must be at least 2.
std::size_t split_point(std::size_t n) {
  return std::bit_floor(n - 1);
}

Hash32 root_of(const Hash32* leaves, std::size_t n) {
  if (n == 1) return leaves[0];
  const std::size_t k = split_point(n);
  return merkle_node(root_of(leaves, k), root_of(leaves + k, n - k));
}

void path_of(const Hash32* leaves, std::size_t n, std::size_t index, std::vector<Hash32>& out) {
  if (n <= 1) return;
  const std::size_t k = split_point(n);
  if (index < k) {
    path_of(leaves, k, index, out);
    out.push_back(root_of(leaves + k, n - k));
  } else {
    path_of(leaves + k, n - k, index - k, out);
    out.push_back(root_of(leaves, k));
  }
}

// RFC 9162, 2.1.4.1: SUBPROOF(m, D_n, b).
void subproof(const Hash32* leaves, std::size_t n, std::size_t m, bool whole,
              std::vector<Hash32>& out) {
  if (m == n) {
    if (!whole) out.push_back(root_of(leaves, n));
    return;
  }
  const std::size_t k = split_point(n);
  if (m <= k) {
    subproof(leaves, k, m, whole, out);
    out.push_back(root_of(leaves + k, n - k));
  } else {
    subproof(leaves + k, n - k, m - k, false, out);
    out.push_back(root_of(leaves, k));
  }
}

}  // namespace

Hash32 merkle_leaf(ByteView data) {
  return sha256({ByteView(&kLeafPrefix, 1), data});
}

Hash32 merkle_node(const Hash32& left, const Hash32& right) {
  return sha256({ByteView(&kNodePrefix, 1), left.view(), right.view()});
}

Hash32 merkle_root(const std::vector<Hash32>& leaves) {
  if (leaves.empty()) return sha256(ByteView{});
  return root_of(leaves.data(), leaves.size());
}

Hash32 counted_root(std::uint64_t count, const Hash32& root) {
  Encoder encoder;
  encoder(kCountPrefix);
  encoder(count);
  encoder(root);
  return sha256(encoder.data());
}

MerklePath merkle_path(const std::vector<Hash32>& leaves, std::size_t index) {
  USANCE_INVARIANT(index < leaves.size());
  MerklePath path{index, leaves.size(), {}};
  path_of(leaves.data(), leaves.size(), index, path.siblings);
  return path;
}

Result<Hash32> merkle_path_root(const Hash32& leaf, const MerklePath& path) {
  if (path.index >= path.size)
    return fail(ErrorCode::kMalformed, "a Merkle path's index is outside its tree");
  std::uint64_t fn = path.index;
  std::uint64_t sn = path.size - 1;
  Hash32 hash = leaf;
  for (const Hash32& sibling : path.siblings) {
    if (sn == 0) return fail(ErrorCode::kMalformed, "a Merkle path is too long");
    if ((fn & 1) == 1 || fn == sn) {
      hash = merkle_node(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = merkle_node(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return fail(ErrorCode::kMalformed, "a Merkle path is too short");
  return hash;
}

void MerkleFrontier::append(const Hash32& leaf) {
  Hash32 carry = leaf;
  for (std::uint64_t bits = size; (bits & 1) == 1; bits >>= 1) {
    carry = merkle_node(peaks.back(), carry);
    peaks.pop_back();
  }
  peaks.push_back(carry);
  ++size;
}

Hash32 MerkleFrontier::root() const {
  if (peaks.empty()) return sha256(ByteView{});
  Hash32 hash = peaks.back();
  for (std::size_t i = peaks.size() - 1; i-- > 0;) hash = merkle_node(peaks[i], hash);
  return hash;
}

std::vector<Hash32> consistency_path(const std::vector<Hash32>& leaves, std::size_t old_size) {
  USANCE_INVARIANT(old_size <= leaves.size());
  std::vector<Hash32> out;
  if (old_size == 0 || old_size == leaves.size()) return out;
  subproof(leaves.data(), leaves.size(), old_size, true, out);
  return out;
}

Result<void> verify_consistency(std::uint64_t old_size, const Hash32& old_root,
                                std::uint64_t new_size, const Hash32& new_root,
                                const std::vector<Hash32>& path) {
  const auto wrong = [](const char* what) { return fail(ErrorCode::kBadSignature, what); };
  if (old_size > new_size) return wrong("the older tree is larger than the newer");
  if (old_size == new_size) {
    if (!path.empty() || old_root != new_root) return wrong("two roots of one size differ");
    return {};
  }
  if (old_size == 0) {
    if (!path.empty()) return wrong("the empty tree needs no path");
    return {};
  }
  // RFC 9162, 2.1.4.2.
  std::vector<Hash32> nodes;
  if (std::has_single_bit(old_size)) nodes.push_back(old_root);
  nodes.insert(nodes.end(), path.begin(), path.end());
  if (nodes.empty()) return wrong("the consistency path is empty");
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = new_size - 1;
  while ((fn & 1) == 1) {
    fn >>= 1;
    sn >>= 1;
  }
  Hash32 fr = nodes[0];
  Hash32 sr = nodes[0];
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (sn == 0) return wrong("the consistency path is too long");
    if ((fn & 1) == 1 || fn == sn) {
      fr = merkle_node(nodes[i], fr);
      sr = merkle_node(nodes[i], sr);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = merkle_node(sr, nodes[i]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return wrong("the consistency path is too short");
  if (fr != old_root) return wrong("the path does not lead to the older root");
  if (sr != new_root) return wrong("the path does not lead to the newer root");
  return {};
}

}  // namespace usance
