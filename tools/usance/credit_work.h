// What `usance lc worklist` shows of the contract's reply.
#pragma once

#include <string>

#include "tools/usance/context.h"

namespace usance::cli {

// A line for each entry of a WorkListReply in JSON, in its order: when it is due, what is to be
// done, on which credit, and the presentation or amendment's number where there is one.
[[nodiscard]] std::string worklist_text(const Json& reply);

}  // namespace usance::cli
