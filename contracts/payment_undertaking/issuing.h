// From draft to undertaking.
#pragma once

#include "payment_undertaking/open_undertaking.h"

namespace usance::payment_undertaking::v1 {

[[nodiscard]] UndertakingReply draft(sdk::Context& ctx, const Terms& terms);
[[nodiscard]] UndertakingReply withdraw(sdk::Context& ctx, const std::string& name);
// Holds the money, asks the feed for its answers and sets the timer of the refund.
[[nodiscard]] UndertakingReply issue(sdk::Context& ctx, const IssueRequest& request);

}  // namespace usance::payment_undertaking::v1
