// Builds evidence bundles (docs/spec/evidence.md) from the store. Everything in a bundle leads to
// one tip, the highest height it speaks of, whose result is certified.
#pragma once

#include <set>
#include <string>

#include "base/evidence.h"
#include "storage/ledger_store.h"

namespace usance::node {

class EvidenceExport {
 public:
  // `tip`: a certified height above 0, not below anything that is added.
  EvidenceExport(const storage::LedgerStore& store, EvidenceSubject subject, Height tip);

  // Errors: kNotFound, kPruned, kResourceExhausted (the proof would pass the format's limits).
  [[nodiscard]] Result<void> add_item(const StateKey& key);  // as of the tip
  [[nodiscard]] Result<void> add_object(const std::string& contract, const Bytes& scope);
  [[nodiscard]] Result<void> add_action(storage::ActionRef ref, bool with_events);
  [[nodiscard]] Result<void> add_event(Height height, std::uint32_t position);
  [[nodiscard]] Result<Bytes> finish();

 private:
  Result<void> add_signed_transaction(storage::ActionRef ref, ActionProof& proof);
  Result<void> add_interfaces();
  Result<void> add_results();
  Result<ItemProof> item_proof(const StateKey& key);

  const storage::LedgerStore& store_;
  const Height tip_;
  Evidence evidence_;
  std::set<Height> heights_;
  std::set<std::string> contracts_;
  std::set<storage::ActionRef> actions_;
};

}  // namespace usance::node
