// The letter of credit's own check of terms, for tests that make terms from files. A unit of its
// own: the contract's generated code and protobuf's do not go into one.
#pragma once

#include <string>

#include "base/types.h"

namespace usance::test {

// What the contract says of DraftIssue's encoded arguments: empty when they can be issued.
[[nodiscard]] std::string problem_of_draft(ByteView arguments, const std::string& issuing_bank);

}  // namespace usance::test
