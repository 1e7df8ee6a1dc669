// An undertaking while a method works on it.
#pragma once

#include <string>
#include <string_view>

#include "contracts/sdk/storage.h"
#include "payment_undertaking/payment_undertaking.usance.h"

namespace usance::payment_undertaking::v1 {

inline constexpr std::string_view kDepositContract = "deposit";

struct OpenUndertaking {
  // NO_UNDERTAKING ("obligor/reference").
  OpenUndertaking(sdk::Context& ctx, std::string_view name);
  OpenUndertaking(sdk::Context& ctx, Undertaking undertaking);

  sdk::Context& ctx;
  std::string name;  // also its scope
  Undertaking record;

  [[nodiscard]] bool has_ended() const { return record.state > State::kPayable; }
  // CLOSED when it has ended, else WRONG_STATE unless it is in this state.
  void require(State state, std::string_view wanted) const;
  void require_obligor() const;
  void require_beneficiary() const;

  // Counts the version up, stores, and emits the event with the hash of the one before.
  void changed(Action action, std::string detail = {});
  [[nodiscard]] UndertakingReply reply() const;
};

}  // namespace usance::payment_undertaking::v1
