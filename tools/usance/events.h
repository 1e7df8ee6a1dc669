// Events as people and programs read them, decoded by their contracts' interfaces.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/receipt.h"
#include "tools/usance/transact.h"

namespace usance::cli {

struct ShownEvent {
  std::string text;  // "deposit.Transferred {from: ..., amount: USD 5.00}"
  Json json;
};

// Fetches each contract's interface once. A contract without one shows its bytes.
class EventDecoder {
 public:
  explicit EventDecoder(const Client& client) : client_(client) {}

  [[nodiscard]] ShownEvent show(const Event& event);
  // The events of one action; none when the node cannot tell.
  [[nodiscard]] std::vector<ShownEvent> of_action(Height height, std::uint32_t action);
  // Null when the contract's interface cannot be had.
  [[nodiscard]] const render::Interface* interface(const std::string& contract);

 private:
  const Client& client_;
  std::map<std::string, std::optional<render::Interface>> known_;
};

}  // namespace usance::cli
