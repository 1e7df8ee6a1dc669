// Blocks: what is ordered. A block's outcome is in its result header (base/result_header.h).
#pragma once

#include <vector>

#include "base/codec.h"
#include "base/limits.h"
#include "base/merkle.h"

namespace usance {

// The last certified result that a header builds on.
struct ResultRef {
  static constexpr std::uint16_t kTag = 0x0120;
  static constexpr std::uint8_t kVersion = 1;
  Height height;
  Hash32 result_hash;

  friend bool operator==(const ResultRef&, const ResultRef&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.height);
    a(s.result_hash);
  }
};

struct BlockHeader {
  static constexpr std::uint16_t kTag = 0x0121;
  static constexpr std::uint8_t kVersion = 1;

  ChainId chain;
  Epoch epoch;
  Height height;
  View view;  // in which it was first proposed; kept when a later view re-proposes it
  std::uint32_t proposer = 0;  // index in the epoch's validator set
  Hash32 parent;               // block hash of height - 1; the chain id's genesis block at 1
  Hash32 body_root;            // over the bundles' whole bytes, signatures included
  TimeMs time;                 // greater than the parent's
  ResultRef certified;         // a height >= height - W whose result is certified

  friend bool operator==(const BlockHeader&, const BlockHeader&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.chain);
    a(s.epoch);
    a(s.height);
    a(s.view);
    a(s.proposer);
    a(s.parent);
    a(s.body_root);
    a(s.time);
    a(s.certified);
  }
};

[[nodiscard]] Hash32 block_hash(const BlockHeader& header);

struct BlockBody {
  static constexpr std::uint16_t kTag = 0x0122;
  static constexpr std::uint8_t kVersion = 1;

  std::vector<Bytes> bundles;  // canonical bytes of each bundle, in order of execution

  friend bool operator==(const BlockBody&, const BlockBody&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.blobs(s.bundles, limits::kMaxBlockBundles, limits::kMaxBundleBytes);
  }
};

// counted_root over leaves sha256(bundle bytes); from the bundles' hashes where they are known.
[[nodiscard]] Hash32 body_root(const BlockBody& body);
[[nodiscard]] Hash32 body_root(const std::vector<Hash32>& bundle_hashes);

struct Block {
  static constexpr std::uint16_t kTag = 0x0123;
  static constexpr std::uint8_t kVersion = 1;

  BlockHeader header;
  BlockBody body;

  friend bool operator==(const Block&, const Block&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.header);
    a(s.body);
  }
};

}  // namespace usance
