// Which user keys are active as of a height: the part of the ledger's state that decides whether a
// bundle is valid (docs/spec/consensus.md, C-4.3). Small, in memory, kept from executed blocks.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/types.h"

namespace usance::consensus {

// A user key of an organisation with the block that added it and the one that revoked it.
struct KeyGrant {
  OrgId org;
  PublicKey key;
  Height added;                   // active in the state after this height
  std::optional<Height> revoked;  // no longer active in the state after this height

  friend bool operator==(const KeyGrant&, const KeyGrant&) = default;
};

class KeyDirectory {
 public:
  // Adds the grant, or replaces what is known of the same (organisation, key).
  void put(const KeyGrant& grant);
  // Active in the state after block `as_of`.
  [[nodiscard]] bool active(const OrgId& org, const PublicKey& key, Height as_of) const;
  // Null: never registered, as far as blocks were executed here.
  [[nodiscard]] const KeyGrant* find(const OrgId& org, const PublicKey& key) const;
  [[nodiscard]] std::size_t size() const { return grants_.size(); }

 private:
  std::map<std::pair<OrgId, PublicKey>, KeyGrant> grants_;
};

}  // namespace usance::consensus
