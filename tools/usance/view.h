// Asking a contract without a transaction.
#pragma once

#include "tools/usance/client.h"
#include "usance/v1/query.pb.h"

namespace usance::cli {

// Calls a view in the name of the profile's user, who may need a role for it; in nobody's name
// where the profile has no key. Height 0 asks for the latest certified one.
[[nodiscard]] Outcome<v1::CallViewResponse> call_view(const Client& client,
                                                      const std::string& contract,
                                                      const std::string& method,
                                                      const Bytes& arguments, std::uint64_t height);

}  // namespace usance::cli
