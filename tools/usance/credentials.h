// The certificate and key that a profile connects with, checked here before any node is asked: a
// node only hangs up on a wrong one.
#pragma once

#include <string>

#include "base/genesis.h"
#include "tools/usance/outcome.h"
#include "tools/usance/profile.h"

namespace usance::cli {

struct Credentials {
  std::string certificate_pem;
  std::string key_pem;
  std::string authority_pem;  // the profile's, or empty
  // What else explains that a node refuses them, or empty: the genesis has another authority for
  // the organisation, which the ledger may have replaced since.
  std::string doubt;
};

// kUsage names the file: unreadable, damaged, of another key, of another organisation, not valid at
// `now_ms`.
[[nodiscard]] Outcome<Credentials> read_credentials(const Profile& profile, const Genesis& genesis,
                                                    std::int64_t now_ms);

}  // namespace usance::cli
