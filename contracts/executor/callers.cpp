#include "contracts/executor/callers.h"

#include <algorithm>

#include "contracts/system/governance_view.h"

namespace usance {

namespace {

// Beyond this the cache starts afresh: members can register many keys.
constexpr std::size_t kMostCallers = 20'000;

std::string lines(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word + '\n';
  return out;
}

}  // namespace

std::optional<Caller> read_caller(const StateView& state, const OrgId& org, const PublicKey& key) {
  const auto record = governance::key(state, org, key);
  if (!record || record->life.revoked) return std::nullopt;
  const auto organisation = governance::organisation(state, org);
  if (!organisation || organisation->removed) return std::nullopt;
  const auto user = governance::user(state, org, record->user);
  if (!user || user->revoked) return std::nullopt;
  const bool may_submit = std::ranges::any_of(
      user->permissions, [](const std::string& permission) { return permission != "viewer"; });
  return Caller{org,       user->name, key, lines(organisation->roles), lines(user->permissions),
                may_submit};
}

const Caller* CallerCache::find(Overlay& overlay, const OrgId& org, const PublicKey& key) {
  const auto known = callers_.find(key);
  if (known != callers_.end() && known->second.org == org) return &known->second;
  auto caller = read_caller(OverlayView(overlay), org, key);
  if (!caller) return nullptr;
  if (callers_.size() >= kMostCallers) callers_.clear();
  return &callers_.insert_or_assign(key, *std::move(caller)).first->second;
}

}  // namespace usance
