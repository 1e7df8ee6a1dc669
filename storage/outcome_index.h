// The list of a height's ids, and where a transaction took effect. Internal to storage/.
#pragma once

#include <span>
#include <vector>

#include "base/receipt.h"
#include "storage/database.h"

namespace usance::storage {

// One action of a block: what recent ids and transaction paths need without the receipts.
struct StoredAction {
  static constexpr std::uint16_t kTag = 0x0191;
  static constexpr std::uint8_t kVersion = 1;

  TxId id;
  bool is_void = false;
  bool timer = false;

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.id);
    a(s.is_void);
    a(s.timer);
  }
};

[[nodiscard]] std::vector<StoredAction> actions_of(std::span<const Receipt> receipts);
// The list under its height, and each action that is not void under its id.
void put_actions(Batch& batch, Height height, std::span<const StoredAction> actions);

}  // namespace usance::storage
