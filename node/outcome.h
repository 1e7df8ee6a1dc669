// From execution to the clients: blocks whose result is certified, and who waits for them.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/certificate.h"
#include "base/receipt.h"
#include "base/result_header.h"
#include "consensus/io.h"
#include "proto/status.h"

namespace usance::node {

struct CertifiedBlock {
  consensus::BlockPtr block;
  std::vector<Receipt> receipts;
  ResultHeader result;
  Certificate certificate;

  // Receipts begin with the timers'; the transactions' follow in block order.
  [[nodiscard]] std::uint32_t first_transaction() const {
    std::uint32_t n = 0;
    while (n < receipts.size() && receipts[n].timer) ++n;
    return n;
  }
};

// What became of a submitted bundle: refused, or certified as actions first .. first + count of
// the block. Neither: admitted, for a waiter that asked for no more.
struct BundleOutcome {
  std::uint64_t sequence = 0;  // the submitter's number
  std::optional<proto::ApiError> error;
  std::shared_ptr<const CertifiedBlock> block;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

// Gets each outcome exactly once, from another thread; must not block.
class OutcomeSink {
 public:
  virtual ~OutcomeSink() = default;
  virtual void outcomes(std::vector<BundleOutcome> outcomes) = 0;
};

// Somebody who waits for a bundle.
struct Waiter {
  std::shared_ptr<OutcomeSink> sink;
  std::uint64_t sequence = 0;
  bool until_admitted = false;
};

}  // namespace usance::node
