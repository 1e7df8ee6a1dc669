// Who may act: the look-up of a transaction's signer in the current state.
#pragma once

#include <map>
#include <optional>

#include "contracts/host/invocation.h"

namespace usance {

// The caller behind a signer key, if the organisation is a member and the key registered and not
// revoked.
[[nodiscard]] std::optional<Caller> read_caller(const StateView& state, const OrgId& org,
                                                const PublicKey& key);

// Callers as of the state they were read from. Forget them when governance changes.
class CallerCache {
 public:
  // Valid until clear(); null when there is none.
  [[nodiscard]] const Caller* find(Overlay& overlay, const OrgId& org, const PublicKey& key);
  void clear() { callers_.clear(); }

 private:
  std::map<PublicKey, Caller> callers_;  // the organisation is compared on a hit
};

}  // namespace usance
