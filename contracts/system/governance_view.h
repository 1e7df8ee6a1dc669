// Reading what governance keeps in the state (docs/spec/governance.md), for consensus, the node and
// tools. Pure functions of a StateView. A record that does not decode ends the process: it was
// written by the governance contract or comes from a store that was already checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/parameters.h"
#include "base/state.h"
#include "base/validator_set.h"

namespace usance {

// A signer key's life. Usable by transactions of blocks above `added`; refused at execution as
// soon as it is revoked, and in blocks from revoked + W on.
struct KeyLife {
  OrgId org;
  PublicKey key;
  Height added;
  std::optional<Height> revoked;

  // Whether the key is registered in the state after height `at`.
  [[nodiscard]] bool active_after(Height at) const {
    return added <= at && (!revoked || at < *revoked);
  }
  friend bool operator==(const KeyLife&, const KeyLife&) = default;
};

// The validator set that a later height brings.
struct PendingSet {
  ValidatorSet set;
  Height height;  // the first height that it signs

  friend bool operator==(const PendingSet&, const PendingSet&) = default;
};

}  // namespace usance

namespace usance::governance {

inline constexpr std::string_view kContract = "governance";

struct OrganisationInfo {
  OrgId id;
  std::string name, lei, bic, country;
  std::vector<std::string> roles;  // ascending
  std::string ca_certificate;      // PEM
  PublicKey governance_key;
  PublicKey recovery_key;
  Height added;
  std::optional<Height> removed;
};

struct UserInfo {
  OrgId org;
  std::string name;
  std::vector<std::string> permissions;  // ascending
  Height added;
  std::optional<Height> revoked;
};

struct KeyInfo {
  KeyLife life;
  std::string user;
};

struct NodeInfo {
  std::uint32_t id = 0;
  std::string name;
  OrgId org;
  bool validator = false;  // whether it is one in the set of the newest decision
  PublicKey consensus_key;
  Hash32 tls_key;
  Height added;
  std::optional<Height> removed;
};

struct NetworkInfo {
  std::string network;
  bool development = false;
  TimeMs genesis_time;
};

// Who signs at a height, given the state after any height up to it in the same epoch or before.
struct ValidatorSchedule {
  ValidatorSet current;
  std::optional<PendingSet> pending;

  [[nodiscard]] const ValidatorSet& at(Height height) const {
    return pending && pending->height <= height ? pending->set : current;
  }
};

[[nodiscard]] NetworkInfo network(const StateView& state);
[[nodiscard]] Parameters parameters(const StateView& state);
[[nodiscard]] ValidatorSchedule validators(const StateView& state);
[[nodiscard]] std::optional<OrganisationInfo> organisation(const StateView& state, const OrgId& id);
[[nodiscard]] std::vector<OrganisationInfo> organisations(const StateView& state);  // removed too
[[nodiscard]] std::optional<UserInfo> user(const StateView& state, const OrgId& org,
                                           std::string_view name);
[[nodiscard]] std::vector<UserInfo> users(const StateView& state, const OrgId& org);
[[nodiscard]] std::optional<KeyInfo> key(const StateView& state, const OrgId& org,
                                         const PublicKey& key);
[[nodiscard]] std::vector<KeyInfo> keys(const StateView& state, const OrgId& org);
[[nodiscard]] std::vector<KeyLife> all_keys(const StateView& state);  // fills a directory at start
[[nodiscard]] std::optional<NodeInfo> node(const StateView& state, std::uint32_t id);
[[nodiscard]] std::vector<NodeInfo> nodes(const StateView& state);  // ascending by id

// The signer keys that a block's changes added or revoked, in the order of the changes.
[[nodiscard]] std::vector<KeyLife> key_changes(const std::vector<StateChange>& changes);

}  // namespace usance::governance
