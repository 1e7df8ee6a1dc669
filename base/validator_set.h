// Who votes in an epoch, and the arithmetic of quorums (docs/spec/consensus.md, C-1.1 to C-1.3).
#pragma once

#include <optional>
#include <vector>

#include "base/codec.h"
#include "base/limits.h"

namespace usance {

struct Validator {
  static constexpr std::uint16_t kTag = 0x0140;
  static constexpr std::uint8_t kVersion = 1;

  std::uint32_t id = 0;  // governance id; the order of the set and of every bitmap
  OrgId org;
  PublicKey key;  // consensus key of this epoch

  friend bool operator==(const Validator&, const Validator&) = default;
  friend bool operator<(const Validator& a, const Validator& b) { return a.id < b.id; }
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.id);
    a.text(s.org, limits::kMaxNameBytes);
    a(s.key);
  }
};

// C-1.2: f = floor((n-1)/3), q = ceil((n+f+1)/2). 2f+1 is not enough for n = 5 and 6: two such
// quorums of 5 (f = 1, 2f+1 = 3) may meet in a single, faulty, member.
[[nodiscard]] constexpr std::size_t faults_tolerated(std::size_t n) {
  return (n - 1) / 3;
}
[[nodiscard]] constexpr std::size_t quorum(std::size_t n) {
  return (n + faults_tolerated(n) + 2) / 2;  // ceil(x / 2) = (x + 1) / 2 for x = n + f + 1
}

struct ValidatorSet {
  static constexpr std::uint16_t kTag = 0x0141;
  static constexpr std::uint8_t kVersion = 1;

  Epoch epoch;
  std::vector<Validator> validators;  // ascending by id (C-1.1)

  friend bool operator==(const ValidatorSet&, const ValidatorSet&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.epoch);
    a.ascending(s.validators, limits::kMaxValidators);
  }

  [[nodiscard]] std::size_t size() const { return validators.size(); }
  [[nodiscard]] std::size_t faults() const { return faults_tolerated(size()); }
  [[nodiscard]] std::size_t quorum() const { return usance::quorum(size()); }
  // C-1.3: validators[(view + height / term) mod n].
  [[nodiscard]] std::uint32_t leader(View view, Height height) const;
  [[nodiscard]] std::optional<std::uint32_t> index_of(const PublicKey& key) const;
};

[[nodiscard]] Hash32 validator_set_hash(const ChainId& chain, const ValidatorSet& set);

}  // namespace usance
