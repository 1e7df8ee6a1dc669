// Identifiers in what a user is about to sign: an error when the user typed it, a remark when it
// repeats what somebody's document says.
#pragma once

#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "base/result.h"

namespace usance::cli {

// Looks at the fields named lei, bic, iban, vessel_imo, container, containers and gtin, and at a
// Container's number, wherever they are; empty ones are passed over. kInvalidArgument names the
// field by its path. Fields below a message called Document are what a document says: what is wrong
// there is returned as remarks.
[[nodiscard]] Result<std::vector<std::string>> check_identifiers(
    const google::protobuf::Message& request);

}  // namespace usance::cli
