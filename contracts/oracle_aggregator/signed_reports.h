// Reports that oracles have signed off the ledger.
#pragma once

#include "oracle_aggregator/rounds.h"

namespace usance::oracle_aggregator::v1 {

// Of the calling oracle; the one before is kept as a former key. KEY_MALFORMED, KEY_USED.
void set_reporting_key(sdk::Context& ctx, const sdk::Bytes& public_key);

// All the reports, or none: a report that cannot count ends the call with the error that its oracle
// would have met. MAY_NOT_HAND_IN, NO_REPORTING_KEY, BAD_REPORT_SIGNATURE, REPORT_OUT_OF_TIME,
// COMMIT_FIRST, DEVICE_REQUIRED, OTHER_SOURCE and those of Rounds::obstacle. The caller stores the
// feed.
[[nodiscard]] Round submit_signed(sdk::Context& ctx, Feed& feed,
                                  const SubmitSignedRequest& request);

// Returns when the oracle has signed two values for one round, with a key that was its own when
// the round was open. NO_EQUIVOCATION, NOT_ENABLED_ORACLE, NO_ROUND, BAD_REPORT_SIGNATURE.
void prove_report_equivocation(sdk::Context& ctx, const ReportEquivocationRequest& request);

}  // namespace usance::oracle_aggregator::v1
