// A member that comes after the genesis: proposing it, and its home joining once it is admitted.
#pragma once

#include "tools/usance/client.h"
#include "tools/usance/context.h"
#include "tools/usance/member.h"

namespace usance::cli {

// How much of a member file the ledger holds. Its keys and certificate authority must be equal
// there: kUsage names what differs.
struct Admission {
  bool organisation = false;
  bool nodes = false;              // all of the file's; true for a member without one
  std::uint32_t next_node_id = 0;  // above those of all present nodes
};
[[nodiscard]] Outcome<Admission> admission_of(const Client& client, const MemberFile& member);

// The same for a home that the genesis in `genesis_file` does not hold, asked in the member's own
// name at the client port `via` of a running node.
[[nodiscard]] Outcome<void> check_admitted(const Context& context, const MemberHome& home,
                                           const MemberFile& member, const Path& genesis_file,
                                           const std::string& via);

// usance governance admit FILE
void add_admission_verb(CLI::App& noun, Context& context);

}  // namespace usance::cli
