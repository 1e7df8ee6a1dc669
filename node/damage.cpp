#include "node/damage.h"

#include "node/log.h"

namespace usance::node {

namespace {

constexpr auto kReminder = std::chrono::minutes(1);

}  // namespace

std::string DamageAlarm::remedy() const {
  return "move " + ledger_ +
         " away, keep votes.log, and start again: the node fetches the ledger from its peers";
}

Error DamageAlarm::advised(Error error) const {
  if (error.code == ErrorCode::kCorrupt) error.message += "; " + remedy();
  return error;
}

void DamageAlarm::met(const std::string& message) {
  ++count_;
  {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (message == last_ && now - told_ < kReminder) return;
    last_ = message;
    told_ = now;
  }
  log::error("store.damaged", "a read met damaged bytes on this node's disk; check the disk",
             {{"error", message}, {"action", "stop, " + remedy()}});
}

}  // namespace usance::node
