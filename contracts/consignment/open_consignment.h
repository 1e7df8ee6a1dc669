// A consignment while a method works on it.
#pragma once

#include <string>
#include <string_view>

#include "consignment/consignment.usance.h"
#include "contracts/sdk/context.h"
#include "contracts/sdk/storage.h"

namespace usance::consignment::v1 {

inline constexpr std::uint32_t kMaxMilestones = 256;
inline constexpr std::uint32_t kMaxDocuments = 256;  // versions, all names together
inline constexpr std::uint32_t kMaxAuthorities = 16;

class OpenConsignment {
 public:
  // Ends the call with UNKNOWN_CONSIGNMENT when there is none ("carrier/bill of lading").
  OpenConsignment(contract::Context& ctx, std::string_view name);
  // One that is being registered.
  OpenConsignment(contract::Context& ctx, Shipment shipment);

  contract::Context& ctx;
  std::string name;  // also its scope
  Shipment shipment;

  void require_carrier(Action action) const;
  // The carrier, shipper, consignee or party to be notified.
  [[nodiscard]] bool caller_is_party() const;

  // Counts the version up, writes the shipment and emits the event with who and the hash of the
  // event before. The caller has set what is particular to the change.
  void record(Action action, ConsignmentChanged event);
  [[nodiscard]] ConsignmentReply reply() const;
};

// Adds the next version of a document; an owner is who added the first.
std::uint32_t add_version(OpenConsignment& open, const Document& document);

[[nodiscard]] std::vector<CustomsStatus> customs_of(const OpenConsignment& open);

}  // namespace usance::consignment::v1
