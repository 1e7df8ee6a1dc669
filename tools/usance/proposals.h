// Proposals as those who vote read them: with what they ask for, not its bytes.
#pragma once

#include <string>

#include "tools/render/interface.h"
#include "tools/usance/report.h"

namespace usance::cli {

struct ProposalReport {
  // The answer; each proposal also has "request", the decoded arguments of its method.
  Json json;
  // The answer's lines; instead of the arguments' bytes, each proposal's request below them.
  std::string text;
};

// answer: of a view of governance; those without proposals are shown as they are. Arguments that
// are none of the interface's methods (of another version) stay bytes.
[[nodiscard]] ProposalReport report_proposals(const render::Interface& interface,
                                              const render::Message& answer);

}  // namespace usance::cli
