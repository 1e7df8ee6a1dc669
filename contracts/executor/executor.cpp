#include "contracts/executor/executor.h"

#include <algorithm>

#include "contracts/executor/callers.h"
#include "contracts/executor/contract_table.h"
#include "contracts/executor/runner.h"
#include "contracts/system/governance_recovery.h"
#include "contracts/system/registry.h"
#include "contracts/system/timers.h"

namespace usance {

// What was read from the state and may serve until governance or the registry changes.
struct StateCaches {
  CallerCache callers;
  ContractNames names;
  std::optional<Parameters> parameters;

  const Parameters& parameters_of(Overlay& overlay) {
    if (!parameters) parameters = governance::parameters(OverlayView(overlay));
    return *parameters;
  }
  void forget_changed(const std::vector<StateChange>& changes, std::size_t first) {
    for (std::size_t i = first; i < changes.size(); ++i) {
      const std::string& contract = changes[i].key.contract;
      if (contract == governance::kContract) {
        callers.clear();
        parameters.reset();
      } else if (contract == registry::kContract) {
        names.clear();
      }
    }
  }
};

namespace {

// The contract that takes arguments beyond kMaxArgumentBytes: they carry code.
bool takes_code(std::string_view contract) {
  return contract == registry::kContract;
}

void take_end(Receipt& receipt, CallEnd end) {
  receipt.status = end.status;
  receipt.code = end.code;
  receipt.detail = std::move(end.detail);
  receipt.result = std::move(end.result);
}

}  // namespace

// One block, or one simulated action, over an overlay.
class BlockRun {
 public:
  BlockRun(const ChainId& chain, const Verifier& verifier, const StateView& parent, Height height,
           TimeMs time, const Hash32& salt, StateCaches& caches, CodeCache& code)
      : chain_(chain),
        verifier_(verifier),
        overlay_(parent, salt),
        height_(height),
        time_(time),
        caches_(caches),
        runner_(overlay_, caches.names, code),
        parameters_(caches.parameters_of(overlay_)) {}

  void run_recovery(const RecoveryRecord& record);
  void run_due_timers();
  void run_transaction(const Transaction& tx, const TxId& id, ReceiptStatus mark);
  void run_view(const ViewRequest& request);
  void keep_log() { log_.emplace(); }
  // Shows the action of this index to the tracer.
  void watch(std::uint32_t action, Tracer* tracer) {
    watched_ = action;
    tracer_ = tracer;
  }

  [[nodiscard]] BlockOutcome finish();
  [[nodiscard]] Simulation finish_simulation();

 private:
  Action make_action(const TxId& id, std::uint64_t gas_limit);
  CallEnd authorise_and_run(const Transaction& tx, Action& action);
  void run_timer(const timers::Timer& timer);
  void close_action(Receipt receipt, const Action& action);

