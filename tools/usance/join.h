// From a member's home and the agreed genesis to a node that can start, and profiles for its users.
#pragma once

#include <string>
#include <vector>

#include "node/config.h"
#include "tools/usance/member.h"
#include "tools/usance/profile.h"

namespace usance::cli {

// Where a node's services listen and its users reach it.
struct NodeAddresses {
  std::string peers = "0.0.0.0:7100";
  std::string clients = "0.0.0.0:7200";
  std::string admin = "127.0.0.1:7300";
  std::string metrics = "127.0.0.1:7400";
};

// The node's configuration with paths relative to the home, where `usance node init` puts things.
[[nodiscard]] node::Config member_config(const NodeAddresses& addresses,
                                         std::vector<std::string> peers);
// As it stands in the home, whatever the environment says; paths below the home are relative to it.
[[nodiscard]] Result<node::Config> read_member_config(const MemberHome& home);
// Unless it says otherwise, the node reports what it finds in the name of the member's first maker,
// or of its first admin if there is no maker.
[[nodiscard]] Result<void> write_member_config(const MemberHome& home, const MemberFile& member,
                                               node::Config config);

[[nodiscard]] bool is_founder(const Genesis& genesis, const OrgId& id);
// Checks that the genesis holds this member with these very keys, then keeps the genesis in the
// home. With `admitted_later` the caller has asked the ledger instead (admission.h), where the
// genesis lacks the member. kInvalidArgument says what differs; kAlreadyExists if the home belongs
// to another network.
[[nodiscard]] Result<Genesis> adopt_genesis(const MemberHome& home, const MemberFile& member,
                                            const Path& genesis_file, bool admitted_later = false);

// One profile per user of the member, "ORG.USER". `folder` is the home that gets the profiles; the
// member's home must be it or lie in it.
[[nodiscard]] Result<void> write_profiles(const Path& folder, const MemberHome& home,
                                          const GenesisOrganisation& org,
                                          const std::vector<std::string>& nodes,
                                          const std::string& admin);

}  // namespace usance::cli
