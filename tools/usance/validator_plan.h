// What a change of the validator set does, before anybody votes on it. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/validator_set.h"

namespace usance::cli {

struct PlannedMember {
  std::uint32_t id = 0;  // governance id
  std::string name;
  OrgId org;
  bool online = false;  // connected, heard from lately, and not behind
};

enum class SetChange : std::uint8_t { kAdd, kRemove, kRotate };

struct SetSize {
  std::size_t n = 0, f = 0, q = 0;
  std::size_t online = 0;
};

struct ValidatorPlan {
  SetSize now, then;
  std::vector<PlannedMember> members;  // of the set that would take over
  std::string refusal;                 // why the change must not be made; empty if it may be
  std::vector<std::string> warnings;
};

// `current`: the set in force. `subject`: the validator that leaves or gets another key, or the
// follower that joins.
[[nodiscard]] ValidatorPlan plan_change(SetChange change, const PlannedMember& subject,
                                        const std::vector<PlannedMember>& current);

}  // namespace usance::cli
