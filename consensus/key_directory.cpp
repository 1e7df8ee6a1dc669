#include "consensus/key_directory.h"

#include "consensus/mutation.h"

namespace usance::consensus {

void KeyDirectory::put(const KeyGrant& grant) {
  grants_[{grant.org, grant.key}] = grant;
}

const KeyGrant* KeyDirectory::find(const OrgId& org, const PublicKey& key) const {
  const auto found = grants_.find({org, key});
  return found == grants_.end() ? nullptr : &found->second;
}

bool KeyDirectory::active(const OrgId& org, const PublicKey& key, Height as_of) const {
  const KeyGrant* grant = find(org, key);
  if (grant == nullptr) return false;
  if (mutated(Mutation::kRevokedKeyAccepted)) return true;
  return grant->added <= as_of && (!grant->revoked || as_of < *grant->revoked);
}

}  // namespace usance::consensus
