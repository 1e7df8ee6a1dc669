#include "base/parameters.h"

#include "base/hash.h"
#include "base/limits.h"

namespace usance {

Hash32 parameter_hash(const ChainId& chain, const Parameters& parameters) {
  return tagged_hash("usance/parameters", chain, parameters);
}

namespace {

// Transactions and timers of a block together buy less than a million changes with it, the most
// that the store takes of one object (docs/spec/execution.md).
constexpr std::uint64_t kMaxBlockGas = 4'500'000'000;

}  // namespace

Result<void> validate(const Parameters& p) {
  const auto refuse = [](const char* what) { return fail(ErrorCode::kInvalidArgument, what); };
  if (p.max_body_bytes < limits::kMaxBundleBytes + 1'024 ||
      p.max_body_bytes > limits::kMaxBodyBytes)
    return refuse("max_body_bytes: from one largest bundle and 1 KiB to 4 MiB");
  if (p.max_block_transactions < limits::kMaxBundleTransactions ||
      p.max_block_transactions > limits::kMaxBlockTransactions)
    return refuse("max_block_transactions: 1,000 to 20,000");
  if (p.max_block_gas > kMaxBlockGas) return refuse("max_block_gas: at most 4,500,000,000");
  if (p.max_transaction_gas == 0 || p.max_transaction_gas > p.max_block_gas)
    return refuse("max_transaction_gas: above zero and at most max_block_gas");
  if (p.max_timer_gas_per_block == 0 || p.max_timer_gas_per_block > p.max_block_gas)
    return refuse("max_timer_gas_per_block: above zero and at most max_block_gas");
  if (p.block_interval_ms > 60'000) return refuse("block_interval_ms: at most 60,000");
  if (p.base_timeout_ms < 100 || p.base_timeout_ms > p.max_timeout_ms)
    return refuse("base_timeout_ms: from 100 to max_timeout_ms");
  if (p.max_timeout_ms > 60'000) return refuse("max_timeout_ms: at most 60,000");
  if (p.request_timeout_ms < 100 || p.request_timeout_ms > 60'000)
    return refuse("request_timeout_ms: 100 to 60,000");
  if (p.clock_ahead_ms > 60'000) return refuse("clock_ahead_ms: at most 60,000");
  if (p.gas_table_version != 1) return refuse("gas_table_version: this program knows 1");
  return {};
}

}  // namespace usance
