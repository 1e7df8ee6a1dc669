#include "contracts/testchain/native_chain.h"

#include <algorithm>

#include "base/hash.h"
#include "contracts/testchain/native_host.h"

namespace usance::testchain {
namespace {

using contract::Invocation;
using contract::StandardError;

// Of a failing timer, as docs/spec/execution.md has it.
constexpr std::uint32_t kRetries = 5;
constexpr std::int64_t kFirstDelayMs = 60'000;

// Two of the dispatcher's errors make a rejection (docs/spec/host.md).
void apply_standard_error(Receipt& receipt) {
  switch (static_cast<StandardError>(receipt.code)) {
    case StandardError::kUnknownMethod:
      receipt.status = ReceiptStatus::kRejected;
      receipt.code = static_cast<std::uint32_t>(RejectCode::kUnknownMethod);
      break;
    case StandardError::kMalformedArguments:
      receipt.status = ReceiptStatus::kRejected;
      receipt.code = static_cast<std::uint32_t>(RejectCode::kBadArguments);
      break;
    default: break;
  }
}

Outcome rejected(RejectCode code) {
  Outcome out;
  out.receipt.status = ReceiptStatus::kRejected;
  out.receipt.code = static_cast<std::uint32_t>(code);
  return out;
}

// Who may only look sends no transactions.
bool may_submit(const Member& member) {
  return std::any_of(member.permissions.begin(), member.permissions.end(),
                     [](const std::string& permission) { return permission != "viewer"; });
}

}  // namespace

NativeChain::NativeChain(const Setup& setup) : now_ms_(setup.start_ms) {
  for (const Member& member : setup.members) {
    Member& stored = members_[member.caller] = member;
    for (const auto& [caller, other] : members_)
      if (caller.organisation == member.caller.organisation && stored.roles.empty())
        stored.roles = other.roles;
  }
  for (const Deployment& deployment : setup.contracts) {
    contracts_[deployment.name] = deployment.invoke;
    NativeAction action;
    action.invocation = Invocation::kMigrate;
    const Outcome outcome =
        run(action, deployment.name, "Migrate", contract::to_wire(contract::MigrateRequest{}));
    // Most contracts have nothing to set up.
    USANCE_INVARIANT(outcome.ok() || outcome.receipt.status == ReceiptStatus::kRejected);
  }
}

const Member& NativeChain::member(const Caller& caller) const {
  const auto found = members_.find(caller);
  USANCE_INVARIANT(found != members_.end());
  return found->second;
}

Receipt NativeChain::invoke(NativeAction& action, const std::string& contract,
                            const std::string& method, const Bytes& arguments) {
  Receipt receipt;
  receipt.tx = action.id;
  receipt.contract = contract;
  const auto found = contracts_.find(contract);
  if (found == contracts_.end()) {
    receipt.status = ReceiptStatus::kRejected;
    receipt.code = static_cast<std::uint32_t>(RejectCode::kUnknownContract);
    return receipt;
  }
  const NativeWorld before = world_;
  action.stack.push_back(contract);
  try {
    NativeHost host(*this, action, method, arguments);
    contract::Context ctx(host);
    found->second(ctx);
    receipt.result = host.take_response();
  } catch (const contract::Aborted& aborted) {
    receipt.status = ReceiptStatus::kContractError;
    receipt.code = static_cast<std::uint32_t>(aborted.failure.code);
    receipt.detail = aborted.failure.detail;
    apply_standard_error(receipt);
  } catch (const Trapped& trapped) {
    receipt.status = ReceiptStatus::kTrap;
    receipt.code = static_cast<std::uint32_t>(trapped.code);
  }
  action.stack.pop_back();
  if (receipt.status != ReceiptStatus::kOk) world_ = before;
  return receipt;
}

Outcome NativeChain::run(NativeAction action, const std::string& contract,
                         const std::string& method, const Bytes& arguments) {
  action.id = sha256(as_bytes("action " + std::to_string(++actions_)));
  world_.events.clear();
  Outcome out;
  out.receipt = invoke(action, contract, method, arguments);
  out.events = std::move(world_.events);
  world_.events.clear();
  out.receipt.events = static_cast<std::uint32_t>(out.events.size());
  return out;
}

Outcome NativeChain::submit(const Caller& caller, const std::string& contract,
                            const std::string& method, const Bytes& arguments) {
  ++height_;
  fire_due();
  NativeAction action;
  if (!members_.contains(caller)) return rejected(RejectCode::kUnknownKey);
  if (!may_submit(member(caller))) return rejected(RejectCode::kNotPermitted);
  action.caller = caller;
  return run(action, contract, method, arguments);
}

Outcome NativeChain::query(const Caller& caller, const std::string& contract,
                           const std::string& method, const Bytes& arguments) {
  NativeAction action;
  action.caller = caller;
  action.invocation = Invocation::kView;
  return run(action, contract, method, arguments);
}

Outcome NativeChain::fire(std::int64_t id) {
  const NativeTimer timer = world_.timers.at(id);
  world_.timers.erase(id);
  NativeAction action;
  action.invocation = Invocation::kTimer;
  Outcome out = run(action, timer.contract, timer.method, timer.arguments);
  out.receipt.timer = true;
  if (!out.ok() && timer.failures < kRetries) {
    NativeTimer again = timer;
    again.at_ms = now_ms_ + (kFirstDelayMs << (2 * timer.failures));  // times 4 each
    ++again.failures;
    world_.timers[id] = again;
  }
  return out;
}

std::vector<Outcome> NativeChain::advance_to(std::int64_t time_ms) {
  USANCE_INVARIANT(time_ms >= now_ms_);
  now_ms_ = time_ms;
  ++height_;
  return fire_due();
}

std::vector<Outcome> NativeChain::fire_due() {
  std::vector<std::pair<std::int64_t, std::int64_t>> due;  // (time, id)
  for (const auto& [id, timer] : world_.timers)
    if (timer.at_ms <= now_ms_) due.emplace_back(timer.at_ms, id);
  std::sort(due.begin(), due.end());
  std::vector<Outcome> out;
  for (const auto& [at, id] : due)
    if (world_.timers.contains(id)) out.push_back(fire(id));
  return out;
}

std::optional<Bytes> NativeChain::state(const StateKey& key) const {
  const auto found = world_.state.find(key);
  if (found == world_.state.end()) return std::nullopt;
  return found->second;
}

}  // namespace usance::testchain
