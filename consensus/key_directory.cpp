#include "consensus/key_directory.h"

#include "consensus/mutation.h"

namespace usance::consensus {

void KeyDirectory::put(const KeyGrant& grant) {
  grants_[{grant.org, grant.key}] = grant;
}

bool KeyDirectory::active(const OrgId& org, const PublicKey& key, Height as_of) const {
  const auto found = grants_.find({org, key});
  if (found == grants_.end()) return false;
  const KeyGrant& grant = found->second;
  if (mutated(Mutation::kRevokedKeyAccepted)) return true;
  return grant.added <= as_of && (!grant.revoked || as_of < *grant.revoked);
}

}  // namespace usance::consensus