  const ChainId& chain_;
  const Verifier& verifier_;
  Overlay overlay_;
  Height height_;
  TimeMs time_;
  StateCaches& caches_;
  Runner runner_;
  Parameters parameters_;  // of the parent state: they change with the next block
  std::uint64_t transaction_gas_ = 0;
  std::optional<std::vector<std::string>> log_;
  std::uint32_t watched_ = 0;
  Tracer* tracer_ = nullptr;
  BlockOutcome out_;
};

Action BlockRun::make_action(const TxId& id, std::uint64_t gas_limit) {
  Action action{.overlay = overlay_,
                .runner = runner_,
                .parameters = parameters_,
                .chain = chain_,
                .verifier = verifier_,
                .height = height_,
                .time = time_,
                .id = id,
                .index = static_cast<std::uint32_t>(out_.receipts.size()),
                .gas = GasMeter(gas_limit),
                .events = out_.events,
                .first_event = out_.events.size()};
  if (log_) action.log = &*log_;
  if (action.index == watched_) action.tracer = tracer_;
  return action;
}

void BlockRun::close_action(Receipt receipt, const Action& action) {
  receipt.gas_used = action.gas.used();
  receipt.events = static_cast<std::uint32_t>(out_.events.size() - action.first_event);
  out_.gas_used += receipt.gas_used;
  const std::size_t first = out_.changes.size();
  overlay_.commit(action.index, out_.changes);
  caches_.forget_changed(out_.changes, first);
  out_.receipts.push_back(std::move(receipt));
}

void BlockRun::run_transaction(const Transaction& tx, const TxId& id, ReceiptStatus mark) {
  Receipt receipt;
  receipt.tx = id;
  if (is_void(mark)) {
    receipt.status = mark;
    out_.receipts.push_back(std::move(receipt));
    return;
  }
  Action action = make_action(id, std::min(tx.gas_limit, parameters_.max_transaction_gas));
  receipt.contract = tx.contract;
  take_end(receipt, authorise_and_run(tx, action));
  transaction_gas_ += action.gas.used();
  close_action(std::move(receipt), action);
}

CallEnd BlockRun::authorise_and_run(const Transaction& tx, Action& action) {
  if (tx.gas_limit > parameters_.max_transaction_gas ||
      transaction_gas_ + tx.gas_limit > parameters_.max_block_gas)
    return CallEnd::rejected(RejectCode::kGasLimit);
  if (!action.gas.charge(gas::kTransaction.of(tx.arguments.size())))
    return CallEnd::trapped(TrapCode::kOutOfGas);
  const Caller* caller = caches_.callers.find(overlay_, tx.org, tx.user_key);
  if (caller == nullptr) return CallEnd::rejected(RejectCode::kUnknownKey);
  if (!caller->may_submit) return CallEnd::rejected(RejectCode::kNotPermitted);
  if (tx.arguments.size() > limits::kMaxArgumentBytes && !takes_code(tx.contract))
    return CallEnd::rejected(RejectCode::kBadArguments);
  action.caller = caller;
  Invocation invocation(action, tx.contract, tx.method, tx.arguments, InvocationKind::kMethod);
  return runner_.run(invocation);
}

void BlockRun::run_view(const ViewRequest& request) {
  Action action = make_action(TxId{}, request.gas_limit);
  action.read_only = true;
  Receipt receipt;
  receipt.contract = request.contract;
  std::optional<Caller> caller;
  if (request.caller) {
    caller = read_caller(OverlayView(overlay_), request.caller->org, request.caller->key);
    if (!caller) {
      take_end(receipt, CallEnd::rejected(RejectCode::kUnknownKey));
      close_action(std::move(receipt), action);
      return;
    }
    action.caller = &*caller;
  }
  Invocation invocation(action, request.contract, request.method, request.arguments,
                        InvocationKind::kView);
  take_end(receipt, runner_.run(invocation));
  close_action(std::move(receipt), action);
}

// Nobody's transaction and nobody's gas: every node has judged the record before.
void BlockRun::run_recovery(const RecoveryRecord& record) {
  Receipt receipt;
  receipt.tx = recovery_digest(record);
  receipt.timer = true;
  receipt.contract = governance::kContract;
  const Action action = make_action(receipt.tx, 0);
  governance::apply_recovery(overlay_, record);
  out_.events.push_back(governance::recovery_event(record, action.index));
  close_action(std::move(receipt), action);
}

void BlockRun::run_due_timers() {
  std::uint64_t reserved = 0;
  std::size_t runs = 0;
  std::optional<timers::Position> last;
  while (runs < limits::kMaxTimersPerBlock) {
    const auto timer = timers::first_after(overlay_, last);
    if (!timer || timers::position(*timer).at > time_) return;
    last = timers::position(*timer);
    if (timer->created >= height_.value) continue;  // made by a timer of this block
    if (runs > 0 && reserved + timer->gas > parameters_.max_timer_gas_per_block) return;
    reserved += timer->gas;
    ++runs;
    run_timer(*timer);
  }
}

void BlockRun::run_timer(const timers::Timer& timer) {
  Receipt receipt;
  receipt.tx = timer_action_id(chain_, timer.id, height_);
  receipt.timer = true;
  receipt.contract = timer.contract;
  Action action = make_action(receipt.tx, timer.gas);
  timers::remove(overlay_, timer);
  CallEnd end;
  if (action.gas.charge(gas::kTimer.of(timer.arguments.size()))) {
    Invocation invocation(action, timer.contract, timer.method, timer.arguments,
                          InvocationKind::kTimer);
    end = runner_.run(invocation);
  } else {
    end = CallEnd::trapped(TrapCode::kOutOfGas);
  }
  if (end.status != ReceiptStatus::kOk && !timers::retry(overlay_, timer, time_)) {
    const timers::v1::TimerDead dead{timer.contract,
                                     timer.id,
                                     timer.method,
                                     timer.attempts + 1,
                                     static_cast<std::uint32_t>(end.status),
                                     end.code};
    out_.events.push_back({action.index, 0, std::string(timers::kContract),
                           std::string(timers::v1::TimerDead::kEvent), to_bytes(timer.contract),
                           contract::to_wire(dead)});
  }
  take_end(receipt, std::move(end));
  close_action(std::move(receipt), action);
}

BlockOutcome BlockRun::finish() {
  const OverlayView state(overlay_);
  if (const auto timer = timers::first_after(overlay_, std::nullopt))
    out_.next_timer_due = timers::position(*timer).at;
  out_.parameters = caches_.parameters_of(overlay_);
  const governance::ValidatorSchedule schedule = governance::validators(state);
  out_.validators = schedule.at(height_);
  if (schedule.pending && schedule.pending->height > height_) out_.pending = schedule.pending;
  out_.key_changes = governance::key_changes(out_.changes);
  return std::move(out_);
}

Simulation BlockRun::finish_simulation() {
  USANCE_INVARIANT(out_.receipts.size() == 1);
  return {std::move(out_.receipts.front()), std::move(out_.events), std::move(out_.changes),
          log_ ? *std::move(log_) : std::vector<std::string>()};
}

struct Executor::Impl {
  ChainId chain;
  const Verifier* verifier = nullptr;
  CodeCache code;
  StateCaches caches;
  std::optional<Hash32> caches_after;  // the block whose state the caches are of
};

Executor::Executor(const ChainId& chain, const Verifier& verifier)
    : impl_(std::make_unique<Impl>()) {
  impl_->chain = chain;
  impl_->verifier = &verifier;
}
Executor::~Executor() = default;
Executor::Executor(Executor&&) noexcept = default;
Executor& Executor::operator=(Executor&&) noexcept = default;

BlockOutcome Executor::execute_block(const StateView& parent, const BlockInput& input) {
  return run_block(parent, input, 0, nullptr);
}

BlockOutcome Executor::execute_block(const StateView& parent, const BlockInput& input,
                                     std::uint32_t action, Tracer& tracer) {
  return run_block(parent, input, action, &tracer);
}

BlockOutcome Executor::run_block(const StateView& parent, const BlockInput& input,
                                 std::uint32_t action, Tracer* tracer) {
  if (impl_->caches_after != input.header.parent) impl_->caches = StateCaches{};
  BlockRun run(impl_->chain, *impl_->verifier, parent, input.header.height, input.header.time,
               input.header.parent, impl_->caches, impl_->code);
  run.watch(action, tracer);
  if (input.recovery != nullptr) run.run_recovery(*input.recovery);
  run.run_due_timers();
  std::size_t index = 0;
  for (const auto& bundle : input.bundles) {
    for (std::size_t i = 0; i < bundle->transactions().size(); ++i, ++index) {
      const ReceiptStatus mark =
          index < input.marks.size() ? input.marks[index] : ReceiptStatus::kOk;
      run.run_transaction(bundle->transactions()[i], bundle->ids()[i], mark);
    }
  }
  impl_->caches_after = block_hash(input.header);
  return run.finish();
}

Simulation Executor::simulate(const StateView& state, const SimulationPoint& at,
                              const Transaction& tx, Tracer* tracer) {
  StateCaches caches;
  const TxId id = transaction_id(impl_->chain, tx);
  BlockRun run(impl_->chain, *impl_->verifier, state, at.height, at.time, id, caches, impl_->code);
  run.keep_log();
  run.watch(0, tracer);
  run.run_transaction(tx, id, ReceiptStatus::kOk);
  return run.finish_simulation();
}

Simulation Executor::call_view(const StateView& state, const SimulationPoint& at,
                               const ViewRequest& request, Tracer* tracer) {
  StateCaches caches;
  BlockRun run(impl_->chain, *impl_->verifier, state, at.height, at.time, impl_->chain, caches,
               impl_->code);
  run.keep_log();
  run.watch(0, tracer);
  run.run_view(request);
  return run.finish_simulation();
}

}  // namespace usance
