// Whether a contract's new interface still serves what was written for the old one: clients, other
// contracts, and the records that are stored.
#pragma once

#include <string>
#include <vector>

#include "tools/render/interface.h"

namespace usance::render {

struct InterfaceChange {
  bool breaks = false;  // something that worked before does not any more
  std::string text;     // "Transfer is gone", "Account.frozen (field 7) is new"
};

// From the old interface to the new one, what breaks first. A message breaks its readers when a
// field's number changes its type or presence, when a stored or sent field disappears, or a new one
// is required; an error or enumeration when a number changes its name.
[[nodiscard]] std::vector<InterfaceChange> compare(const Interface& before, const Interface& after);

}  // namespace usance::render
