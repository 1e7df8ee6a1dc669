// What members may tune together. On the ledger, changed by governance, identical on every node
// at a height; its hash stands in every result header.
#pragma once

#include "base/codec.h"
#include "base/types.h"

namespace usance {

struct Parameters {
  static constexpr std::uint16_t kTag = 0x0170;
  static constexpr std::uint8_t kVersion = 1;

  std::uint32_t max_body_bytes = 2 * 1024 * 1024;
  std::uint32_t max_block_transactions = 5'000;
  std::uint64_t max_transaction_gas = 200'000'000;
  std::uint64_t max_block_gas = 4'000'000'000;
  std::uint64_t max_timer_gas_per_block = 400'000'000;
  // How long a leader may wait to fill a block, in milliseconds since the parent.
  std::uint32_t block_interval_ms = 50;
  std::uint32_t base_timeout_ms = 2'000;  // T_0 of the pacemaker
  std::uint32_t max_timeout_ms = 30'000;
  std::uint32_t request_timeout_ms = 2'000;  // T_req: patience with a leader that passes over
  std::uint32_t clock_ahead_ms = 500;        // a proposal's time may be this far ahead of mine
  std::uint64_t anchor_interval_ms = 0;      // an empty block at least this often; 0 = never
  std::uint32_t gas_table_version = 1;

  friend bool operator==(const Parameters&, const Parameters&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.max_body_bytes);
    a(s.max_block_transactions);
    a(s.max_transaction_gas);
    a(s.max_block_gas);
    a(s.max_timer_gas_per_block);
    a(s.block_interval_ms);
    a(s.base_timeout_ms);
    a(s.max_timeout_ms);
    a(s.request_timeout_ms);
    a(s.clock_ahead_ms);
    a(s.anchor_interval_ms);
    a(s.gas_table_version);
  }
};

[[nodiscard]] Hash32 parameter_hash(const ChainId& chain, const Parameters& parameters);
// Bounds that keep a network alive: sizes within the limits of the format, timeouts not zero.
[[nodiscard]] Result<void> validate(const Parameters& parameters);

}  // namespace usance
